"""What needs the content of the caches that a file's RUNs fill: something in the same RUN, or something after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose, Verdict
from layerlint.dockerfile.stages import Stage
from layerlint.rules.facts.scene import upwards
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

_FILLED = frozenset({Verdict.LEFT, Verdict.REMOVED})


@dataclass(frozen=True)
class Uses:
    """What needs the caches that `runs` fill, which are those of a file, in order. Found when somebody asks.

    RUNs are told apart by identity.
    """

    runs: Sequence[Run]
    _last: dict[int, tuple[Mapping[str, int], Mapping[str, int]]] = field(default_factory=dict)

    def after(self, run: Run, entry: Entry) -> Entry | None:
        """What first needs what `run` leaves in the cache of `entry`, before anything fills that again."""
        return self._found.later.get((id(run), entry.directory))

    def is_filled_after(self, run: Run, entry: Entry) -> bool:
        """Whether a RUN after `run` fetches by itself what is in the cache of `entry`."""
        return (id(run), entry.directory) in self._found.refilled

    def last_in(self, run: Run, entry: Entry) -> int:
        """The index of the last entry of `run` that needs what is in the cache of `entry`; -1 if none does."""
        return self._found.last.get((id(run), entry.directory), -1)

    def last_fetching(self, run: Run, entry: Entry) -> int:
        """The index of the last entry of `run` that fills the cache of `entry` for itself; -1 if none does."""
        return self._last_of(run)[0].get(entry.directory, -1)

    def last_filling(self, run: Run, entry: Entry) -> int:
        """The index of the last entry of `run` that fills the cache of `entry`; -1 if none does."""
        return self._last_of(run)[1].get(entry.directory, -1)

    def _last_of(self, run: Run) -> tuple[Mapping[str, int], Mapping[str, int]]:
        if id(run) not in self._last:
            self._last[id(run)] = _last(run, _fetches_itself), _last(run, lambda each: each.purpose is Purpose.FILLS)
        return self._last[id(run)]

    @cached_property
    def _found(self) -> _Found:
        return _find(self.runs)


@dataclass(frozen=True, slots=True)
class _Found:
    """By RUN and directory: the last entry of the RUN that needs what is in it, and the first of a RUN after it.

    `refilled` are those that a RUN after it fills again of its own accord.
    """

    last: Mapping[tuple[int, str], int]
    later: Mapping[tuple[int, str], Entry]
    refilled: Collection[tuple[int, str]]


def _find(runs: Iterable[Run]) -> _Found:
    last: dict[tuple[int, str], int] = {}
    later: dict[tuple[int, str], Entry] = {}
    refilled = set[tuple[int, str]]()
    filled: dict[tuple[int, str], list[Run]] = {}  # by stage: the RUNs whose content may be there
    waiting: dict[tuple[int, str], list[Run]] = {}  # those of them that nothing has filled again
    for run in runs:
        for index, entry in enumerate(run.entries):
            directory = entry.directory
            if entry.purpose is Purpose.FILLS:
                there = _there(waiting, run.stage, directory) if waiting and _fetches_itself(entry) else []
                if there:
                    refilled.update((id(filler), directory) for filler in there if filler is not run)
                    there[:] = [filler for filler in there if filler is run]
                if entry.verdict in _FILLED:
                    for fillers in (filled, waiting):
                        _fill(fillers, run, directory, certain=entry.invocation.command.branch.always)
            elif entry.purpose is Purpose.USES and entry.verdict is Verdict.LEFT:
                last[id(run), directory] = index
                there = _there(filled, run.stage, directory)
                for filler in there:
                    if filler is not run:
                        later.setdefault((id(filler), directory), entry)
                there[:] = [filler for filler in there if filler is run]  # the others are known to be used
    return _Found(last, later, refilled)


def _fetches_itself(entry: Entry) -> bool:
    """Whether an entry is of a command that fills a cache and uses what it has fetched, and not for others to use."""
    if entry.purpose is not Purpose.FILLS or entry.cache.used_by:
        return False
    return entry.verdict not in {Verdict.ABORTED, Verdict.UNWRITABLE}


def _fill(filled: dict[tuple[int, str], list[Run]], run: Run, directory: str, *, certain: bool) -> None:
    key = run.stage.index, directory
    if certain:
        filled[key] = [run]
        return
    there = filled.get(key)
    if there is None:
        there = filled[key] = list(_there(filled, run.stage, directory))
    if not there or there[-1] is not run:
        there.append(run)


def _there(filled: Mapping[tuple[int, str], list[Run]], stage: Stage, directory: str) -> list[Run]:
    return next((there for each in upwards(stage) if (there := filled.get((each.index, directory))) is not None), [])


def _last(run: Run, is_meant: Callable[[Entry], bool]) -> dict[str, int]:
    """For each directory the index of the last entry that is meant."""
    return {entry.directory: index for index, entry in enumerate(run.entries) if is_meant(entry)}
