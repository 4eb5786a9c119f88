"""Strategies that trade by themselves, each in an account of its own."""
