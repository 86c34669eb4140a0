"""Names against globs, as `fnmatch` has it; without a regular expression where none is needed.

Rules bring hundreds of globs, nearly all of them like `pip*` or `*.sh`, and most names match none: `fnmatch` compiles
each, which takes longer than a small run, and keeps the last 256 of them, so that with more it compiles them anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache

from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

MAX_GLOBS = 1_000
"""How many a list of them may have, for which each name is held against all."""
MAX_GLOB_LENGTH = 1_000
"""In characters."""

_SPECIAL = lazy_pattern(r"[*?\[]")
# What need not stand for itself: more than what cannot, where there are brackets.
_NO_LITERAL = lazy_pattern(r"[*?]|\[[\s\S]*\]|\[")


def is_glob(glob: str) -> bool:
    """Whether it matches any text but itself."""
    return _SPECIAL.search(glob) is not None


def literal_start(glob: str) -> str:
    """The text that all that it matches begins with."""
    return _literal_ends(glob)[0]


def has_open_bracket(glob: str) -> bool:
    """Whether a `[` in it has no `]`, and so stands for itself. A `]` right behind it is one of the characters."""
    at = glob.find("[")
    while at >= 0:
        first = at + 2 if glob[at + 1 : at + 2] == "!" else at + 1
        end = glob.find("]", first + 1)
        if end < 0:
            return True
        at = glob.find("[", end + 1)
    return False


def matches(name: str, glob: str) -> bool:
    """Whether all of `name` matches `glob`: `*` is any text, `?` any character, `[a-c]` and `[!a-c]` one of several."""
    start, end, rest = _literal_ends(glob)
    if rest == "":
        return name == start
    if not (name.startswith(start) and name.endswith(end)):
        return False
    if rest == "*":
        return len(name) >= len(start) + len(end)
    return _compiled(glob).match(name) is not None


def matches_any(name: str, globs: tuple[str, ...]) -> bool:
    """Whether all of `name` matches one of `globs`."""
    if not globs:
        return False
    plain = _plain(globs)
    if name in plain.names or name.startswith(plain.starts) or name.endswith(plain.ends):
        return True
    for part in plain.parts:
        if part in name:
            return True
    for glob, literal in plain.others:  # noqa: SIM110 (the generator of an `any` takes longer than the looking)
        if literal in name and _compiled(glob).match(name):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Plain:
    """Globs that are names, `start*`, `*end` or `*part*`, and the others, each with its longest literal text."""

    names: frozenset[str]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    parts: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def _plain(globs: Iterable[str]) -> _Plain:
    names, starts, ends, parts = set[str](), list[str](), list[str](), list[str]()
    others: list[tuple[str, str]] = []
    for glob in globs:
        start, end, rest = _literal_ends(glob)
        if rest == "":
            names.add(start)
        elif rest == "*" and not (start and end):
            (ends if end else starts).append(end or start)
        elif glob[0] == glob[-1] == "*" and not is_glob(glob[1:-1]):
            parts.append(glob[1:-1])
        else:
            others.append((glob, max(_NO_LITERAL.split(glob), key=len)))
    return _Plain(frozenset(names), tuple(starts), tuple(ends), tuple(parts), tuple(others))


@lru_cache(maxsize=4096)
def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob))


@lru_cache(maxsize=4096)
def _literal_ends(glob: str) -> tuple[str, str, str]:
    """The text that every match starts with, the text that it ends with, and what stands between the two."""
    first = _SPECIAL.search(glob)
    if first is None:
        return glob, "", ""
    last = max(glob.rfind(character) for character in "*?]")
    end = glob[max(last, first.start()) + 1 :]
    return glob[: first.start()], end, glob[first.start() : len(glob) - len(end)]
