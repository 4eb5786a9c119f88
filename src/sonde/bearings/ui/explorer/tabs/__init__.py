"""The seven ways of looking at what a filter keeps."""
