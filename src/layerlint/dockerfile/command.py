"""A joined line into keyword, flags and arguments."""

from __future__ import annotations

from layerlint.dockerfile.flags import read_flags
from layerlint.dockerfile.instruction import Flag
from layerlint.dockerfile.white_space import trim_left, trim_right
from layerlint.lazy_pattern import lazy_pattern
from layerlint.mapped_text import MappedText, Piece
from layerlint.quick_dataclass import dataclass
from layerlint.source import Span, decode

_KEYWORD = lazy_pattern(rb"([^\t\v\f\r ]*+)[\t\v\f\r ]*+")


@dataclass(frozen=True, slots=True)
class Command:
    """`keyword` is upper-case and may be one that nobody knows; `keyword_span` is None when there is none."""

    keyword: str
    keyword_span: Span | None
    flags: tuple[Flag, ...]
    arguments: MappedText


def split_command(line: MappedText) -> Command:
    """Take the keyword and the flags off the front of an instruction's joined line, white space off both ends."""
    data = trim_right(line.data)
    start = len(data) - len(trim_left(data))
    match = _KEYWORD.match(data, start)
    if match is None or start == len(data):
        return Command("", None, (), MappedText(b"", ()))
    keyword, at = match[1], match.end()
    flags: tuple[Flag, ...] = ()
    if data.startswith(b"--", at):
        flags, at = read_flags(_slice(line, 0, len(data)), at)
    arguments = trim_left(data[at:])
    at = len(data) - len(arguments)
    return Command(
        keyword=decode(keyword).upper(),
        keyword_span=_span(line, start, start + len(keyword)),
        flags=flags,
        arguments=_slice(line, at, max(at, len(data))),
    )


def _slice(line: MappedText, start: int, end: int) -> MappedText:
    """`line.slice`, which most lines, being one piece, need not go through."""
    if len(line.pieces) == 1 and start < end:
        _, length, source_start, source_end = line.pieces[0]
        if source_end - source_start == length:
            piece = Piece(0, end - start, source_start + start, source_start + end)
            return MappedText(line.data[start:end], (piece,))
    return line.slice(start, end)


def _span(line: MappedText, start: int, end: int) -> Span | None:
    """`line.source_span`, which a keyword, being in the first piece, hardly ever needs."""
    _, length, source_start, source_end = line.pieces[0]
    if end <= length == source_end - source_start:
        return Span(source_start + start, source_start + end)
    return line.source_span(start, end)
