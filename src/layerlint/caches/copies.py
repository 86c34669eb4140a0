"""COPY --from: which caches of a stage that is not in the image get into it all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from layerlint.caches.pairs import Pairs
from layerlint.caches.paths import glob_matches, is_below
from layerlint.dockerfile.build_state import BuildState
from layerlint.dockerfile.copy_arguments import CopyArguments, copy_words, read_copy
from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.paths import normalize
from layerlint.dockerfile.stages import Stage
from layerlint.shell.word import UNKNOWN
from layerlint.startup.quick_dataclass import dataclass


class Left(Protocol):
    """A cache that a stage's file system holds at the end of the stage."""

    @property
    def directory(self) -> str:
        """The cache's directory."""


L = TypeVar("L", bound=Left)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A COPY from a stage into the stage `taker`."""

    taker: int
    instruction: Instruction
    arguments: CopyArguments


def carried_by(
    stages: Sequence[Stage],
    states: Sequence[Sequence[BuildState]],
    left: Sequence[Sequence[L]],
    escape: str,
    pairs: Pairs,
) -> Iterator[tuple[L, Instruction]]:
    """Each cache that a COPY takes from a stage outside of the image into the image, with the COPY that takes it first.

    `states` are for each stage those before its instructions. `left` are the caches in the file system of each stage,
    those of the stage that it is built on among them. `pairs` are those of the file.
    """
    if not any(left):
        return
    takers = _takers(stages, states, escape)
    gets_there: dict[tuple[int, str], bool] = {}
    found: list[tuple[L, Instruction]] = []
    # A stage copies from earlier ones: from the last to the first, what becomes of what was copied is known by then.
    for index in range(len(stages) - 1, -1, -1):
        for cache in left[index] if takers[index] else ():
            copy = _route(stages, takers, index, cache.directory, gets_there, pairs)
            if copy is not None:
                found.append((cache, copy))
    yield from reversed(found)


def _takers(stages: Sequence[Stage], states: Sequence[Sequence[BuildState]], escape: str) -> list[list[_Copy]]:
    """For each stage, the COPYs of later stages that copy from it."""
    takers: list[list[_Copy]] = [[] for _ in stages]
    for stage in stages:
        if not stage.copies_from:
            continue
        sources = {id(copy.instruction): copy.stage for copy in stage.copies_from if copy.stage is not None}
        for instruction, state in zip(stage.instructions, states[stage.index], strict=False):
            source = sources.get(id(instruction))
            arguments = read_copy(instruction, state, escape) if source is not None else None
            if source is not None and arguments is not None:
                takers[source].append(_Copy(stage.index, instruction, arguments))
    return takers


def _route(
    stages: Sequence[Stage],
    takers: Sequence[Sequence[_Copy]],
    index: int,
    directory: str,
    gets_there: dict[tuple[int, str], bool],
    pairs: Pairs,
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
        if takers[at]:
            pairs.count(len(takers[at]), takers[at][0].instruction)
        for copy in takers[at]:
            arrived = _copied_to(copy.arguments, path)
            if arrived is None:
                continue
            if stages[copy.taker].reaches_image or gets_there.get((copy.taker, arrived)):
                gets_there[index, directory] = True
                return first or copy.instruction
            waiting.append((copy.taker, arrived, first or copy.instruction))
    gets_there.update(dict.fromkeys(seen, False))
    return None


def sources_of(copy: Instruction) -> list[str]:
    """The absolute paths (or globs) that a COPY takes from a stage, as they are written."""
    return [normalize(f"/{source}") for source in copy_words(copy)[:-1]]


def _copied_to(copy: CopyArguments, directory: str) -> str | None:
    """Where a directory is once COPY has taken it (`UNKNOWN` if that is not known), None when COPY leaves it."""
    for source in copy.sources:
        below = _below(normalize(f"/{source}"), directory) if source else None
        if source is None or below is None or _excludes(copy.excluded, below):
            continue
        # A directory's content is copied, not the directory (Dockerfile reference, COPY).
        arrived = below
        if copy.parents:
            # The folders behind `/./` are kept, where there is one (Dockerfile reference, COPY --parents).
            before, pivot, _ = source.partition("/./")
            arrived = directory[len(normalize(f"/{before}").rstrip("/")) :] if pivot else directory
        return normalize(f"{copy.target if copy.target is not None else f'/{UNKNOWN}'}/{arrived}")
    return None


def _below(source: str, directory: str) -> str | None:
    """Where a directory is below what a source names, empty where it is that itself or all in it; None if nowhere."""
    if is_below(directory, source):
        return directory[len(source.rstrip("/")) :].lstrip("/")
    if UNKNOWN in directory or UNKNOWN in source:
        return None
    parts, names = source.split("/"), directory.split("/")
    if len(parts) == len(names) + 1 and parts[-1] == "*":
        parts.pop()
    # As Go matches it, a star stands for a dot in front too.
    if len(parts) > len(names) or not all(map(glob_matches, parts, names)):
        return None
    return "/".join(names[len(parts) :])


def _excludes(patterns: Sequence[str], below: str) -> bool:
    """Whether the patterns of `--exclude` leave out a directory, one that it is in, or all in it.

    They are matched with paths below the source; `**` is any number of folders (BuildKit, COPY --exclude; moby's
    patternmatcher). Where one takes something in again, it may be of the directory.
    """
    if not patterns or any(pattern.startswith("!") for pattern in patterns):
        return False
    names = below.split("/") if below else []
    return any(_names(normalize(pattern).split("/"), names) for pattern in patterns)


def _names(pattern: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a pattern names a path, one above it, or all in it."""
    reached = _past_folders({0}, pattern)
    for name in names:
        if len(pattern) in reached:
            return True
        following = {at if pattern[at] == "**" else at + 1 for at in reached if glob_matches(pattern[at], name)}
        reached = _past_folders(following, pattern)
    return any(all(part in {"*", "**"} for part in pattern[at:]) and len(pattern) - at < 2 for at in reached)


def _past_folders(reached: set[int], pattern: Sequence[str]) -> set[int]:
    """The places in a pattern that are reached, and those behind a `**`, which may stand for no folder."""
    for at in sorted(reached):
        following = at
        while following < len(pattern) and pattern[following] == "**" and following + 1 not in reached:
            following += 1
            reached.add(following)
    return reached
