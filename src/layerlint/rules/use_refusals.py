"""Fixes that are not made, as something needs the content of the cache."""

from __future__ import annotations

from layerlint.edits.refusal import CannotFixError
from layerlint.rules.facts import UseFact
from layerlint.rules.fix_scene import Scene

_FOR_SOMETHING_ELSE = "nothing in the RUN needs it, so that it must be there for something else"


def refuse_if_used(fact: UseFact, scene: Scene, *, for_mount: bool = False) -> None:
    """Raises `CannotFixError` unless what is in the cache is used in this RUN, and by nothing after it.

    What is put on a mount may be used after it by what fetches all that it lacks, and gets the mount as well.
    """
    entry, run = fact.entry, fact.run
    if not entry.cache.used_by:
        return
    later = fact.needed_later
    if later is not None:
        if for_mount and any(later.invocation.is_any(each.completed_by) for each in later.invocation.tool.caches):
            return
        raise CannotFixError(f"{scene.said_of(later)} needs it")
    if fact.needed == "here":
        return
    if fact.uses.is_filled_after(run, entry):
        raise CannotFixError("nothing in the RUN needs it, and a later one fetches it by itself")
    raise CannotFixError(_FOR_SOMETHING_ELSE)


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
