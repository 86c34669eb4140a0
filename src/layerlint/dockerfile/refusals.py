"""What BuildKit would refuse to build, in the words of a user."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from layerlint.dockerfile.instruction import Instruction, SyntaxProblem
from layerlint.dockerfile.keywords import KEYWORDS, NEEDS_ARGUMENTS, RUN_FLAGS
from layerlint.dockerfile.variables import AssignmentError, read_name_values
from layerlint.dockerfile.words import is_special, refusal
from layerlint.source.source import Source, Span

_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# BuildKit's scanner (Go's bufio.Scanner) has a buffer of this many bytes, one of which is the line feed's.
MAX_LINE_LENGTH = 65_535
# Names longer than this are not typing mistakes, and difflib's time is not linear.
_MAX_KEYWORD_LENGTH = 20

_ONE_VALUE = frozenset({"STOPSIGNAL", "USER", "WORKDIR"})
_MANY_VALUES = frozenset({"ADD", "COPY", "EXPOSE", "FROM", "VOLUME"})


def unreadable(source: Source) -> tuple[SyntaxProblem, ...]:
    """Why nothing of the file can be read; empty if something can."""
    data = source.data
    if data.startswith(_UTF_16_MARKS) or (len(data) >= 4 and data[1:4:2] == b"\0\0" and data[0] and data[2]):
        return (SyntaxProblem("The file is UTF-16 text; Docker reads UTF-8 only.", Span(0, min(2, len(data)))),)
    return ()


def refusals(
    source: Source, lines: list[bytes], instructions: tuple[Instruction, ...], escape: str
) -> Iterator[SyntaxProblem]:
    """What BuildKit refuses in `instructions`, read from the physical `lines` of `source`."""
    nul = source.data.find(b"\0")
    if nul >= 0:
        yield SyntaxProblem("The file holds a NUL byte.", Span(nul, nul + 1))
    if len(source.data) > MAX_LINE_LENGTH:
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_LINE_LENGTH:
                message = f"The line has more than {MAX_LINE_LENGTH} bytes, which is the most that Docker reads."
                yield SyntaxProblem(message, source.line_span(number))
    if not instructions:
        yield SyntaxProblem("The file has no instructions.", Span(0, 0))
        return
    yield from _stage_refusals(instructions)
    for instruction in instructions:
        reason = _refusal(instruction, escape)
        if reason:
            yield SyntaxProblem(reason, instruction.span)


def _stage_refusals(instructions: tuple[Instruction, ...]) -> Iterator[SyntaxProblem]:
    """Without a FROM there is nothing to build on; only an ARG may stand before it."""
    for instruction in instructions:
        if instruction.keyword == "FROM":
            return
        if instruction.keyword != "ARG" and instruction.keyword in KEYWORDS:
            yield SyntaxProblem(f"{instruction.keyword} has no FROM before it.", instruction.keyword_span)
            return
    yield SyntaxProblem("The file has no FROM.", instructions[0].keyword_span)


def _refusal(instruction: Instruction, escape: str) -> str | None:
    keyword = instruction.keyword
    if keyword not in KEYWORDS:
        return _unknown(keyword)
    if keyword in NEEDS_ARGUMENTS and not instruction.text.data:
        return f"{keyword} needs an argument."
    trigger = instruction.trigger
    if trigger is not None:
        if trigger.keyword in ("FROM", "MAINTAINER", "ONBUILD"):
            return f"ONBUILD cannot trigger {trigger.keyword}."
        return _refusal(trigger, escape)
    if keyword == "RUN":
        if not instruction.flags:
            return None
        unknown = next((flag for flag in instruction.flags if flag.name not in RUN_FLAGS), None)
        return f"RUN has no flag `--{unknown.name}`." if unknown is not None else None
    if keyword in ("ARG", "ENV", "LABEL"):
        return _assignment_refusal(keyword, instruction.text.text, escape)
    values: tuple[str, ...] = ()
    if instruction.exec_form is not None:
        values = tuple(text.text for text in instruction.exec_form) if keyword in _MANY_VALUES else ()
    elif keyword in _ONE_VALUE or keyword in _MANY_VALUES:
        arguments = instruction.text.text
        if not is_special(arguments, escape):
            return None
        values = (arguments,) if keyword in _ONE_VALUE else tuple(arguments.split())
    return _first_refusal(keyword, values, escape)


def _unknown(keyword: str) -> str:
    close = get_close_matches(keyword, sorted(KEYWORDS), n=1) if len(keyword) <= _MAX_KEYWORD_LENGTH else []
    shown = keyword if len(keyword) <= _MAX_KEYWORD_LENGTH else keyword[:_MAX_KEYWORD_LENGTH] + "..."
    hint = f"; did you mean {close[0]}?" if close else "."
    return f"There is no instruction `{shown}`{hint}" if shown else "A continuation stands where an instruction should."


def _assignment_refusal(keyword: str, arguments: str, escape: str) -> str | None:
    try:
        pairs = read_name_values(keyword, arguments, escape)
    except AssignmentError as error:
        return str(error)
    if not is_special(arguments, escape):
        return None
    return _first_refusal(keyword, tuple(text for pair in pairs for text in pair if text is not None), escape)


def _first_refusal(keyword: str, values: tuple[str, ...], escape: str) -> str | None:
    for value in values:
        reason = refusal(value, escape)
        if reason:
            return f"Docker cannot read the arguments of {keyword}: {reason}."
    return None
