"""How a file is laid out around a place: line endings, indentation, continuations."""

from __future__ import annotations

from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.source.source import Source, Span, decode
from layerlint.startup.lazy_pattern import lazy_pattern

DEFAULT_INDENT = "    "
LINE_LENGTH = 120
"""A line that would be longer with one more thing on it gets that on a line of its own."""
BLANK = rb"(?:[ \t]|[\\`][ \t]*\r?\n)"
"""A pattern for one piece of what stands between two words of an instruction: white space or a continuation."""

_INDENT = lazy_pattern(rb"[ \t]*")
_OPERATOR = rb"(?:&&|\|\||;)"
_EMPTY_LINES = rb"(?:[ \t]*(?:#[^\n]*|[\\`][ \t]*)?\r?\n)*"
_LINE_END = rb"[ \t]*(?:[\\`][ \t]*)?\r?\n"
_COMMAND_LINE = lazy_pattern(
    rb"%b%b%b(?P<after>[ \t]*)[^\s#]|\n(?P<before>[ \t]*)%b(?!%b)"
    % (_OPERATOR, _LINE_END, _EMPTY_LINES, _OPERATOR, _LINE_END)
)
_OPENED = lazy_pattern(rb"[^\n]*(?:[({]|(?<=[ \t=])['\"]|\b(?:then|do|in))%b" % _LINE_END)
_CLOSING = lazy_pattern(rb"([ \t]*)(?:[)}]|['\"](?![^\s;&|])|(?:fi|done|esac)\b)")
_NEXT_LINE = lazy_pattern(rb"\r?\n%b([ \t]*)[^\s#]" % _EMPTY_LINES)
_BLANK_LINES = lazy_pattern(rb"(?:[ \t]*\r?\n)*")
_TRAILING_BLANKS = lazy_pattern(rb"[ \t]+(?=\r?\n)")


def newline(source: Source) -> str:
    """The line ending of the file: that of its first line."""
    first = source.data.find(b"\n")
    return "\r\n" if first > 0 and source.data[first - 1 : first] == b"\r" else "\n"


def line_start(source: Source, offset: int) -> int:
    """The offset of the first byte of the line that `offset` is in."""
    return source.data.rfind(b"\n", 0, offset) + 1


def line_end(source: Source, offset: int) -> int:
    """The offset of the line feed that ends the line of `offset`, or the end of the file."""
    end = source.data.find(b"\n", offset)
    return end if end >= 0 else len(source.data)


def lines_of(span: Span, source: Source) -> Span:
    """All of the lines that something at `span` is on, without the line feed that ends the last of them."""
    return Span(line_start(source, span.start), line_end(source, max(span.start, span.end - 1)))


def without_trailing_blanks(gap: bytes) -> bytes:
    """What stands between two words, without the white space that its lines end in: nobody wants more of that."""
    return _TRAILING_BLANKS.sub(b"", gap)


def indent(source: Source, offset: int) -> str:
    """The white space that the line of `offset` begins with."""
    match = _INDENT.match(source.data, line_start(source, offset))
    return decode(match[0]) if match else ""


def white_space(source: Source, offset: int) -> str:
    """White space as wide as what stands in front of `offset` on its line, with the tabs that are in that."""
    *_, behind_tabs = parts = source.data[line_start(source, offset) : offset].split(b"\t")
    return "\t" * (len(parts) - 1) + " " * len(decode(behind_tabs))


def text_start(source: Source, end: int) -> int:
    """Where what follows on the line of a keyword begins, which ends at `end`."""
    match = _INDENT.match(source.data, end)
    return match.end() if match else end


def continuation_indent(source: Source, start: int, end: int) -> str:
    """The indentation of the second line of what stands from `start` up to `end`; four spaces when there is none."""
    second = source.data.find(b"\n", start, end)
    return indent(source, second + 1) if second >= 0 else DEFAULT_INDENT


def command_indent(source: Source, start: int, end: int) -> str:
    """The indentation of the first line from `start` up to `end` that begins a command.

    That is one with an operator in front (`&&`), or behind one that ends in an operator; but where the first line opens
    a group that the last one closes, it is the last. When there is none, as deep as suits arguments that are indented
    as the first ones are: four spaces, or a tab, or less where those are; or as deep as the command at `start` where a
    wide gap is in front of that. Behind an operator at the edge, a command stands where it does behind RUN.
    """
    if _OPENED.match(source.data, start, end):
        closing = _CLOSING.match(source.data, line_start(source, end))
        if closing is not None:
            return decode(closing[1]) or DEFAULT_INDENT
    found = _COMMAND_LINE.search(source.data, start, end)
    if found is not None:
        return decode(found["after"]) if found["after"] is not None else decode(found["before"]) or DEFAULT_INDENT
    argument = _NEXT_LINE.search(source.data, start, end)
    indentation = decode(argument[1]) if argument is not None else ""
    gap = source.data[max(line_start(source, start), start - 2) : start]
    if gap.isspace() and gap != b" ":
        column = white_space(source, start)
        if argument is None or len(indentation.expandtabs()) >= len(column.expandtabs()):
            return column
    if indentation.startswith("\t"):
        return "\t"
    return indentation if 0 < len(indentation) < len(DEFAULT_INDENT) else DEFAULT_INDENT


def remove_lines(lines: Span, source: Source, *, is_first_of_several: bool = False) -> Edit:
    """Whole `lines` (as `lines_of` gives them) taken out.

    So is a blank line behind them where they are a paragraph of their own. Raises `CannotFixError` where a comment is
    above them, unless they are the first of several that it speaks of, and others stand below.
    """
    data, start = source.data, lines.start
    end = min(lines.end + 1, len(data))
    above = data[line_start(source, max(start - 1, 0)) : start].strip()
    below = data[end : line_end(source, end)].strip()
    speaks_of_more = is_first_of_several and below and not below.startswith(b"#")
    if start and above.startswith(b"#") and not speaks_of_more:
        raise CannotFixError("a comment above it may speak of it")
    if not above and not below:
        end = min(line_end(source, end) + 1, len(data))
    return Edit(start, end, "")


def remove_joined_lines(lines: Span, source: Source) -> Edit:
    """Whole `lines` taken out, which become a part of the instruction below them.

    A comment above them comes to stand above that. Raises `CannotFixError` where it may be for a linter, which would
    not find it there.
    """
    data, start = source.data, lines.start
    above = data[line_start(source, max(start - 1, 0)) : start].strip()
    if not above.startswith(b"#"):
        return remove_lines(lines, source)
    blank = _BLANK_LINES.match(data, min(lines.end + 1, len(data)))
    end = blank.end() if blank else len(data)
    if data.startswith(b"#", end) and b"lint" in above.lower():
        raise CannotFixError("a comment above it may speak of it")
    return Edit(start, end, "")
