"""The fix that turns a cache off for a whole stage."""

from __future__ import annotations

from layerlint.caches.ledger import Purpose
from layerlint.dockerfile.stages import Stage
from layerlint.edits.environment import set_variable
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.rules.facts.cache_facts import UseFact
from layerlint.rules.facts.scene import Scene
from layerlint.rules.fixes.strict_removals import for_stage


def set_environment(assignment: str, fact: UseFact, scene: Scene) -> tuple[Edit, ...]:
    """One ENV for all commands of the stage that need it, in the lowest stage that does, and what goes with it.

    Raises `CannotFixError`.
    """
    invocation = fact.entry.invocation
    name = assignment.partition("=")[0]
    if not invocation.command.has_environment or invocation.last(invocation.tool.ignores_environment) is not None:
        raise CannotFixError("the environment of the stage does not get through to the command")
    if fact.entry.purpose is Purpose.FILLS and fact.directory_option is not None:
        raise CannotFixError(f"{fact.directory_option.name} turns the cache on again")
    if invocation.command.environment(name) is not None:
        raise CannotFixError(f"{name} is set already")
    tool = invocation.tool.tool
    first = scene.first_in_need(fact.run.stage, tool)
    if first is None:
        raise CannotFixError("nothing in the stage leaves a cache")
    edit = set_variable(first.stage, first.instruction, assignment, scene.source, scene.dockerfile.escape)
    refuse_if_needed(scene, first.stage, edit.start, tool)
    return (edit, *for_stage(tool, first.stage, edit.start, scene))


def refuse_if_needed(scene: Scene, stage: Stage, start: int, tool: str) -> None:
    """Raises `CannotFixError` when something in `stage`, from offset `start` on, needs the cache of `tool`."""
    needing = scene.that_would_suffer(stage, start, tool)
    if needing is not None:
        raise CannotFixError(f"{scene.said_of(needing)} needs the cache")
