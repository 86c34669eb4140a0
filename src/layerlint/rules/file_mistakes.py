"""Mistakes in one file, each at its place."""

from __future__ import annotations

from collections.abc import Sequence

from layerlint.errors import Mistake
from layerlint.positions import Location, Lookup
from layerlint.validation import nearest


class FileMistakes:
    """Makes mistakes about the file at `path`, whose places `lookup` knows."""

    def __init__(self, lookup: Lookup, path: str) -> None:
        self._lookup = lookup
        self._path = path

    def mistake(self, location: Location, title: str, cause: str, step: str = "", *, key: bool = False) -> Mistake:
        """A mistake at the value at `location`, or at its key."""
        line, column = self._lookup(location, key=key)
        return Mistake(title, cause, step, self._path, line, column)

    def unknown(self, location: Location, title: str, word: str, known: Sequence[str]) -> Mistake:
        """A mistake about a word that is none of those that are known."""
        near = nearest(word, known)
        return self.mistake(
            location,
            title,
            f"known: {', '.join(known)}" if known else "there is none",
            f'did you mean "{near}"?' if near else "",
        )
