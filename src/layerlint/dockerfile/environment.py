"""Variables that grow from one instruction to the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

# A chain of stages, each built on an older state of the one before, is looked through link by link up to here.
_MAX_DEPTH = 32


class _History:
    """The values that each name has had, with the version that set them."""

    __slots__ = ("values", "version")

    def __init__(self) -> None:
        self.version = 0
        self.values: dict[str, list[tuple[int, str | None]]] = {}


class Variables(Mapping[str, str | None]):
    """Names and values, never changed: `updated` gives another one.

    A value of None is known to be set and not known itself. All versions of a line of instructions share their
    memory, so that ten thousand ENVs take ten thousand entries and not fifty million.
    """

    __slots__ = ("_base", "_depth", "_history", "_most", "_version")

    def __init__(self, base: Mapping[str, str | None] | None = None) -> None:
        self._base: Mapping[str, str | None] = {} if base is None else base
        self._depth: int = base._depth + 1 if type(base) is Variables else 0
        self._history = _History()
        self._version = 0
        self._most = most_names(self._base)

    def updated(self, values: Iterable[tuple[str, str | None]]) -> Variables:
        """These variables with `values` set too."""
        if self._history.version != self._version:
            # Another one has gone on from here already: start a history of its own.
            base = self if self._depth < _MAX_DEPTH else dict(self)
            return Variables(base).updated(values)
        following = Variables.__new__(Variables)
        following._base, following._depth, following._history = self._base, self._depth, self._history
        history = self._history
        history.version += 1
        following._version = history.version
        following._most = self._most
        for name, value in values:
            following._most += name not in history.values
            history.values.setdefault(name, []).append((history.version, value))
        return following

    def all(self) -> dict[str, str | None]:
        """All of them at once, in a fraction of the time that asking for each takes."""
        found = self._base.all() if type(self._base) is Variables else dict(self._base)
        for name in self._own_names():
            own = self._own(name)
            if own is not None:
                found[name] = own[1]
        return found

    def __getitem__(self, name: str) -> str | None:
        variables: Mapping[str, str | None] = self
        while type(variables) is Variables:
            found = variables._own(name)
            if found is not None:
                return found[1]
            variables = variables._base
        return variables[name]

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        variables: Mapping[str, str | None] = self
        while type(variables) is Variables:
            seen.update(variables._own_names())
            variables = variables._base
        seen.update(variables)
        return iter(sorted(seen))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _own_names(self) -> Iterator[str]:
        for name, entries in self._history.values.items():
            if entries[0][0] > self._version:
                return  # names stand in the order of the versions that set them first
            yield name

    def _own(self, name: str) -> tuple[int, str | None] | None:
        entries = self._history.values.get(name)
        if entries is None:
            return None
        if entries[-1][0] <= self._version:
            return entries[-1]
        index = bisect_right(entries, self._version, key=lambda entry: entry[0])
        return entries[index - 1] if index else None


def most_names(variables: Mapping[str, str | None]) -> int:
    """How many names there can be at most. To count those that there are is to go through all of them."""
    return variables._most if type(variables) is Variables else len(variables)


class Scope(Mapping[str, str | None]):
    """What an instruction's `$NAME` means: the environment, and the build arguments that it does not hide."""

    __slots__ = ("_arguments", "_environment")

    def __init__(self, environment: Mapping[str, str | None], arguments: Mapping[str, str | None]) -> None:
        self._environment = environment
        self._arguments = arguments

    def __getitem__(self, name: str) -> str | None:
        return self._environment[name] if name in self._environment else self._arguments[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._environment
        yield from (name for name in self._arguments if name not in self._environment)

    def __len__(self) -> int:
        return sum(1 for _ in self)
