"""The check command: files found, linted, fixed and reported, in one process or several."""
