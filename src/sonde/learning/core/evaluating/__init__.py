"""What held-out predictions say beyond one score: curves, errors, trust, robustness."""
