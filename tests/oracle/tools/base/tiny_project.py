"""A project of one module."""
