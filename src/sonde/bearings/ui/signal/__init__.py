"""The Signal page: one recording, looked at in every way that its data allow."""
