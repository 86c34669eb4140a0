"""Patterns of paths and of names, in the syntax of .gitignore."""
