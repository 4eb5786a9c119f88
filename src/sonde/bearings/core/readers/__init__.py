"""Readers: one module per file format; `reading` is the way in."""
