"""``sonde generate``."""
