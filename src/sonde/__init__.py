"""Sonde turns signals into evidence."""

__version__ = "0.1.0"
