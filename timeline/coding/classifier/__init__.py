"""Type of the act between a given source and target: a linear model over the words that link them."""
