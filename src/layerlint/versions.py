"""Versions, and ranges of them: `>=3.9, <3.12`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import TypeAlias

from layerlint.startup.lazy_pattern import lazy_pattern

NEWEST = "9999999999"
"""The version of what is not known to be any other."""

# A tag is a version with more behind it: 3.12-slim. Ten digits are more than any has.
_VERSION = lazy_pattern(r"v?([0-9]{1,10}(?:\.[0-9]{1,10}){0,9})", re.ASCII)
_BOUND = lazy_pattern(r"(==|!=|>=|<=|>|<)\s*v?([0-9]{1,10}(?:\.[0-9]{1,10}){0,9})", re.ASCII)
Version: TypeAlias = tuple[int, ...]

_COMPARE: dict[str, Callable[[Version, Version], bool]] = {
    "==": eq, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt,
}  # fmt: skip


class VersionRangeError(ValueError):
    """A range that is none, said for the person who wrote it."""


@lru_cache(maxsize=1024)
def in_range(text: str, bounds: str) -> bool:
    """Whether the version that `text` begins with is within all of `bounds` (`>=3.9, <3.12`).

    Parts that a version does not name are zero. Raises VersionRangeError for bounds that are none.
    """
    found = _VERSION.match(text)
    return found is not None and all(compare(_parts(found[1]), bound) for compare, bound in version_bounds(bounds))


@lru_cache(maxsize=256)
def version_bounds(text: str) -> tuple[tuple[Callable[[Version, Version], bool], Version], ...]:
    """The bounds of a range, each with its comparison. Raises VersionRangeError."""
    found = []
    for part in text.split(","):
        bound = _BOUND.fullmatch(part.strip())
        if bound is None:
            raise VersionRangeError('write bounds like ">=3.9, <3.12"')
        found.append((_COMPARE[bound[1]], _parts(bound[2])))
    return tuple(found)


def _parts(version: str) -> Version:
    numbers = [int(part) for part in version.split(".")]
    return (*numbers, *[0] * (10 - len(numbers)))
