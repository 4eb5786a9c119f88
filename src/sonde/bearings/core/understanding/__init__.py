"""Understanding: what a file, its name, a label table and public numberings say together."""
