"""A command to the tool that it calls, its subcommand and its options, all of it read off data."""
