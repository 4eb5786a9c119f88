"""Every figure of a backtest, each with its interval or with the reason why there is none."""
