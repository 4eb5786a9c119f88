"""Backtests: the engine over recorded candles, and what its result is worth."""
