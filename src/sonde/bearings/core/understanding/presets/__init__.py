"""Presets: what is published about the files of a public data set; `registry` is the way in."""
