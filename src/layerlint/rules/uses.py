"""What needs the content of the caches that a file's RUNs fill: something in the same RUN, or something after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose, Verdict
from layerlint.dockerfile.stages import Stage
from layerlint.edits.refusal import CannotFixError
from layerlint.quick_dataclass import dataclass
from layerlint.rules.facts import UseFact
from layerlint.rules.fix_scene import Scene, upwards


@dataclass(frozen=True, slots=True)
class Uses:
    """By RUN and directory: the last entry of the RUN that needs what is in it, and the first of a RUN after it."""

    last: Mapping[tuple[int, str], int]
    later: Mapping[tuple[int, str], Entry]

    def last_in(self, run: Run, entry: Entry) -> int:
        """The index of the last entry of `run` that needs what is in the cache of `entry`; -1 if none does."""
        return self.last.get((id(run), entry.directory), -1)

    def after(self, run: Run, entry: Entry) -> Entry | None:
        """What first needs what `run` leaves in the cache of `entry`, before anything fills that again."""
        return self.later.get((id(run), entry.directory))


def find_uses(runs: Iterable[Run]) -> Uses:
    """The uses of the caches of `runs`, which are those of a file in order and go on being there."""
    last: dict[tuple[int, str], int] = {}
    later: dict[tuple[int, str], Entry] = {}
    filled: dict[tuple[int, str], list[Run]] = {}  # by stage: the RUNs whose content may be there
    for run in runs:
        for index, entry in enumerate(run.entries):
            directory = entry.directory
            if entry.purpose is Purpose.FILLS and entry.verdict in {Verdict.LEFT, Verdict.REMOVED}:
                _fill(filled, run, directory, certain=entry.invocation.command.branch.always)
            elif entry.purpose is Purpose.USES and entry.verdict is Verdict.LEFT:
                last[id(run), directory] = index
                there = _there(filled, run.stage, directory)
                for filler in there:
                    if filler is not run:
                        later.setdefault((id(filler), directory), entry)
                there[:] = [filler for filler in there if filler is run]  # the others are known to be used
    return Uses(last, later)


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


def refuse_if_used(fact: UseFact, scene: Scene, *, for_mount: bool = False) -> None:
    """Raises `CannotFixError` unless what is in the cache is used in this RUN, and by nothing after it.

    What is put on a mount may be used after it by what fetches all that it lacks, and gets the mount as well.
    """
    cache = fact.entry.cache
    if not cache.used_by:
        return
    uses = scene.remembered(find_uses, lambda: find_uses(scene.runs))
    later = uses.after(fact.run, fact.entry)
    if later is not None:
        if for_mount and any(later.invocation.is_any(each.completed_by) for each in later.invocation.tool.caches):
            return
        raise CannotFixError(f"{scene.said_of(later)} needs it")
    if uses.last_in(fact.run, fact.entry) < fact.index:
        raise CannotFixError("nothing in the RUN needs it, so that it must be there for something else")


def refuse_unless_filled_again(fact: UseFact, scene: Scene) -> None:
    """Raises `CannotFixError` where something needs what the command has filled the cache with.

    A later command of the RUN that fills the cache too does not: it fetches what it needs by itself.
    """
    entry = fact.entry
    uses = scene.remembered(find_uses, lambda: find_uses(scene.runs))
    if uses.after(fact.run, entry) is not None or uses.last_in(fact.run, entry) > fact.index:
        raise CannotFixError("something needs what it fetches")
    last = scene.remembered((id(fact.run), "fills"), lambda: _last_fills(fact.run))
    if last[entry.directory] <= fact.index:
        raise CannotFixError("nothing else in the RUN fetches by itself, so that it must be there for something")


def _last_fills(run: Run) -> dict[str, int]:
    """For each directory the index of the last entry that fills it, or would if it were not off."""
    return {entry.directory: index for index, entry in enumerate(run.entries) if entry.purpose is Purpose.FILLS}
