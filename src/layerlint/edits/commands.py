"""Edits to whole commands of a shell script: a variable in front of one, one taken out of a chain or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layerlint.edits.layout import line_end, line_start, remove_lines
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.lazy_pattern import lazy_pattern
from layerlint.mapped_text import MappedText
from layerlint.shell.command import Command
from layerlint.shell.syntax import parse
from layerlint.shell.wrappers import BACKSLASH_PATHS
from layerlint.source import Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node

# Between two commands of a list: white space and continuations. A comment line is none of both.
_BLANK = rb"(?:[ \t]|[\\`][ \t]*\r?\n|\r?\n)*"
_AND = lazy_pattern(rb"(?:[ \t]|[\\`][ \t]*\r?\n)*&&" + _BLANK)
_AND_BEHIND_COMMENTS = lazy_pattern(rb"(?:[ \t]|[\\`][ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\n)*)*&&")
_SEMICOLON = lazy_pattern(rb"(?:[ \t]|[\\`][ \t]*\r?\n)*;" + _BLANK)
_AMONG_OTHERS = "the command cannot be taken out without a change to what is around it"


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


def remove_command(command: Command, script: MappedText, source: Source) -> Edit:
    """A command taken out of a script: of a chain of `&&` with the operator that joins it to the others, or of a list.

    `script` is all that the command's shell reads. Raises `CannotFixError`.
    """
    whole, around = command.span, script.source_span(0, len(script.data))
    if command.first is None or command.first.span is None or whole is None or around is None:
        raise CannotFixError("the command does not stand in the file as such")
    if command.redirections:
        raise CannotFixError("the command has a redirection")
    start, end = command.first.span.start, whole.end
    behind = _AND.match(source.data, end)
    before = _operator_before(source.data, around.start, start)
    is_last = not source.data[end : around.end].strip()
    if before is not None and (is_last or _AND_BEHIND_COMMENTS.match(source.data, end)):
        return Edit(before, end, "")
    if not source.data[around.start : start].strip() and behind is not None:
        return Edit(start, behind.end(), "")
    return _from_statements(Span(start, end), script, source)


def _from_statements(written: Span, script: MappedText, source: Source) -> Edit:
    """A command taken out that is the first of one of a script's statements, or all of it."""
    root = parse(script.data)
    statements = [child for child in root.children if child.is_named and child.type != "comment"]
    spans = [_span(node, script) for node in statements]
    index = next((index for index, span in enumerate(spans) if span is not None and span.start == written.start), None)
    if index is None or root.has_error:
        raise CannotFixError(_AMONG_OTHERS)
    if spans[index] != written:
        behind = _AND.match(source.data, written.end)
        if behind is None or _span(_first_of_chain(statements[index]), script) != written:
            raise CannotFixError(_AMONG_OTHERS)
        return Edit(written.start, behind.end(), "")
    if len(statements) == 1:
        raise CannotFixError("the command is all that the RUN does")
    if script.data[: statements[index].start_byte].rstrip(b" \t")[-1:] in {b"", b"\n"}:
        lines = _lines(written, source)
        if lines is not None:
            return lines
    following, previous = spans[index + 1 : index + 2], spans[max(index - 1, 0) : index]
    for span in following:
        if span is not None and _SEMICOLON.fullmatch(source.data, written.end, span.start):
            return Edit(written.start, span.start, "")
    for span in previous:
        is_at_end = script.data[statements[index].end_byte :].lstrip(b" \t;")[:1] in {b"", b"\n"}
        if span is not None and is_at_end and _SEMICOLON.fullmatch(source.data, span.end, written.start):
            return Edit(span.end, written.end, "")
    raise CannotFixError(_AMONG_OTHERS)


def _lines(written: Span, source: Source) -> Edit | None:
    """The lines of a command taken out, if nothing else is on them. Raises `CannotFixError`."""
    start, end = line_start(source, written.start), line_end(source, written.end)
    if source.data[start : written.start].strip() or source.data[written.end : end].strip() not in {b"", b";"}:
        return None
    return remove_lines(start, end, source, is_first_of_several=True)


def _span(node: Node | None, script: MappedText) -> Span | None:
    return script.source_span(node.start_byte, node.end_byte) if node is not None else None


def _first_of_chain(node: Node) -> Node | None:
    """The first command of a list in which `&&` stands behind it; None if there is another operator."""
    operator = None
    while node.type == "list":
        operator = next((child.type for child in node.children if child.type in {"&&", "||"}), None)
        node = node.children[0]
    return node if operator == "&&" else None


def _operator_before(data: bytes, floor: int, start: int) -> int | None:
    """Where the white space begins that is in front of the `&&` which a command at `start` stands behind."""
    at = start
    while at > floor and data[at - 1 : at] in b" \t\r\n&\\`":
        at -= 1
    between = data[at:start]
    return at if _AND.fullmatch(between) else None
