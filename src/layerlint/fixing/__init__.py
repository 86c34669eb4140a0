"""Findings to a mended file."""
