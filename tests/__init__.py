"""A package of its own: some libraries install a top folder called ``tests`` too."""
