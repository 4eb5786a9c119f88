"""Looking around in a data set."""
