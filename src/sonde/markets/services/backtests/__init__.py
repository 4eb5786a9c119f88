"""Backtests and the studies around them: asked, computed by jobs, kept with their columns."""
