"""Articles in; dated, attributed codings out."""
