"""Names against globs, as `fnmatch` has it; without a regular expression where none is needed.

Rules bring hundreds of globs, nearly all of them like `pip*` or `*.sh`, and most names match none: `fnmatch` compiles
each, which takes longer than a small run, and keeps the last 256 of them, so that with more it compiles them anew.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache

_SPECIAL = re.compile(r"[*?\[]")


def matches(name: str, glob: str) -> bool:
    """Whether all of `name` matches `glob`: `*` is any text, `?` any character, `[a-c]` and `[!a-c]` one of several."""
    start, end, rest = _literal_ends(glob)
    if rest == "":
        return name == start
    if not (name.startswith(start) and name.endswith(end)):
        return False
    if rest == "*":
        return len(name) >= len(start) + len(end)
    return fnmatchcase(name, glob)


@lru_cache(maxsize=4096)
def _literal_ends(glob: str) -> tuple[str, str, str]:
    """The text that every match starts with, the text that it ends with, and what stands between the two."""
    first = _SPECIAL.search(glob)
    if first is None:
        return glob, "", ""
    last = max(glob.rfind(character) for character in "*?]")
    end = glob[max(last, first.start()) + 1 :]
    return glob[: first.start()], end, glob[first.start() : len(glob) - len(end)]
