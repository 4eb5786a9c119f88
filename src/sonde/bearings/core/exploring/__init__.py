"""A data set as something to look around in: what is kept, how it is spread, where it lies."""
