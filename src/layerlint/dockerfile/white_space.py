"""White space as BuildKit sees it: Go's unicode.IsSpace, which knows more blanks than ASCII has."""

from __future__ import annotations

import re

from layerlint.startup.lazy_pattern import lazy_pattern

# For a character class, in text.
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# What separates the keyword from the rest, and an ENV's name from its value: not every white space does.
SEPARATORS = b"\t\v\f\r "

_SPACE = rb"(?:[\t\n\v\f\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)"
_LEADING = lazy_pattern(rb"(?>" + _SPACE + rb"*)")
# The longest white space character has three bytes.
_LAST = lazy_pattern(rb".{0,2}?(" + _SPACE + rb")\Z", re.DOTALL)


def trim_left(line: bytes) -> bytes:
    """`line` without the white space at its start."""
    line = line.lstrip()
    if line and line[0] >= 0x80:
        match = _LEADING.match(line)
        return line[match.end() :] if match else line
    return line


def trim_right(line: bytes) -> bytes:
    """`line` without the white space at its end."""
    line = line.rstrip()
    if not line or line[-1] < 0x80:
        return line
    end = len(line)
    while end and (match := _LAST.match(line, max(0, end - 3), end)):
        end = match.start(1)
    return line[:end]
