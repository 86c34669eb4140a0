"""What is outside: files that are read and written, the terminal, signals."""
