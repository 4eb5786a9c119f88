"""The Features page: what can be measured, which of it matters, and sets to learn from."""
