"""A filter in; tables out."""
