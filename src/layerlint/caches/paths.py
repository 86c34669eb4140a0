"""Paths as the ledger compares them: absolute, or below a home of which only the owner is known."""

from __future__ import annotations

from fnmatch import fnmatchcase

from layerlint.shell.word import UNKNOWN
from layerlint.startup.lazy_pattern import lazy_pattern

_SPECIAL = lazy_pattern(r"[*?\[\\]")
_OF_GLOBS = lazy_pattern(r"[*?\[\]\\]")
_QUOTED = lazy_pattern(r"\\(.)")


def is_below(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies in it. Nothing is known of a path with unknown parts."""
    if UNKNOWN in directory or not directory:
        return False
    if directory == "/":
        return path.startswith("/")
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def literal(path: str) -> str:
    """A glob that names just this path."""
    return _OF_GLOBS.sub(r"\\\g<0>", path)


def pattern_covers(pattern: str, directory: str) -> bool:
    """Whether removing what the glob `pattern` names removes all of `directory`'s content.

    The pattern may name the directory, one above it, or everything in it (`directory/*`). A `*` at the start of a name
    leaves names that start with a dot alone (POSIX.1, 2.14.3). `start/**/name` is every directory called `name` below
    `start`, as `find` matches it: a `*` stands for a dot there too. A backslash quotes the next character. In
    `directory`, a `*` is a name that is not known: what stands at its place in the pattern is taken to be it.
    """
    if UNKNOWN in pattern or UNKNOWN in directory:
        return False
    wanted = directory.rstrip("/").split("/")
    start, anywhere, name = pattern.partition("/**/")
    if anywhere:
        above = start.rstrip("/").split("/")
        below = wanted[len(above) :] if all(map(_matches, above, wanted)) else []
        return any(glob_matches(name, part) for part in below)
    parts = pattern.rstrip("/").split("/")
    if len(parts) == len(wanted) + 1 and parts[-1] == "*":
        parts = parts[:-1]
    if len(parts) > len(wanted):
        return False
    return all(_matches(part, name) for part, name in zip(parts, wanted, strict=False))


def _matches(part: str, name: str) -> bool:
    """As `glob_matches`; a star in front does not stand for a dot."""
    if name.startswith(".") and name != part and not part.startswith((".", "\\.")):
        return False
    return glob_matches(part, name)


def glob_matches(part: str, name: str) -> bool:
    """Whether a glob matches a name without slashes; `*` is a name that is not known, and taken to be what is meant."""
    if name in {part, "*"}:
        return True
    if not _SPECIAL.search(part):  # it names itself; a pattern would be compiled
        return False
    return fnmatchcase(name, _QUOTED.sub(r"[\1]", part.replace("[^", "[!")))
