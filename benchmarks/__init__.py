"""layerlint beside hadolint and tally: how fast, how often right, and where they differ."""
