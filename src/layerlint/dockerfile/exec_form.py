"""The JSON form of an instruction's arguments: `["sh", "-c", "pip install x"]`."""

from __future__ import annotations

import json

from layerlint.source.mapped_text import MappedText
from layerlint.source.source import decode
from layerlint.startup.lazy_pattern import lazy_pattern

_STRING = rb'"(?>(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"'
_BLANKS = rb"[ \t\n\r]*+"
_ARRAY = lazy_pattern(
    rb"\[%b(?:%b(?>(?:%b,%b%b)*)%b)?\]%b" % (_BLANKS, _STRING, _BLANKS, _BLANKS, _STRING, _BLANKS, _BLANKS)
)
_STRINGS = lazy_pattern(_STRING)
_PARTS = lazy_pattern(rb'[^"\\]++|(?:\\u[0-9a-fA-F]{4}){2}|\\u[0-9a-fA-F]{4}|\\.')
# Deep enough for Go's decoder and for Python's; what is longer is not an array of strings by mistake.
_MAX_MISTAKE = 10_000


class NotStringsError(Exception):
    """The arguments are a JSON array, but not all of it is strings. BuildKit refuses that."""


def read_exec_form(text: MappedText, start: int = 0) -> tuple[MappedText, ...] | None:
    """The strings of the JSON array that `text` is from offset `start` on, decoded; None when it is none.

    Raises NotStringsError.
    """
    data = text.data
    if not data.startswith(b"[", start):
        return None
    if not _ARRAY.fullmatch(data, start):
        _refuse_other_arrays(data[start:])
        return None
    return tuple(_decoded(text, match.start() + 1, match.end() - 1) for match in _STRINGS.finditer(data, start))


def _refuse_other_arrays(data: bytes) -> None:
    if len(data) > _MAX_MISTAKE:
        return
    try:
        json.loads(decode(data), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return
    raise NotStringsError


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _decoded(text: MappedText, start: int, end: int) -> MappedText:
    """The string between the quotes, each escape sequence a piece of its own."""
    if b"\\" not in text.data[start:end]:
        return text.slice(start, end)
    parts: list[MappedText] = []
    at = start
    while at < end:
        match = _PARTS.match(text.data, at, end)
        if match is None:
            break
        sequence = match[0]
        if not sequence.startswith(b"\\"):
            parts.append(text.slice(at, match.end()))
            at = match.end()
            continue
        decoded = json.loads(b'"%b"' % sequence)
        if len(sequence) == 12 and len(decoded) == 2:
            # Two characters, not one of a surrogate pair.
            sequence, decoded = sequence[:6], decoded[0]
        span = text.source_span(at, at + len(sequence))
        data = _without_surrogates(decoded)
        parts.append(MappedText.unmapped(data) if span is None else MappedText.decoded(data, span))
        at += len(sequence)
    return MappedText.join(parts)


def _without_surrogates(text: str) -> bytes:
    """UTF-8; half a surrogate pair becomes U+FFFD, as in Go."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
