"""Edits to whole commands of a shell script: a variable in front of one, one taken out of a chain or a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from layerlint.edits.layout import BLANK, lines_of, remove_lines
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.shell.command import Command
from layerlint.shell.syntax import parse
from layerlint.shell.wrappers import BACKSLASH_PATHS
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

if TYPE_CHECKING:
    from tree_sitter import Node

# Behind the operator the list may go on in the next line of a script. A comment line is no white space.
_AND = lazy_pattern(rb"%b*&&(?:%b|\r?\n)*" % (BLANK, BLANK))
_AND_BEHIND_COMMENTS = lazy_pattern(rb"(?:[ \t]|[\\`][ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\n)*)*&&")
_SEMICOLON = lazy_pattern(rb"%b*;(?:%b|\r?\n)*" % (BLANK, BLANK))
_AMONG_OTHERS = "the command cannot be taken out without a change to what is around it"


def put_in_front(command: Command, assignment: str, source: Source) -> Edit:
    """`NAME=value` in front of a simple command, or behind what would clear it. Raises `CannotFixError`."""
    if command.first is None:
        raise CannotFixError("an exec form has no place for a variable")
    before = command.first if command.has_environment else command.variables_before
    if before is None:
        raise CannotFixError("what starts the command hands no variable on")
    if command.shell in BACKSLASH_PATHS:
        raise CannotFixError(f"{command.shell} sets no variable in front of a command")
    span = before.span
    if span is None or before.shared or source.data[span.start : span.end] == b"":
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


@dataclass(frozen=True)
class Statements:
    """All that a shell reads, and its statements, which are found once for all of the commands."""

    script: MappedText

    @cached_property
    def nodes(self) -> Sequence[Node]:
        """The statements in order; none where the script cannot all be read."""
        root = parse(self.script.data)
        return [] if root.has_error else [node for node in root.children if node.is_named and node.type != "comment"]

    @cached_property
    def by_start(self) -> Mapping[int, int]:
        """By the offset in the file at which one begins: its index."""
        spans = enumerate(map(self.span, self.nodes))
        return {span.start: index for index, span in spans if span is not None}

    def span(self, node: Node) -> Span | None:
        """Where a statement or a part of one stands in the file."""
        return self.script.source_span(node.start_byte, node.end_byte)


def remove_command(command: Command, statements: Statements, source: Source) -> Edit:
    """A command taken out of a script: of a chain of `&&` with the operator that joins it to the others, or of a list.

    `statements` are those of the command's shell. Raises `CannotFixError`.
    """
    script = statements.script
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
    return _from_statements(Span(start, end), statements, source)


def _from_statements(written: Span, statements: Statements, source: Source) -> Edit:
    """A command taken out that is the first of one of a script's statements, or all of it."""
    index = statements.by_start.get(written.start)
    if index is None:
        raise CannotFixError(_AMONG_OTHERS)
    nodes, data = statements.nodes, statements.script.data
    node = nodes[index]
    if statements.span(node) != written:
        behind, first = _AND.match(source.data, written.end), _first_of_chain(node)
        if behind is None or first is None or statements.span(first) != written:
            raise CannotFixError(_AMONG_OTHERS)
        return Edit(written.start, behind.end(), "")
    if len(nodes) == 1:
        raise CannotFixError("the command is all that the RUN does")
    if data[: node.start_byte].rstrip(b" \t")[-1:] in {b"", b"\n"}:
        lines = _lines(written, source)
        if lines is not None:
            return lines
    following = statements.span(nodes[index + 1]) if index + 1 < len(nodes) else None
    if following is not None and _SEMICOLON.fullmatch(source.data, written.end, following.start):
        return Edit(written.start, following.start, "")
    previous = statements.span(nodes[index - 1]) if index > 0 else None
    is_at_end = data[node.end_byte :].lstrip(b" \t;")[:1] in {b"", b"\n"}
    if previous is not None and is_at_end and _SEMICOLON.fullmatch(source.data, previous.end, written.start):
        return Edit(previous.end, written.end, "")
    raise CannotFixError(_AMONG_OTHERS)


def _lines(written: Span, source: Source) -> Edit | None:
    """The lines of a command taken out, if nothing else is on them. Raises `CannotFixError`."""
    lines = lines_of(written, source)
    before, behind = source.data[lines.start : written.start], source.data[written.end : lines.end]
    if before.strip() or behind.strip() not in {b"", b";"}:
        return None
    return remove_lines(lines, source, is_first_of_several=True)


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
