"""Rule files held against all that must be true of them."""
