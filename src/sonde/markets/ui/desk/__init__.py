"""The desk's sidebar, beside every page of markets."""
