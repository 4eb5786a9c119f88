"""Trading strategies: rules that look at candles and say when to be in the market."""
