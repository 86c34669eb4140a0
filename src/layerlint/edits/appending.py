"""The edit that has a script run one more command when all others have succeeded."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from layerlint.edits.layout import (
    BLANK,
    DEFAULT_INDENT,
    LINE_LENGTH,
    command_indent,
    indent,
    line_start,
    newline,
    without_trailing_blanks,
)
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.shell.misread import with_groups_apart
from layerlint.shell.syntax import parse
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span, decode, encode
from layerlint.startup.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from tree_sitter import Node

# Builtins behind which nothing runs, or something at another time than where it stands (POSIX.1, 2.14).
_DIVERTING = frozenset({b"exec", b"exit", b"return", b"trap"})
_MAY_DIVERT = lazy_pattern(rb"<<|%b" % b"|".join(sorted(_DIVERTING)))
_FAILURE = lazy_pattern(rb"exit[ \t]+[1-9][0-9]*")
# POSIX.1, set: what has the shell end at the first command that fails. It is the first command, or the line that says
# what runs the script does it.
_ERREXIT = lazy_pattern(
    rb"#![^\n]*[ \t]-[A-Za-z]*e"
    rb"|(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*set[ \t]+(?:-[A-Za-z]+[ \t]+)*-(?:[A-Za-z]*e|o[ \t]+errexit)"
)
_NO_ERREXIT = lazy_pattern(rb"set[ \t]+\+(?:[A-Za-z]*e|o[ \t]+errexit)")
# What a removal takes: paths, with variables in them, or with what a command prints in front.
_ASKED = r'"\$\([\w ./-]+\)"'
_FIRST_PATH = lazy_pattern(rf" (?:{_ASKED})?/")
_PIECE = r"(?:[\w./:,=+*~-]|\$\w+|\$\{\w+\})"
_PLAIN_PATHS = lazy_pattern(rf'(?:[ ]+(?!-)(?:{_ASKED}|"{_PIECE}+"|{_PIECE}){_PIECE}*)+'.encode())
_PLAIN_BREAK = lazy_pattern(rb"[ \t]*[\\`]?[ \t]*\r?\n")
_PLAIN_SEPARATOR = lazy_pattern(rb"%b*&&%b*" % (BLANK, BLANK))
_LINED_UP = lazy_pattern(rb"( {2,})[\\`][ \t]*\r?\n")


class Form(Enum):
    """How a script stands in the file."""

    JOINED = "joined"
    """Its lines are joined by continuations: a RUN in shell form."""
    LINES = "lines"
    """Each line of the file is one of its own: a here-document."""
    STRING = "string"
    """It is a string of a JSON array, on one line."""


class _Separator(NamedTuple):
    """An operator between two commands, and what stands in the file between it and the two."""

    operator: str
    before: bytes
    behind: bytes
    start: int
    """The offset in the file at which the command before it ends."""


class Script(NamedTuple):
    """What a shell reads, and how."""

    text: MappedText
    form: Form
    escape: str
    """What continues a line."""
    ends_at_failure: bool = False
    """Whether the shell is started so that the first command that fails ends the script."""


class Addition(NamedTuple):
    """The edit that puts a command at the end of a script, and where that command is already (-1 if it is not)."""

    edit: Edit
    there_at: int


def append_command(
    script: Script, command: str, source: Source, *, takes_paths: bool = False, in_front: int = 0
) -> Addition:
    """`command` at the end of a script, in the style of its last lines: it runs only if the script succeeded so far.

    With `takes_paths` it takes any number of paths: if it is what the script ends in, this gets its path as well.
    `in_front` is how many characters another edit puts in front of the script, on the same line. Raises
    `CannotFixError`.
    """
    text, form, escape, ends_at_failure = script
    text = with_groups_apart(text)
    if form is Form.STRING and '"' in command:
        raise CannotFixError("the command would need quotes in a string")
    root = parse(text.data)
    statements = [child for child in root.children if child.is_named and child.type != "comment"]
    if root.has_error or not statements:
        raise CannotFixError("the commands of the RUN cannot all be read")
    last = statements[-1]
    _refuse_uncertain_end(root, last, text.data)
    written = text.source_span(0, last.end_byte)
    if written is None:
        raise CannotFixError("the command does not stand in the file as such")
    starts_with = ends_at_failure or _ERREXIT.match(text.data) is not None
    ends_at_failure = starts_with and _NO_ERREXIT.search(text.data) is None
    paths = _paths(command) if takes_paths else None
    there_at = _last_place(text, root, command, paths)
    joined = _joined(script._replace(text=text), root, paths, source) if paths is not None else None
    if joined is not None:
        return Addition(joined, there_at)
    if form is Form.LINES and ends_at_failure:
        edit = _on_next_line(text, last, command, source)
    else:
        separators = _separators(text, root, last, source, semicolons_stay=ends_at_failure)
        nearest = next(separators, None)
        broken = nearest
        while broken is not None and b"\n" not in broken.before + broken.behind:
            broken = next(separators, None)
        operator = nearest.operator if nearest is not None else "&&"
        if form is Form.STRING:
            separator = _on_the_line(operator)
        elif broken is not None:
            separator = _like(broken, written.end, escape, source)
        else:
            line = text.source_span(last.start_byte, last.end_byte) if form is Form.LINES else None
            separator = first_break(operator, line or written, in_front + len(command), escape, source)
        edit = Edit(written.end, written.end, separator + command)
    return Addition(edit, there_at)


def _last_place(script: MappedText, root: Node, command: str, paths: tuple[str, str] | None) -> int:
    """The offset in the file of the last of the script's outermost commands that is `command`; -1 if none is.

    With `paths`, what `_paths` makes of the command, it may have others beside its own.
    """
    data = encode(command if paths is None else paths[0])
    if data not in script.data:
        return -1
    places = [
        span.start
        for node in _outermost(root)
        if _is_with(script.data[node.start_byte : node.end_byte], command, paths)
        and (span := script.source_span(node.start_byte, node.end_byte)) is not None
    ]
    return max(places, default=-1)


def _is_with(written: bytes, command: str, paths: tuple[str, str] | None) -> bool:
    """Whether a command is `command`, or the same with more paths."""
    if paths is None:
        return written == encode(command)
    head, path = map(encode, paths)
    more = written[len(head) :] if written.startswith(head) else b""
    return _PLAIN_PATHS.fullmatch(more) is not None and {*path.split()} <= {*more.split()}


def _paths(command: str) -> tuple[str, str] | None:
    """A command parted in front of its first path; None if it has none."""
    first = _FIRST_PATH.search(command)
    return (command[: first.start()], command[first.start() :]) if first is not None else None


def _joined(script: Script, root: Node, paths: tuple[str, str], source: Source) -> Edit | None:
    """The edit that gives the script's last command the path of another one, if it is the same with other paths.

    Where a line has no room for that, the command gets one of its own. Where the one before it is the same as well, the
    author gives each path a command of its own: then there is no such edit.
    """
    head, path = paths
    text = script.text
    if encode(head) not in text.data:
        return None
    *others, node = sorted(_outermost(root), key=lambda each: each.start_byte)
    written, *before = (text.data[each.start_byte : each.end_byte] for each in (node, *others[-1:]))
    if any(other.startswith(encode(f"{head} ")) for other in before):
        return None
    span = text.source_span(node.start_byte, node.end_byte)
    if span is None or not written.startswith(encode(head)) or not _PLAIN_PATHS.fullmatch(written, len(encode(head))):
        return None
    if b"\n" in source.data[span.start : span.end]:
        return None
    if span.end - line_start(source, span.end) + len(path) <= LINE_LENGTH:
        return Edit(span.end, span.end, path)
    if script.form is not Form.JOINED or not others:
        return None
    return _on_line_of_its_own(script, others[-1], node, path, source)


def _on_line_of_its_own(script: Script, before: Node, node: Node, path: str, source: Source) -> Edit | None:
    """The edit that puts a line break in front of the last command of a line, and a path behind it, if that has room.

    Only for a RUN that is one line so far: the lines of others show where their author breaks them.
    """
    whole = script.text.source_span(0, node.end_byte)
    last = script.text.source_span(before.end_byte - 1, before.end_byte)
    span = script.text.source_span(node.start_byte, node.end_byte)
    if whole is None or last is None or span is None or b"\n" in source.data[whole.start : whole.end]:
        return None
    if source.data[last.end : span.start].split() != [b"&&"]:
        return None
    command = decode(source.data[span.start : span.end]) + path
    line_break = first_break("&&", whole, len(command), script.escape, source)
    line = line_break.rpartition("\n")[2] + command
    return Edit(last.end, span.end, line_break + command) if len(line) <= LINE_LENGTH else None


def _refuse_uncertain_end(root: Node, last: Node, data: bytes) -> None:
    """Raises `CannotFixError` unless the script comes to its end whenever it succeeds, and that end is plain."""
    behind = data[last.end_byte :]
    if b"#" in behind:
        raise CannotFixError("a comment stands behind the last command of the RUN")
    if any(child.type == "&" for child in root.children):
        raise CannotFixError("a command of the RUN runs in the background")
    operator, *_ = next(_operators(last), (None,))
    if operator is not None and operator.type == "||":
        raise CannotFixError("the RUN ends in `||`")
    waiting = [root] if _MAY_DIVERT.search(data) else []
    while waiting:
        node = waiting.pop()
        if node.type == "heredoc_redirect":
            raise CannotFixError("the RUN has a here-document among its commands")
        if node.type == "command":
            name = node.child_by_field_name("name")
            text = data[node.start_byte : node.end_byte]
            if name is not None and name.text in _DIVERTING and not _FAILURE.fullmatch(text):
                raise CannotFixError(f"`{decode(name.text)}` may keep the RUN from coming to its end")
        waiting.extend(node.children)


def _operators(node: Node) -> Iterator[tuple[Node, Node, Node]]:
    """The operators of a list with the nodes on both sides, the last first; the grammar nests lists to the left."""
    while True:
        body = node.child_by_field_name("body") if node.type == "redirected_statement" else node
        if body is None or body.type != "list":
            return
        operands = [child for child in body.children if child.is_named and child.type != "comment"]
        operator = next((child for child in body.children if child.type in {"&&", "||"}), None)
        if operator is None or len(operands) != 2:
            return
        yield operator, operands[0], operands[1]
        node = operands[0]


def _outermost(root: Node) -> Iterator[Node]:
    """The commands that stand in no other one: the operands of the lists of a script."""
    for statement in root.children:
        first = statement
        for _, before, behind in _operators(statement):
            yield behind
            first = before
        if first.is_named and first.type != "comment":
            yield first


def _on_next_line(script: MappedText, last: Node, command: str, source: Source) -> Edit:
    """The command on a line of its own behind the last one, and behind the semicolon that this may end in."""
    length = len(script.data[: last.end_byte] + script.data[last.end_byte :].rstrip())
    first, whole = script.source_span(last.start_byte, last.end_byte), script.source_span(0, length)
    if first is None or whole is None:
        raise CannotFixError("the command does not stand in the file as such")
    return Edit(whole.end, whole.end, f"{newline(source)}{indent(source, first.start)}{command}")


def first_separator(script: MappedText, source: Source) -> str | None:
    """What stands between the first two commands of a script that are joined by `&&`, where that is plain."""
    root = parse(script.data)
    statements = [child for child in root.children if child.is_named]
    every = _separators(script, root, statements[-1], source, semicolons_stay=True) if statements else ()
    found = [separator for separator in every if separator.operator == "&&"]
    between = found[-1].before + found[-1].operator.encode() + found[-1].behind if found else b""
    return decode(between) if _PLAIN_SEPARATOR.fullmatch(between) else None


def _separators(
    script: MappedText, root: Node, last: Node, source: Source, *, semicolons_stay: bool
) -> Iterator[_Separator]:
    """What stands between the outermost commands, from the last on.

    A semicolon stays one only where it does as well as `&&`. Elsewhere it shows how lines are broken.
    """
    for operator, before, behind in _joints(root, last):
        spans = [
            script.source_span(start, end)
            for start, end in (
                (before.end_byte - 1, before.end_byte),
                (operator.start_byte, operator.end_byte),
                (behind.start_byte, behind.start_byte + 1),
            )
        ]
        if None not in spans:
            left, middle, right = (span for span in spans if span is not None)
            before_it, behind_it = source.data[left.end : middle.start], source.data[middle.end : right.start]
            if operator.type == "&&" or semicolons_stay:
                yield _Separator(operator.type, before_it, behind_it, left.end)
            elif b"\n" in before_it + behind_it:
                yield _Separator("&&", before_it or b" ", behind_it, middle.end - len(b" &&"))


def _joints(root: Node, last: Node) -> Iterator[tuple[Node, Node, Node]]:
    """The operators of which `_separators` speaks, with the commands on both sides."""
    yield from (joint for joint in _operators(last) if joint[0].type == "&&")
    triples = [*zip(root.children, root.children[1:], root.children[2:], strict=False)]
    yield from ((middle, before, behind) for before, middle, behind in reversed(triples) if middle.type == ";")


def _like(separator: _Separator, end: int, escape: str, source: Source) -> str:
    """The same operator and line break for what is put at offset `end`."""
    operator, before, behind, start = separator
    width = end - line_start(source, end)
    if b"\n" in before:
        gap = decode(behind) if not behind.strip(b" \t") else " "
        return f"{_break(before, start, width, escape, source)}{operator}{gap}"
    leading = decode(before) + operator
    length = len(encode(leading))
    return leading + _break(behind, start + length, width + length, escape, source)


def _break(gap: bytes, start: int, width: int, escape: str, source: Source) -> str:
    """The line break in `gap`, which stands at offset `start`, behind `width` bytes, with the indentation that follows.

    Continuations that stand one below the other stay so.
    """
    first, feed, rest = gap.partition(b"\n")
    head = first + feed
    if not _PLAIN_BREAK.fullmatch(head):
        head = encode(f" {escape}{newline(source)}")
    elif match := _LINED_UP.match(head):
        column = start - line_start(source, start) + len(match[1])
        head = b" " * max(column - width, 1) + head[len(match[1]) :]
    return decode(without_trailing_blanks(head) + rest.rpartition(b"\n")[2])


def _on_the_line(operator: str) -> str:
    return "; " if operator == ";" else f" {operator} "


def first_break(operator: str, written: Span, more: int, escape: str, source: Source) -> str:
    """What stands between two commands of a script in which no two are on different lines.

    `written` is the script, `more` how many characters are put on its line besides the operator.
    """
    is_one_line = b"\n" not in source.data[written.start : written.end]
    width = written.end - line_start(source, written.end)
    joined = _on_the_line(operator)
    if is_one_line and width + len(joined) + more <= LINE_LENGTH:
        return joined
    if is_one_line:
        indentation = indent(source, written.start) or DEFAULT_INDENT
    else:
        indentation = command_indent(source, written.start, written.end)
    line_break = f" {escape}{newline(source)}{indentation}"
    return f";{line_break}" if operator == ";" else f"{line_break}{operator} "
