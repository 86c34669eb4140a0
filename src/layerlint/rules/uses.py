"""What needs the content of the caches that a file's RUNs fill: something in the same RUN, or something after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose, Verdict
from layerlint.dockerfile.stages import Stage
from layerlint.quick_dataclass import dataclass
from layerlint.rules.fix_scene import upwards

_Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Uses:
    """By RUN and cache: the last entry of the RUN that needs what is in it, and the first of a RUN after it."""

    last: Mapping[tuple[int, _Place], int]
    later: Mapping[tuple[int, _Place], Entry]

    def last_in(self, run: Run, entry: Entry) -> int:
        """The index of the last entry of `run` that needs what is in the cache of `entry`; -1 if none does."""
        return self.last.get((id(run), _place(entry)), -1)

    def after(self, run: Run, entry: Entry) -> Entry | None:
        """What first needs what `run` leaves in the cache of `entry`, before anything fills that again."""
        return self.later.get((id(run), _place(entry)))


def find_uses(runs: Iterable[Run]) -> Uses:
    """The uses of the caches of `runs`, which are those of a file in order and go on being there."""
    last: dict[tuple[int, _Place], int] = {}
    later: dict[tuple[int, _Place], Entry] = {}
    filled: dict[tuple[int, _Place], list[Run]] = {}  # by stage: the RUNs whose content may be there
    for run in runs:
        for index, entry in enumerate(run.entries):
            place = _place(entry)
            if entry.purpose is Purpose.FILLS and entry.verdict in {Verdict.LEFT, Verdict.REMOVED}:
                before = [] if entry.invocation.command.branch.always else _there(filled, run.stage, place)
                filled[run.stage.index, place] = [*before, run] if run not in before[-1:] else before
            elif entry.purpose is Purpose.USES and entry.verdict is Verdict.LEFT:
                last[id(run), place] = index
                there = _there(filled, run.stage, place)
                for filler in there:
                    if filler is not run:
                        later.setdefault((id(filler), place), entry)
                there[:] = [filler for filler in there if filler is run]  # the others are known to be used
    return Uses(last, later)


def _there(filled: Mapping[tuple[int, _Place], list[Run]], stage: Stage, place: _Place) -> list[Run]:
    return next((there for each in upwards(stage) if (there := filled.get((each.index, place))) is not None), [])


def _place(entry: Entry) -> _Place:
    return id(entry.cache), entry.directory
