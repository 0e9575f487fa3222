"""Tables in; figures, networks, exports and reports out."""
