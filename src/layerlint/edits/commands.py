"""Edits to whole commands of a shell script: a variable in front of one, one taken out of a chain."""

from __future__ import annotations

from layerlint.edits.layout import BLANK
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.lazy_pattern import lazy_pattern
from layerlint.shell.command import Command
from layerlint.shell.wrappers import BACKSLASH_PATHS
from layerlint.source import Source, Span

# Behind the operator the list may go on in the next line of a script. A comment line is no white space.
_AND = lazy_pattern(rb"%b*&&(?:%b|\r?\n)*" % (BLANK, BLANK))


def put_in_front(command: Command, assignment: str, source: Source) -> Edit:
    """`NAME=value` in front of a simple command. Raises `CannotFixError`."""
    if command.first is None:
        raise CannotFixError("an exec form has no place for a variable")
    if command.shell in BACKSLASH_PATHS:
        raise CannotFixError(f"{command.shell} sets no variable in front of a command")
    span = command.first.span
    if span is None or command.first.shared or source.data[span.start : span.end] == b"":
        raise CannotFixError("the command does not stand in the file as such")
    return Edit(span.start, span.start, f"{assignment} ")


def take_from_front(command: Command, assignment: Span | None, name: str, source: Source) -> Edit:
    """The assignment of the variable `name` taken out, if it stands right in front of a command.

    Raises `CannotFixError`.
    """
    span = command.first.span if command.first is not None else None
    if assignment is not None and span is not None and assignment.end <= span.start:
        between = source.data[assignment.end : span.start]
        if not between.strip(b" \t"):
            return Edit(assignment.start, span.start, "")
    raise CannotFixError(f"{name} turns the cache off for another command of the RUN")


def remove_from_chain(command: Command, script: Span, source: Source) -> Edit:
    """A command taken out of a chain of `&&`, with the operator that joins it to the others.

    `script` is the text that the chain is all of. Raises `CannotFixError`.
    """
    whole = command.span
    if command.first is None or command.first.span is None or whole is None:
        raise CannotFixError("the command does not stand in the file as such")
    if command.redirections:
        raise CannotFixError("the command has a redirection")
    start, end = command.first.span.start, whole.end
    behind = _AND.match(source.data, end)
    before = _operator_before(source.data, script.start, start)
    is_last = not source.data[end : script.end].strip()
    if before is not None and (behind is not None or is_last):
        return Edit(before, end, "")
    if not source.data[script.start : start].strip() and behind is not None:
        return Edit(start, behind.end(), "")
    raise CannotFixError("the command is not one of a chain of `&&`, from which it could be taken out")


def _operator_before(data: bytes, floor: int, start: int) -> int | None:
    """Where the white space begins that is in front of the `&&` which a command at `start` stands behind."""
    at = start
    while at > floor and data[at - 1 : at] in b" \t\r\n&\\`":
        at -= 1
    between = data[at:start]
    return at if _AND.fullmatch(between) else None
