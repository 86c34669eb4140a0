"""What fixes look at beyond the RUN that they mend: the file, and what else its stages do with the same caches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeVar

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose, Verdict
from layerlint.caches.removal import Removers
from layerlint.caches.runs import only_heredoc
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.stages import Stage
from layerlint.edits.commands import Statements
from layerlint.source.source import Source, Span
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.invocation import Invocation
from layerlint.versions import in_range

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """A file and its RUNs, all of them in order, and what is known of programs that remove files.

    What is found out for one fix is kept for the others: a file can have thousands.
    """

    dockerfile: Dockerfile
    runs: Sequence[Run]
    removers: Removers
    _remembered: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """The file's bytes."""
        return self.dockerfile.source

    def said_of(self, entry: Entry) -> str:
        """What uses a cache, as it is called in a reason: with its line, if it stands in the file."""
        return self.quoted(entry.invocation.title, entry.invocation.span)

    def quoted(self, name: str, span: Span | None) -> str:
        """A name as it is called in a reason: with the line of what it names, if that stands in the file."""
        return f"`{name}`" if span is None else f"`{name}` in line {self.source.line_at(span.start)}"

    def first_in_need(self, stage: Stage, tool: str) -> Run | None:
        """The first RUN that leaves the cache of `tool`, in the lowest of the stages that `stage` is built on."""
        return next((top for each in upwards(stage) if (top := self._tops.get((each.index, tool)))), None)

    @cached_property
    def _tops(self) -> Mapping[tuple[int, str], Run]:
        """By stage and tool the first RUN, in the stage or one that it is built on, that leaves the tool's cache."""
        tops: dict[tuple[int, str], Run] = {}
        # What a stage is built on stands before it, so that its first one is known already.
        for run in self.runs:
            for tool in {entry.invocation.tool.tool: None for entry in run.entries if entry.left}:
                found = (tops.get((each.index, tool)) for each in upwards(run.stage))
                tops[run.stage.index, tool] = next((top for top in found if top is not None), run)
        return tops

    def remembered(self, what: Callable[..., T], key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key of `what`, the function that it is the result of."""
        if (what, key) not in self._remembered:
            self._remembered[what, key] = make()
        found: T = self._remembered[what, key]
        return found

    def behind(self, instruction: Instruction) -> Iterator[Instruction]:
        """The instructions that stand behind one in the file, in order."""
        instructions = self.dockerfile.instructions
        return (instructions[at] for at in range(self._indexes[id(instruction)] + 1, len(instructions)))

    @cached_property
    def _indexes(self) -> Mapping[int, int]:
        return {id(each): index for index, each in enumerate(self.dockerfile.instructions)}

    def run_of(self, instruction: Instruction | None) -> Run | None:
        """What a RUN that could use a cache or remove one does; None of any other instruction."""
        return self._runs_by_instruction.get(id(instruction))

    @cached_property
    def _runs_by_instruction(self) -> Mapping[int, Run]:
        return {id(run.instruction): run for run in self.runs}

    def runs_on(self, stage: Stage) -> Sequence[Run]:
        """The RUNs of a stage and of those that are built on it, in order."""
        return self._runs_by_stage.get(stage.index, [])

    @cached_property
    def _runs_by_stage(self) -> Mapping[int, Sequence[Run]]:
        return by_stage(self.runs, lambda run: run.stage)

    def statements(self, run: Run) -> Statements:
        """All that the RUN's shell reads: the here-document, if it is only that."""
        body = only_heredoc(run.run)
        return self.remembered(Statements, id(run), lambda: Statements(run.run.text if body is None else body))

    def where_it_counts(self, place: Span, run: Run) -> tuple[Stage, int]:
        """The stage for which a variable that `run` gets, and that is set at `place`, counts, and from which offset."""
        if run.instruction.span.covers(place):
            return run.stage, run.instruction.span.start
        owners = (stage for stage in upwards(run.stage) if stage.from_instruction.span.start < place.start)
        return next(owners, run.stage), place.start

    def is_in_range(self, run: Run, invocation: Invocation, bounds: str, *, everywhere: bool) -> bool:
        """Whether the version of the tool that `run` calls is known to be in the range `bounds`.

        With `everywhere`, wherever it is called in the stages that are built on the same image: what holds for a stage
        must be right for each of its calls.
        """
        if not everywhere:
            return _is_known_in_range(invocation.version, bounds)
        tool, image = invocation.tool.tool, _lowest(run.stage)
        versions = self.remembered(_versions, (image.index, tool), lambda: _versions(self.runs_on(image), tool))
        return all(_is_known_in_range(version, bounds) for version in versions)

    def that_would_suffer(self, stage: Stage, start: int, tool: str) -> Entry | None:
        """A use of the cache of `tool` that would be worse off with it turned off in `stage` from offset `start` on.

        It uses a cache mount, or it fails where the cache is off.
        """
        suffering = self._suffering.get((stage.index, tool), [])
        at = bisect_left(suffering, start, key=lambda each: each[0])
        return suffering[at][1] if at < len(suffering) else None

    @cached_property
    def _suffering(self) -> Mapping[tuple[int, str], Sequence[tuple[int, Entry]]]:
        """By stage and tool what would suffer in the stages that are built on it, with the offset of its RUN, in order.

        The first of each RUN stands for all.
        """
        found: dict[tuple[int, str], list[tuple[int, Entry]]] = {}
        for run in self.runs:
            by_tool: dict[str, Entry] = {}
            for entry in filter(_would_suffer, run.entries):
                by_tool.setdefault(entry.invocation.tool.tool, entry)
            for tool, entry in by_tool.items():
                for stage in upwards(run.stage):
                    found.setdefault((stage.index, tool), []).append((run.instruction.span.start, entry))
        return found


def _versions(runs: Iterable[Run], tool: str) -> frozenset[str]:
    """Every version that `tool` has in some RUNs; an empty one is not known."""
    invocations = (entry.invocation for run in runs for entry in run.entries)
    return frozenset(each.version for each in invocations if each.tool.tool == tool)


def _is_known_in_range(version: str, bounds: str) -> bool:
    return version != "" and in_range(version, bounds)


def _would_suffer(entry: Entry) -> bool:
    if entry.verdict is Verdict.OFF:
        return False
    is_mounted = entry.mount is not None and entry.mount.type == "cache"
    return is_mounted or entry.purpose in {Purpose.EMPTIES, Purpose.NEEDS}


def _lowest(stage: Stage) -> Stage:
    """The stage that is built on an image, and a stage on it."""
    *_, lowest = upwards(stage)
    return lowest


def by_stage(items: Iterable[T], stage_of: Callable[[T], Stage]) -> Mapping[int, Sequence[T]]:
    """By the index of each stage what is in it or in one that is built on it, in the order given."""
    found: dict[int, list[T]] = {}
    for item in items:
        for stage in upwards(stage_of(item)):
            found.setdefault(stage.index, []).append(item)
    return found


def upwards(stage: Stage) -> Iterator[Stage]:
    """A stage, the one that it is built on, and so on."""
    current: Stage | None = stage
    while current is not None:
        yield current
        current = current.parent
