"""Comments that silence findings: read, and written."""
