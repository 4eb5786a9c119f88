"""One data set: what it holds, its signals, and what can be done with it."""
