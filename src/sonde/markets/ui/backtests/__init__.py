"""The pages of backtests: ask for one, look at what came, search, doubt, compare."""
