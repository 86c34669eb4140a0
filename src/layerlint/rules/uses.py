"""What needs the content of the caches that a file's RUNs fill: something in the same RUN, or something after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose, Verdict
from layerlint.dockerfile.stages import Stage
from layerlint.edits.refusal import CannotFixError
from layerlint.quick_dataclass import dataclass
from layerlint.rules.facts import UseFact
from layerlint.rules.fix_scene import Scene, upwards

_FILLED = frozenset({Verdict.LEFT, Verdict.REMOVED})
_FOR_SOMETHING_ELSE = "nothing in the RUN needs it, so that it must be there for something else"


@dataclass(frozen=True, slots=True)
class Uses:
    """By RUN and directory: the last entry of the RUN that needs what is in it, and the first of a RUN after it.

    `refilled` are those that a RUN after it fills again of its own accord.
    """

    last: Mapping[tuple[int, str], int]
    later: Mapping[tuple[int, str], Entry]
    refilled: Collection[tuple[int, str]]

    def last_in(self, run: Run, entry: Entry) -> int:
        """The index of the last entry of `run` that needs what is in the cache of `entry`; -1 if none does."""
        return self.last.get((id(run), entry.directory), -1)

    def after(self, run: Run, entry: Entry) -> Entry | None:
        """What first needs what `run` leaves in the cache of `entry`, before anything fills that again."""
        return self.later.get((id(run), entry.directory))

    def is_filled_after(self, run: Run, entry: Entry) -> bool:
        """Whether a RUN after `run` fetches by itself what is in the cache of `entry`."""
        return (id(run), entry.directory) in self.refilled


def find_uses(runs: Iterable[Run]) -> Uses:
    """The uses of the caches of `runs`, which are those of a file in order and go on being there."""
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
    return Uses(last, later, refilled)


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


def refuse_if_used(fact: UseFact, scene: Scene, *, for_mount: bool = False) -> None:
    """Raises `CannotFixError` unless what is in the cache is used in this RUN, and by nothing after it.

    What is put on a mount may be used after it by what fetches all that it lacks, and gets the mount as well.
    """
    entry, run = fact.entry, fact.run
    if not for_mount:
        _refuse_if_beside(fact, scene)
    if not entry.cache.used_by:
        return
    uses = scene.remembered(find_uses, lambda: find_uses(scene.runs))
    later = uses.after(run, entry)
    if later is not None:
        if for_mount and any(later.invocation.is_any(each.completed_by) for each in later.invocation.tool.caches):
            return
        raise CannotFixError(f"{scene.said_of(later)} needs it")
    fetching = scene.remembered((id(run), "fetches"), lambda: _last(run, _fetches_itself))
    if max(uses.last_in(run, entry), fetching.get(entry.directory, -1)) >= fact.index:
        return
    if uses.is_filled_after(run, entry):
        raise CannotFixError("nothing in the RUN needs it, and a later one fetches it by itself")
    raise CannotFixError(_FOR_SOMETHING_ELSE)


def _refuse_if_beside(fact: UseFact, scene: Scene) -> None:
    """Raises `CannotFixError` where a command up to the end of the RUN has put into the directory what is for later.

    That is of another cache of the tool, and goes with what is emptied: its RUN fetches it for something else.
    """
    entry, run = fact.entry, fact.run
    for_later = scene.remembered("for later", lambda: _for_later(scene.runs))
    for other_run, index, other in for_later.get(entry.directory, ()):
        is_before = other_run.instruction.span.start <= run.instruction.span.start
        if is_before and other.cache is not entry.cache and other_run.stage in upwards(run.stage):
            uses = scene.remembered(find_uses, lambda: find_uses(scene.runs))
            if uses.last_in(other_run, other) < index:
                raise CannotFixError(f"what {scene.said_of(other)} fetches for something else is there too")


def _for_later(runs: Iterable[Run]) -> dict[str, list[tuple[Run, int, Entry]]]:
    """All that is left in each directory and that something may need: the RUN, the entry's index and the entry."""
    left: dict[str, list[tuple[Run, int, Entry]]] = {}
    for run in runs:
        for index, entry in enumerate(run.entries):
            if entry.left and entry.cache.used_by:
                left.setdefault(entry.directory, []).append((run, index, entry))
    return left


def refuse_unless_filled_again(fact: UseFact, scene: Scene) -> None:
    """Raises `CannotFixError` where something needs what the command has filled the cache with.

    A later command that fills the cache too does not: it fetches what it needs by itself.
    """
    entry, run = fact.entry, fact.run
    uses = scene.remembered(find_uses, lambda: find_uses(scene.runs))
    later = uses.after(run, entry)
    if later is not None:
        raise CannotFixError(f"{scene.said_of(later)} needs it")
    if uses.last_in(run, entry) > fact.index:
        raise CannotFixError("something in the RUN needs it")
    last = scene.remembered((id(run), "fills"), lambda: _last(run, lambda each: each.purpose is Purpose.FILLS))
    if last[entry.directory] <= fact.index and not uses.is_filled_after(run, entry):
        raise CannotFixError(_FOR_SOMETHING_ELSE)


def _last(run: Run, is_meant: Callable[[Entry], bool]) -> dict[str, int]:
    """For each directory the index of the last entry that is meant."""
    return {entry.directory: index for index, entry in enumerate(run.entries) if is_meant(entry)}
