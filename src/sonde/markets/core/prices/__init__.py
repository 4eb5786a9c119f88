"""Prices at rest: reading files of candles, checking, resampling and describing them."""
