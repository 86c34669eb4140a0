"""Paths as the programs of a script mean them."""

from __future__ import annotations

from layerlint.dockerfile.paths import normalize
from layerlint.shell.word import is_rooted


def absolute(path: str, directory: str) -> str:
    """A normal path, made absolute from `directory`; `UNKNOWN` in it where it is not known."""
    return normalize(path if is_rooted(path) else f"{directory}/{path}")
