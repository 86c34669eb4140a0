"""A joined line into keyword, flags and arguments."""

from __future__ import annotations

from layerlint.dockerfile.flags import read_flags
from layerlint.dockerfile.instruction import Flag
from layerlint.dockerfile.white_space import trim_left, trim_right
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Span, decode
from layerlint.startup.lazy_pattern import lazy_pattern

_KEYWORD = lazy_pattern(rb"([^\t\v\f\r ]*+)[\t\v\f\r ]*+")


def split_command(line: MappedText) -> tuple[str, Span | None, tuple[Flag, ...], MappedText]:
    """The keyword of an instruction's joined line, where it is, its flags and its arguments, trimmed.

    The keyword is upper-case and may be one that nobody knows; it has no place when there is none.
    """
    data = trim_right(line.data)
    # The text of an instruction begins with its keyword as a rule.
    start = 0 if data[:1].isalpha() else len(data) - len(trim_left(data))
    match = _KEYWORD.match(data, start)
    if match is None or start == len(data):
        return "", None, (), line.slice(0, 0)
    keyword, at = match[1], match.end()
    flags: tuple[Flag, ...] = ()
    if data.startswith(b"--", at):
        flags, at = read_flags(line.slice(0, len(data)), at)
    if not data[at : at + 1].isalnum():
        at = len(data) - len(trim_left(data[at:]))
    span = line.source_span(start, start + len(keyword))
    return decode(keyword).upper(), span, flags, line.slice(at, max(at, len(data)))
