"""What the configuration and the command line say, for each file."""
