"""Source text to instructions, and instructions to what each of them inherits."""
