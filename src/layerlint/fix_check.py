"""Whether a fix changed words only, and not how a file falls into instructions."""

from __future__ import annotations

from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.parser import parse
from layerlint.source import Source


def changed_reading(before: Source, after: Source) -> str | None:
    """Why `after` is not read as `before` is but for words that changed; None if it is.

    The same must be: the number of instructions and their keywords, which are in exec form, the names of their
    here-documents, the number of comments, the escape character, and what is wrong with the file.
    """
    old, new = parse(before), parse(after)
    if appeared := [problem.message for problem in new.problems[len(old.problems) :]]:
        return f"its fix would break the file: {appeared[0]}"
    if len(old.instructions) != len(new.instructions):
        count = f"{len(new.instructions)} instead of {len(old.instructions)}"
        return f"its fix would change the number of instructions: {count}"
    if old.escape != new.escape:
        return "its fix would change the escape character"
    for one, other in zip(old.instructions, new.instructions, strict=True):
        if difference := _difference(one, other):
            return f"its fix would change {difference} (line {one.line})"
    if len(old.comments) != len(new.comments):
        return "its fix would turn an instruction's text into a comment, or a comment into text"
    return None


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
