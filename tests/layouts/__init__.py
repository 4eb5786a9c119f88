"""Small files in the layouts of public data sets."""
