"""The dashboard of the desk: live price, candles, watch list, portfolio, positions, regime."""
