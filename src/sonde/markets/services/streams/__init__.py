"""The live stream: prices and accounts, told to whoever listens."""
