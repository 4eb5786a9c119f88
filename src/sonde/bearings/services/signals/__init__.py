"""Looking at one recording: one module for each kind of view."""
