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
    letter or digit, or as the value of an option (`-mpip`); and with anything behind it that no name goes on with.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are globs for the names of programs, without paths."""
        self._pattern = re.compile(_alternatives({name.lower() for name in names}).encode())

    def __call__(self, text: bytes) -> bool:
        """Whether `text` names one of the programs."""
        text = text.lower()
        if self._pattern.search(text):
            return True
        return bool(_QUOTED_INSIDE.search(text)) and bool(self._pattern.search(text.translate(None, _QUOTES)))


def _alternatives(names: set[str]) -> str:
    # The fixed beginning of a glob is enough: a text that lacks it cannot match the glob.
    stems = {_GLOB.split(name, maxsplit=1)[0] for name in names if _GLOB.search(name)}
    exact = {name for name in names - stems if not name.startswith(tuple(stems))}
    found = [
        *(re.escape(stem) for stem in sorted(stems)),
        *(rf"{re.escape(name)}(?![a-z0-9])" for name in sorted(exact)),
    ]
    if not found:
        return "(?!)"
    # What stands in front of a name is looked at last: texts are searched by the first letters of names.
    in_front = (
        rf"{name}(?<![a-z0-9]{re.escape(stem)})"
        for name, stem in zip(found, [*sorted(stems), *sorted(exact)], strict=True)
    )
    return rf"{'|'.join(in_front)}|-[a-z]{{1,8}}(?:{'|'.join(found)})"
