"""A file's bytes, and text that knows where in them it came from."""
