"""The edit that sets a variable for a stage: an ENV of its own, or one more variable in the ENV that is there."""

from __future__ import annotations

from itertools import takewhile

from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.stages import Stage
from layerlint.dockerfile.variables import name_values
from layerlint.edits.layout import LINE_LENGTH, continuation_indent, line_end, newline, text_start, white_space
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.source.source import Source, decode

# What people write right below FROM.
_HEAD = frozenset({"ARG", "LABEL", "MAINTAINER"})


def set_variable(stage: Stage, before: Instruction, assignment: str, source: Source, escape: str) -> Edit:
    """`NAME=value` for all of `stage` from before the instruction `before` on.

    It joins the last ENV in front of that, if this one sets several, and else follows it. Without an ENV it follows
    FROM and what says more of the stage. Raises `CannotFixError`.
    """
    in_front = list(takewhile(lambda each: each.span.start < before.span.start, stage.instructions))
    last = next((each for each in reversed(in_front) if each.keyword == "ENV"), None)
    if last is None:
        head = list(takewhile(lambda each: each.keyword in _HEAD, in_front))
        return _follow(head[-1] if head else stage.from_instruction, before, assignment, source)
    if len(name_values(last, escape)) > 1:
        return _join(last, assignment, source, escape)
    return _follow(last, before, assignment, source)


def _join(env: Instruction, assignment: str, source: Source, escape: str) -> Edit:
    """One more variable behind the last one of an ENV, on a line of its own if the others are."""
    text = env.text.source_span(0, len(env.text.data))
    if text is None:
        raise CannotFixError("the ENV does not stand in the file as such")
    end = text.end
    if b"\n" not in source.data[env.span.start : end] and end - env.span.start + len(assignment) < LINE_LENGTH:
        return Edit(end, end, f" {assignment}")
    indentation = continuation_indent(source, env.span.start, end)
    return Edit(end, end, f" {escape}{newline(source)}{indentation}{assignment}")


def _follow(instruction: Instruction, before: Instruction, assignment: str, source: Source) -> Edit:
    """An ENV on the line behind an instruction; behind a blank line, if FROM has one behind it.

    It is written as the instruction is, in small letters or capitals, and in the columns that it has with `before`.
    """
    end = instruction.span.end
    line_ending = newline(source)
    following = line_end(source, end) + 1
    is_blank = instruction.keyword == "FROM" and not source.data[following : line_end(source, following)].strip()
    gap = line_ending * (2 if is_blank else 1)
    keyword = "env" if source.data[instruction.span.start : instruction.keyword_span.end].islower() else "ENV"
    return Edit(end, end, f"{gap}{keyword}{_gap_between(instruction, before, source)}{assignment}")


def _gap_between(instruction: Instruction, before: Instruction, source: Source) -> str:
    """What stands behind the keyword of an ENV between two instructions."""
    starts = [text_start(source, each.keyword_span.end) for each in (instruction, before)]
    in_columns = len({white_space(source, start).expandtabs() for start in starts}) == 1
    for each, start in zip((instruction, before), starts, strict=True):
        if in_columns and len(each.keyword) == len("ENV"):
            return decode(source.data[each.keyword_span.end : start])
    return " "
