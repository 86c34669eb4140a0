"""The flags between an instruction's keyword and its arguments: `--mount=type=cache,target=/x`."""

from __future__ import annotations

import re

from layerlint.dockerfile.instruction import Flag
from layerlint.source.mapped_text import MappedText
from layerlint.startup.lazy_pattern import lazy_pattern

# BuildKit looks at single bytes here, and takes these for blanks; the escape is always a backslash.
_BLANKS = lazy_pattern(rb"[\t\n\v\f\r \x85\xa0]*+")
_WORD = lazy_pattern(
    rb"""(?> (?: [^\t\n\v\f\r \x85\xa0'"\\]++ | \\. | \\\Z
          | "(?>(?:[^"\\]++|\\.)*)(?:"|\\?\Z) | '(?>(?:[^'\\]++|\\.)*)(?:'|\\?\Z) )+ )""",
    re.DOTALL | re.VERBOSE,
)


def read_flags(line: MappedText, start: int) -> tuple[tuple[Flag, ...], int]:
    """The flags of a joined line from offset `start` on, and the offset where the arguments begin.

    A flag is a word with `--` in front. The first other word ends them, and so does `--` alone, which is left out.
    """
    data = line.data
    flags: list[Flag] = []
    at = _end(_BLANKS, data, start)
    while data.startswith(b"--", at):
        end = _end(_WORD, data, at)
        text = _unquoted(line, at, end)
        if text.data == b"--":
            return tuple(flags), end
        span = line.source_span(at, end)
        if span is not None:
            name, equals, value = text.text[2:].partition("=")
            flags.append(Flag(name, value if equals else None, text, span))
        at = _end(_BLANKS, data, end)
    return tuple(flags), at


def _end(pattern: re.Pattern[bytes], data: bytes, start: int) -> int:
    match = pattern.match(data, start)
    return match.end() if match else start


def _unquoted(line: MappedText, start: int, end: int) -> MappedText:
    """The word without quotes and escapes."""
    word = line.data[start:end]
    if b'"' not in word and b"'" not in word and b"\\" not in word:
        return line.slice(start, end)
    parts: list[MappedText] = []
    at, quote = start, b""
    while at < end:
        character = line.data[at : at + 1]
        if character == b"\\":
            if at + 1 < end:
                parts.append(line.slice(at + 1, at + 2))
            at += 2
        elif character == quote:
            quote = b""
            at += 1
        elif character in (b'"', b"'") and not quote:
            quote = character
            at += 1
        else:
            stop = at + 1
            while stop < end and line.data[stop] not in b"\"'\\":
                stop += 1
            parts.append(line.slice(at, stop))
            at = stop
    return MappedText.join(parts)
