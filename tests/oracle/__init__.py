"""Dockerfiles and what their builds leave in the image, measured with real pip in real builds."""
