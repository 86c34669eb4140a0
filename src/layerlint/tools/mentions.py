"""Whether a text could call a program at all, found out in a fraction of the time that reading it takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

_GLOB = re.compile(r"[*?\[]")
_WORD = re.compile(rb"[a-z0-9.+-]+")
_QUOTES = b"\\'\""
# Quotes and escapes inside of a name do not change it: `p\ip`, `"p"ip`.
_QUOTED_INSIDE = re.compile(rb"[a-z0-9_][\\'\"]+[a-z0-9_-]")


class Mentions:
    """Finds the names of some programs in any text. What it does not find there is not called there.

    A name counts in any case of letters, since a variable (`$PIP`) is named after what it holds; between anything that
    is no part of a name, or as the value of an option (`-mpip`).
    """

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are globs for the names of programs or files, without paths."""
        names = {name.lower() for name in names}
        # The fixed beginning of a glob is enough: a word that lacks it cannot match the glob.
        stems = {_GLOB.split(name, maxsplit=1)[0] for name in names if _GLOB.search(name)}
        exact = {name for name in names if not _GLOB.search(name)}
        self._exact = frozenset(written.encode() for name in exact for written in (name, f"{name}.exe"))
        self._stems = tuple(stem.encode() for stem in stems)
        values = "|".join(re.escape(name) for name in sorted(exact | stems)) or "(?!)"
        self._value_of_option = re.compile(rf"-[a-z]+?(?:{values})".encode())

    def __call__(self, text: bytes) -> bool:
        """Whether `text` names one of the programs."""
        text = text.lower()
        if self._names_one(text):
            return True
        return bool(_QUOTED_INSIDE.search(text)) and self._names_one(text.translate(None, _QUOTES))

    def _names_one(self, text: bytes) -> bool:
        words = set(_WORD.findall(text))
        if not words.isdisjoint(self._exact):
            return True
        return any(
            word.startswith(self._stems) or (word.startswith(b"-") and self._value_of_option.match(word))
            for word in words
        )
