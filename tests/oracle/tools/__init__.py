"""The same for other package managers: builds with what requirements.txt names, and what is in their layers."""
