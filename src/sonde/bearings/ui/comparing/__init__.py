"""Two data sets beside each other."""
