"""The page of automatic trading."""
