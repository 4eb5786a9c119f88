"""The evaluation page: a trained experiment from every side."""
