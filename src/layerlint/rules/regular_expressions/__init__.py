"""Regular expressions in time that is linear in the text."""
