"""``sonde prices``: the store of candles in the terminal."""
