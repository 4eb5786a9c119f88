"""The page of analytics: what an account's trades were worth, and how sure that is."""
