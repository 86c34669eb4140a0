"""Edits that change what a Dockerfile says, made so that they look as if its author had written them."""
