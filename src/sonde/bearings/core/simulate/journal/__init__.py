"""Journal bearings: eleven conditions out of closed-form signatures."""
