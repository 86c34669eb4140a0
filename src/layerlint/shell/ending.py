"""What ends before its last command: a round of a loop, a loop, a function, a shell (POSIX.1, 2.14)."""

from __future__ import annotations

from enum import IntEnum

from layerlint.startup.quick_dataclass import dataclass


class Scope(IntEnum):
    """What ends, from the smallest to the largest."""

    ROUND = 0
    LOOP = 1
    FUNCTION = 2
    SHELL = 3


@dataclass(frozen=True, slots=True)
class End:
    """That something ends. `works` says that the build goes on then, without what comes after in it."""

    scope: Scope
    works: bool = True


class Skips:
    """How often the walk has come by a way that leaves each scope early, which may have been gone or not."""

    __slots__ = ("_by_scope",)

    def __init__(self) -> None:
        self._by_scope = [0] * len(Scope)

    @property
    def count(self) -> int:
        """Of all scopes that are still open: where it is another than before, what follows may not run."""
        return sum(self._by_scope)

    def add(self, end: End) -> None:
        """Note a way that ends so. One on which the build fails is none on the way to a layer."""
        if end.works:
            self._by_scope[end.scope] += 1

    def kept(self) -> list[int]:
        """What `closed` needs to know of the beginning of a scope."""
        return list(self._by_scope)

    def closed(self, scope: Scope, kept: list[int]) -> None:
        """A scope has come to its end: what has left it, or a smaller one, is back."""
        self._by_scope[: scope + 1] = kept[: scope + 1]
