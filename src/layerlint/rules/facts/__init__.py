"""What rules are held against, and whether what a rule says is true of it."""
