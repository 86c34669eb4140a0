"""The fix that turns a cache off for a whole stage."""

from __future__ import annotations

from layerlint.edits.environment import set_variable
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.rules.facts import UseFact
from layerlint.rules.fix_scene import Scene


def set_environment(assignment: str, fact: UseFact, scene: Scene) -> Edit:
    """One ENV for all commands of the stage that need it, in the lowest stage that does. Raises `CannotFixError`."""
    invocation = fact.entry.invocation
    name = assignment.partition("=")[0]
    if not invocation.command.has_environment or invocation.last(invocation.tool.ignores_environment) is not None:
        raise CannotFixError("the environment of the stage does not get through to the command")
    if invocation.command.environment(name) is not None:
        raise CannotFixError(f"{name} is set already")
    tool = invocation.tool.tool
    first = scene.first_in_need(fact.run.stage, tool)
    if first is None:
        raise CannotFixError("nothing in the stage leaves a cache")
    suffering = scene.that_would_suffer(first, tool)
    if suffering is not None:
        span = suffering.invocation.span
        line = f" in line {scene.source.line_at(span.start)}" if span is not None else ""
        raise CannotFixError(f"`{suffering.invocation.title}`{line} needs the cache")
    return set_variable(first.stage, first.instruction, assignment, scene.source, scene.dockerfile.escape)
