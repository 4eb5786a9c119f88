"""Prices in motion: one port, and its forms (an exchange, a replay, memory)."""
