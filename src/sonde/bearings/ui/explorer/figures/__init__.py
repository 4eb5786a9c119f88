"""Figures of the Data explorer, from values only."""
