"""Files, pages, feeds and tables in; articles out."""
