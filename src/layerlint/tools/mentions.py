"""Whether a text could call a program at all, found out in a fraction of the time that reading it takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

_GLOB = re.compile(r"[*?\[]")
_QUOTES = b"\\'\""
# Quotes and escapes inside of a name do not change it: `p\ip`, `"p"ip`.
_QUOTED_INSIDE = re.compile(rb"[a-z0-9_][\\'\"]+[a-z0-9_-]")


class Mentions:
    """Finds the names of some programs in any text. What it does not find there is not called there.

    A name counts in any case of letters, since a variable (`$PIP`) is named after what it holds; behind anything but a
    letter or digit, or as the value of an option (`-mpip`); and in front of anything but a letter or digit.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are globs for the names of programs or files, without paths."""
        names = {name.lower() for name in names}
        # The fixed beginning of a glob is enough: a word that lacks it cannot match the glob.
        stems = {_GLOB.split(name, maxsplit=1)[0] for name in names if _GLOB.search(name)}
        exact = {name for name in names if not _GLOB.search(name) and not name.startswith(tuple(stems))}
        self._pattern = re.compile(_any_of(stems, exact).encode())
        # A text without any of these has none of the names, which is much faster found out.
        everything = stems | exact
        self._inside = tuple(
            name.encode()
            for name in sorted(everything)
            if not any(other in name for other in everything if other != name)
        )

    def __call__(self, text: bytes) -> bool:
        """Whether `text` names one of the programs."""
        text = text.lower()
        if self._names_one(text):
            return True
        return bool(_QUOTED_INSIDE.search(text)) and self._names_one(text.translate(None, _QUOTES))

    def _names_one(self, text: bytes) -> bool:
        for name in self._inside:
            if name in text:
                return self._pattern.search(text) is not None
        return False


def _any_of(stems: set[str], exact: set[str]) -> str:
    names = {re.escape(stem): stem for stem in sorted(stems)}
    names |= {rf"{re.escape(name)}(?![a-z0-9])": name for name in sorted(exact)}
    if not names:
        return "(?!)"
    # What stands in front of a name is looked at last: texts are searched by the first letters of names.
    in_front = (rf"{pattern}(?<![a-z0-9]{re.escape(name)})" for pattern, name in names.items())
    return rf"{'|'.join(in_front)}|-[a-z]{{1,8}}(?:{'|'.join(names)})"
