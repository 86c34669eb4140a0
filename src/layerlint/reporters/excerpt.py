"""Lines of a source as they are shown below a finding: made visible, cut to a width, with marks under the culprit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from layerlint.source.source import Source, Span, decode
from layerlint.startup.quick_dataclass import dataclass
from layerlint.visible import visible

_TAB = "    "
_CUT = "…"
# A culprit of more lines is shown by its first and its last ones.
_MAX_LINES = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A line to show, with `marks` (spaces and carets, may be empty) for the line below it; `line` 0 is a gap."""

    line: int
    text: str = ""
    marks: str = ""


def excerpt(source: Source, span: Span, *, width: int, first_line: int = 0) -> list[Row]:
    """The lines of `span` with marks under it, each at most `width` columns wide.

    `first_line`, when it comes earlier, is shown as well: a finding deep in a long RUN still shows the RUN.
    """
    start = source.line_at(span.start)
    # A culprit that ends with a line ending does not reach into the next line.
    end = source.line_at(max(span.start, span.end - 1))
    rows: list[Row] = []
    if 0 < first_line < start:
        rows.append(_row(source, first_line, None, width))
        if first_line < start - 1:
            rows.append(Row(0))
    if end - start < _MAX_LINES:
        rows += (_row(source, line, span, width) for line in range(start, end + 1))
        return rows
    rows += (_row(source, line, span, width) for line in (start, start + 1))
    rows += (Row(0), _row(source, end, span, width))
    return rows


def _row(source: Source, line: int, span: Span | None, width: int) -> Row:
    place = source.line_span(line)
    if span is None:
        return Row(line, _shown(source.data, place.start, place.start, place, width)[0])
    start = min(max(span.start, place.start), place.end)
    end = min(max(span.end, start), place.end)
    if start > span.start:
        # The indentation of a culprit's further lines does not belong to it.
        start = end - len(source.data[start:end].lstrip(b" \t"))
    return Row(line, *_shown(source.data, start, end, place, width))


def _shown(data: bytes, start: int, end: int, place: Span, width: int) -> tuple[str, str]:
    """The line at `place`, and the marks for its bytes from `start` up to `end`."""
    if len(place) <= width:
        line = decode(data[place.start : place.end])
        if line.isascii() and line.isprintable():
            return line.rstrip(), " " * (start - place.start) + "^" * max(1, end - start)
    # Of a long line no more than this can be seen: a character has at most four bytes.
    reach = 4 * width
    low = _boundary(data, max(place.start, start - reach), place)
    stop = _boundary(data, min(end, start + reach), place)
    high = _boundary(data, min(place.end, stop + reach), place)
    before, culprit, after = _text(data[low:start]), _text(data[start:stop]), _text(data[stop:high])
    if low == place.start and high == place.end and columns(before + culprit + after) <= width:
        shown_before, shown_culprit, shown_after = before, culprit, after
    else:
        # The culprit comes first, some of what is before it second, what is after it gets the rest.
        room = width - 2 * len(_CUT)
        shown_culprit = _head(culprit, room - min(columns(before), room // 4))
        room -= columns(shown_culprit)
        whole = stop == end and shown_culprit == culprit
        shown_before = _tail(before, max(room // 4, room - columns(after)) if whole else room)
        room -= columns(shown_before)
        shown_after = _head(after, room) if whole else ""
        if low > place.start or shown_before != before:
            shown_before = _CUT + shown_before
        if high < place.end or not whole or shown_after != after:
            shown_after += _CUT
    marks = " " * columns(shown_before) + "^" * max(1, columns(shown_culprit))
    return (shown_before + shown_culprit + shown_after).rstrip(), marks


def _boundary(data: bytes, offset: int, place: Span) -> int:
    """`offset`, moved back to the first byte of its character."""
    for start in range(offset, max(place.start, offset - 3) - 1, -1):
        if start == len(data) or data[start] & 0xC0 != 0x80:
            return start
    return offset


def _text(data: bytes) -> str:
    return visible(decode(data), keep="\t").replace("\t", _TAB)


def columns(text: str) -> int:
    """How many columns of a terminal `text`, which is visible, takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _head(text: str, room: int) -> str:
    """As much of the start of `text` as fits into `room` columns."""
    return text[: _fitting(text, room)]


def _tail(text: str, room: int) -> str:
    """As much of the end of `text` as fits into `room` columns."""
    return text[len(text) - _fitting(reversed(text), room) :]


def _fitting(chars: Iterable[str], room: int) -> int:
    """How many of `chars`, from the first on, fit into `room` columns."""
    count = 0
    for char in chars:
        room -= _columns(char)
        if room < 0:
            break
        count += 1
    return count
