"""The page of market data: what is stored, how it comes in, and how it looks."""
