"""One recording: time, spectrum, envelope spectrum, and what they say."""
