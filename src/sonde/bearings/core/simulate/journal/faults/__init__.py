"""The signatures of the faults of a journal bearing, one module each."""
