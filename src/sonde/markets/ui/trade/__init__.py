"""The page of trading: ticket, positions, history."""
