"""COPY --from: which caches of a stage that is not in the image get into it all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from layerlint.caches.paths import is_below, normalize, pattern_covers
from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.stages import Stage


class Left(Protocol):
    """A cache that a stage's file system holds at the end of the stage."""

    @property
    def directory(self) -> str:
        """The cache's directory."""


L = TypeVar("L", bound=Left)


def carried_by(stages: Sequence[Stage], left: Sequence[Sequence[L]]) -> Iterator[tuple[L, Instruction]]:
    """Each cache that a COPY takes from a stage outside of the image into the image, with the COPY that takes it first.

    `left` are the caches in the file system of each stage, those of the stage that it is built on among them.
    """
    takers = _takers(stages)
    gets_there: dict[tuple[int, str], bool] = {}
    found: list[tuple[L, Instruction]] = []
    # A stage copies from earlier ones: from the last to the first, what becomes of what was copied is known by then.
    for index in range(len(stages) - 1, -1, -1):
        for cache in left[index] if takers[index] else ():
            copy = _route(stages, takers, index, cache.directory, gets_there)
            if copy is not None:
                found.append((cache, copy))
    yield from reversed(found)


def _takers(stages: Sequence[Stage]) -> list[list[tuple[int, Instruction]]]:
    """For each stage, the later stages that copy from it, with the COPY."""
    takers: list[list[tuple[int, Instruction]]] = [[] for _ in stages]
    for stage in stages:
        for copy in stage.copies_from:
            if copy.stage is not None:
                takers[copy.stage].append((stage.index, copy.instruction))
    return takers


def _route(
    stages: Sequence[Stage],
    takers: Sequence[Sequence[tuple[int, Instruction]]],
    index: int,
    directory: str,
    gets_there: dict[tuple[int, str], bool],
) -> Instruction | None:
    """The first COPY on a way by which the directory gets from stage `index` into the image.

    `gets_there` says of which directories of which stages that is known already, and learns of more.
    """
    waiting: list[tuple[int, str, Instruction | None]] = [(index, directory, None)]
    seen: set[tuple[int, str]] = set()
    while waiting:
        at, path, first = waiting.pop()
        if (at, path) in seen or gets_there.get((at, path)) is False:
            continue
        seen.add((at, path))
        for taker, copy in takers[at]:
            arrived = _copied_to(copy, path)
            if arrived is None:
                continue
            if stages[taker].reaches_image or gets_there.get((taker, arrived)):
                gets_there[index, directory] = True
                return first or copy
            waiting.append((taker, arrived, first or copy))
    gets_there.update(dict.fromkeys(seen, False))
    return None


def sources_of(copy: Instruction) -> list[str]:
    """The absolute paths (or globs) that a COPY takes from a stage."""
    return [normalize(f"/{source}") for source in _arguments(copy)[:-1]]


def _copied_to(copy: Instruction, directory: str) -> str | None:
    """Where a directory is once COPY has taken it, None when COPY leaves it."""
    target = (_arguments(copy) or [""])[-1]
    for absolute in sources_of(copy):
        if is_below(directory, absolute):
            # A directory's content is copied, not the directory (Dockerfile reference, COPY).
            return normalize(f"{target}/{directory[len(absolute.rstrip('/')) :]}")
        if pattern_covers(absolute, directory):
            return normalize(f"{target}/{directory.rpartition('/')[2]}")
    return None


def _arguments(copy: Instruction) -> list[str]:
    if copy.exec_form is not None:
        return [word.text for word in copy.exec_form]
    return copy.text.text.split()
