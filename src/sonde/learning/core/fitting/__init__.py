"""What models and their training agree upon, below both."""
