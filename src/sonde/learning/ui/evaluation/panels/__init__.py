"""One file for each tab: from an answer to components."""
