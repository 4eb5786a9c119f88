"""Importing: choosing files, checking what was understood, storing."""
