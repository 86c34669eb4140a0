"""The texts that a condition names."""

from __future__ import annotations

from collections.abc import Iterator

from layerlint.documents.positions import KeyPath
from layerlint.rules.conditions import Text


def words_of(text: Text | None, location: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """The texts that something must be equal to, each with its place."""
    if isinstance(text, str):
        yield location, text
    elif isinstance(text, tuple):
        yield from (((*location, index), word) for index, word in enumerate(text))
    elif text is not None and text.not_ is not None:
        yield from words_of(text.not_, (*location, "not"))
