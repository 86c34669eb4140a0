"""Where the keys and values of a configuration or rule file are, for messages that point at the very place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Protocol

from layerlint.startup.quick_dataclass import dataclass

KeyPath = tuple[str | int, ...]
"""The way to a value: keys of mappings and, from 0, indexes of lists."""

MAX_DEPTH = 50
"""Of lists and mappings in each other, whatever the file is written in."""

TOO_DEEP = "this is nested too deep"
TOO_DEEP_CAUSE = f"more than {MAX_DEPTH} lists and mappings in each other"


class Lookup(Protocol):
    """Where something is in a file: `(line, column)`, both from 1."""

    def __call__(self, location: KeyPath, *, key: bool = False) -> tuple[int, int]:
        """The place of the value at `location`, or of its key. Parts that are not in the file are passed over."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value and its key are: `(line, column)` from 1. A list's item is its own key."""

    key: tuple[int, int]
    value: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Places:
    """A `Lookup` that works out the places when the first is asked for, which is only when something is wrong."""

    find: Callable[[], Mapping[KeyPath, Place]]
    _found: list[Mapping[KeyPath, Place]] = field(default_factory=list)

    def __call__(self, location: KeyPath, *, key: bool = False) -> tuple[int, int]:
        """As `Lookup` says."""
        if not self._found:
            self._found.append(self.find())
        places = self._found[0]
        known: KeyPath = ()
        for part in location:
            if (*known, part) in places:
                known = (*known, part)
        place = places.get(known, Place((1, 1), (1, 1)))
        return place.key if key else place.value
