"""The fixes that a rule asks for, as edits in the file."""
