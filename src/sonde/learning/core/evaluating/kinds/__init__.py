"""Questions about held-out predictions: one file for each, each with its `KIND`."""
