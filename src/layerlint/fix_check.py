"""Whether a fix changed words only, and not how a file falls into instructions."""

from __future__ import annotations

from collections.abc import Sequence

from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.parser import parse
from layerlint.source import Source


def changed_reading(before: Source, after: Source) -> str | None:
    """Why `after` is not read as `before` is but for words that changed and ENVs that came; None if it is.

    The same must be: the number of other instructions and their keywords, which are in exec form, the names of their
    here-documents, the number of comments, the escape character, and what is wrong with the file.
    """
    old, new = parse(before), parse(after)
    if appeared := [problem.message for problem in new.problems[len(old.problems) :]]:
        return f"its fix would break the file: {appeared[0]}"
    left = _without_added_environment(old.instructions, new.instructions)
    if len(old.instructions) != len(left):
        count = f"{len(left)} instead of {len(old.instructions)}"
        return f"its fix would change the number of instructions: {count}"
    if old.escape != new.escape:
        return "its fix would change the escape character"
    for one, other in zip(old.instructions, left, strict=True):
        if difference := _difference(one, other):
            return f"its fix would change {difference} (line {one.line})"
    if len(old.comments) != len(new.comments):
        return "its fix would turn an instruction's text into a comment, or a comment into text"
    return None


def _without_added_environment(old: Sequence[Instruction], new: Sequence[Instruction]) -> list[Instruction]:
    """The instructions of `new` but for ENVs that `old` has not, as many as there are more."""
    added = len(new) - len(old)
    left: list[Instruction] = []
    for instruction in new:
        counterpart = old[len(left)] if len(left) < len(old) else None
        is_there = counterpart is not None and counterpart.keyword == "ENV" and _same_start(counterpart, instruction)
        if added > 0 and instruction.keyword == "ENV" and not is_there:
            added -= 1
        else:
            left.append(instruction)
    return left


def _same_start(one: Instruction, other: Instruction) -> bool:
    """Whether `other` says what `one` says, or more."""
    return other.text.data.startswith(one.text.data)


def _difference(one: Instruction, other: Instruction) -> str:
    """What of an instruction a fix may not change, and has."""
    if one.keyword != other.keyword:
        return f"{one.keyword} into {other.keyword}"
    if (one.exec_form is None) != (other.exec_form is None):
        return f"the form of {one.keyword} (exec or shell)"
    if [heredoc.name for heredoc in one.heredocs] != [heredoc.name for heredoc in other.heredocs]:
        return f"the here-documents of {one.keyword}"
    if one.trigger is not None and other.trigger is not None:
        return _difference(one.trigger, other.trigger)
    return ""
