"""Technical indicators: each over whole columns and bar by bar, with the same values."""
