"""The project folder: the record in SQLite, the event table in Parquet."""
