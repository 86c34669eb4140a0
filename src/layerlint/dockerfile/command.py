"""A joined line into keyword, flags and arguments."""

from __future__ import annotations

from layerlint.dockerfile.flags import read_flags
from layerlint.dockerfile.instruction import Flag
from layerlint.dockerfile.white_space import trim_left, trim_right
from layerlint.lazy_pattern import lazy_pattern
from layerlint.mapped_text import MappedText
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
    # The text of an instruction begins with its keyword as a rule.
    start = 0 if data[:1].isalpha() else len(data) - len(trim_left(data))
    match = _KEYWORD.match(data, start)
    if match is None or start == len(data):
        return Command("", None, (), line.slice(0, 0))
    keyword, at = match[1], match.end()
    flags: tuple[Flag, ...] = ()
    if data.startswith(b"--", at):
        flags, at = read_flags(line.slice(0, len(data)), at)
    if not data[at : at + 1].isalnum():
        at = len(data) - len(trim_left(data[at:]))
    return Command(
        keyword=decode(keyword).upper(),
        keyword_span=line.source_span(start, start + len(keyword)),
        flags=flags,
        arguments=line.slice(at, max(at, len(data))),
    )
