"""For those who write rules: explained, tested, begun, completed by an editor."""
