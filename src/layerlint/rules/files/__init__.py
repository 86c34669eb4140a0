"""Rule files found, and kept compiled for the next run."""
