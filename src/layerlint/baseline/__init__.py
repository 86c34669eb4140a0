"""The findings that are known, and not reported again."""
