"""How the frequencies of a signal change with time: three transforms, one kind of image."""
