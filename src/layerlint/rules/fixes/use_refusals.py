"""Fixes that are not made, as something needs the content of the cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose
from layerlint.edits.refusal import CannotFixError
from layerlint.rules.facts.cache_facts import UseFact
from layerlint.rules.facts.scene import Scene, upwards
from layerlint.rules.facts.uses import Uses

_FOR_SOMETHING_ELSE = "nothing in the RUN needs it, so that it must be there for something else"


def refuse_if_used(fact: UseFact, scene: Scene, *, for_mount: bool = False) -> None:
    """Raises `CannotFixError` unless what is in the cache is used in this RUN, and by nothing after it.

    What is put on a mount may be used after it by what fetches all that it lacks, and gets the mount as well.
    """
    if not for_mount:
        refuse_if_beside(fact, scene)
    reason = _why_it_is_kept(fact, scene, for_mount=for_mount)
    if reason is not None:
        raise CannotFixError(reason)
    if for_mount:
        _refuse_if_mounted_too(fact, scene)


def _why_it_is_kept(fact: UseFact, scene: Scene, *, for_mount: bool) -> str | None:
    """Why what is in the cache has to be in the layer; None if it has not."""
    entry, run = fact.entry, fact.run
    if not entry.cache.used_by:
        return None
    later = fact.needed_later
    if later is not None:
        return None if for_mount and _fetches_what_lacks(later) else f"{scene.said_of(later)} needs it"
    if fact.needed == "here" or _is_fetched_anew_next(fact, scene):
        return None
    if fact.uses.is_filled_after(run, entry):
        return "nothing in the RUN needs it, and a later one fetches it by itself"
    return _FOR_SOMETHING_ELSE


def _is_fetched_anew_next(fact: UseFact, scene: Scene) -> bool:
    """Whether the next RUN of the stage begins with a command that fills the cache too: nothing is there to need it.

    What has a subcommand for it does nothing else, and is better taken out.
    """
    entry, run = fact.entry, fact.run
    if not entry.invocation.is_without_subcommand:
        return False
    behind = scene.behind(run.instruction)
    own = scene.run_of(next((each for each in behind if each.keyword in {"RUN", "FROM"}), None))
    if run.run is not run.instruction or own is None or not own.commands or not own.commands[0].branch.always:
        return False
    return any(
        each.purpose is Purpose.FILLS and each.cache is entry.cache and each.directory == entry.directory
        for each in own.entries
        if each.invocation.command is own.commands[0]
    )


def refuse_if_beside(fact: UseFact, scene: Scene) -> None:
    """Raises `CannotFixError` where a command up to the end of the RUN has put into the directory what is for later.

    That is of another cache of the tool, and goes with what is emptied: its RUN fetches it for something else.
    """
    entry, start = fact.entry, fact.run.instruction.span.start
    for_later = scene.remembered(_for_later, None, lambda: _for_later(scene.runs, fact.uses))
    for stage in upwards(fact.run.stage):
        for offset, other in for_later.get((stage.index, entry.directory), {}).values():
            if offset <= start and other.cache is not entry.cache:
                raise _there_too(other, scene)


def _refuse_if_mounted_too(fact: UseFact, scene: Scene) -> None:
    """Raises `CannotFixError` where the mount would also take along what another command puts there for later."""
    run = fact.run
    kept = scene.remembered(_not_for_mount, id(run), lambda: _not_for_mount(run, fact.uses, scene))
    if fact.entry.directory in kept:
        raise _there_too(kept[fact.entry.directory], scene)


def _not_for_mount(run: Run, uses: Uses, scene: Scene) -> Mapping[str, Entry]:
    """By directory the first that has to be in the layer of a RUN."""
    found: dict[str, Entry] = {}
    for index, entry in enumerate(run.entries):
        if entry.left and _why_it_is_kept(UseFact(run, index, entry, uses), scene, for_mount=True) is not None:
            found.setdefault(entry.directory, entry)
    return found


def _there_too(other: Entry, scene: Scene) -> CannotFixError:
    return CannotFixError(f"what {scene.said_of(other)} fetches for something else is there too")


def _fetches_what_lacks(later: Entry) -> bool:
    """Whether what needs a cache fetches by itself all that is not in it."""
    return any(later.invocation.is_any(each.completed_by) for each in later.invocation.tool.caches)


def _for_later(runs: Iterable[Run], uses: Uses) -> Mapping[tuple[int, str], Mapping[int, tuple[int, Entry]]]:
    """By stage and directory, of each cache the first that is left there for something in a later RUN.

    With each stands the offset of its RUN.
    """
    found: dict[tuple[int, str], dict[int, tuple[int, Entry]]] = {}
    for run in runs:
        for index, entry in enumerate(run.entries):
            if entry.cache.used_by and entry.left and uses.last_in(run, entry) < index:
                of_caches = found.setdefault((run.stage.index, entry.directory), {})
                of_caches.setdefault(id(entry.cache), (run.instruction.span.start, entry))
    return found


def refuse_unless_filled_again(fact: UseFact, scene: Scene) -> None:
    """Raises `CannotFixError` where something needs what the command has filled the cache with.

    A later command that fills the cache too does not: it fetches what it needs by itself.
    """
    entry, run, uses = fact.entry, fact.run, fact.uses
    later = uses.after(run, entry)
    if later is not None:
        raise CannotFixError(f"{scene.said_of(later)} needs it")
    if uses.last_in(run, entry) > fact.index:
        raise CannotFixError("something in the RUN needs it")
    if uses.last_filling(run, entry) <= fact.index and not uses.is_filled_after(run, entry):
        raise CannotFixError(_FOR_SOMETHING_ELSE)
