"""Rules in YAML: read, checked, and matched against what a Dockerfile does."""
