"""The command that runs a backtest, and how its answer is told."""
