"""The Datasets page: what there is to learn from, and the way to more."""
