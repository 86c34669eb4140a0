"""How often caches have been held against what removes or copies them: what grows with both is not followed forever."""

from __future__ import annotations

from typing import Protocol

from layerlint.shell.syntax import NotFollowedError
from layerlint.source.source import Span

# A second or so. Of 3,000 files that people wrote, none has a hundredth of it.
_MAX_PAIRS = 100_000


class Placed(Protocol):
    """What stands somewhere in a file, if `span` is not None. It may take a while to say where."""

    @property
    def span(self) -> Span | None:
        """Its place."""


class Pairs:
    """The pairs of a cache and what removes or copies it that a file has had so far."""

    def __init__(self) -> None:
        self._number = 0

    def count(self, number: int, maker: Placed) -> None:
        """Add a number of pairs, which `maker` makes. Raises `NotFollowedError` once there are too many."""
        self._number += number
        if self._number > _MAX_PAIRS:
            message = f"There are more than {_MAX_PAIRS:,} pairs of a cache and what removes or copies it by here"
            raise NotFollowedError(f"{message}, which is not followed.", maker.span)
