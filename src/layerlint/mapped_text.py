"""Text that was taken from a file in pieces, and knows for each byte where in the file it came from.

A shell does not see a RUN as it stands in the file: continuations, comment lines and blank lines are gone, an exec
form's JSON escapes are decoded, a here-document's tabs are stripped, the quotes around `sh -c "..."` are off. Each of
those is a MappedText made from pieces of another one, so that a finding in the innermost command still has its place
in the file and a fix can reach it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from layerlint.quick_dataclass import dataclass
from layerlint.source import Source, Span, decode


class Piece(NamedTuple):
    """Bytes of a text and the bytes of the file they stand for.

    `start` is the offset in the text, `length` the number of bytes there. The file's bytes are from `source_start` to
    `source_end`; when both lengths are equal the bytes correspond one to one, otherwise (an escape that was decoded)
    they correspond as a whole. `source_start` is -1 for text that is nowhere in the file (a variable's value).
    """

    start: int
    length: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class MappedText:
    """Bytes and the pieces they are made of, in order and without gaps."""

    data: bytes
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, source: Source, span: Span) -> MappedText:
        """The bytes of `span` as they stand in the file."""
        return cls(source.data[span.start : span.end], (Piece(0, len(span), span.start, span.end),))

    @classmethod
    def unmapped(cls, data: bytes) -> MappedText:
        """Bytes that are nowhere in the file."""
        return cls(data, (Piece(0, len(data), -1, -1),))

    @classmethod
    def decoded(cls, data: bytes, span: Span) -> MappedText:
        """Bytes that the file's bytes in `span` stand for as a whole: an escape sequence."""
        return cls(data, (Piece(0, len(data), span.start, span.end),))

    @classmethod
    def join(cls, parts: Iterable[MappedText]) -> MappedText:
        """The texts one after another, with nothing between them."""
        data: list[bytes] = []
        pieces: list[Piece] = []
        offset = 0
        for part in parts:
            data.append(part.data)
            pieces += [Piece(start + offset, *rest) for start, *rest in part.pieces]
            offset += len(part.data)
        return cls(b"".join(data), tuple(pieces))

    @property
    def text(self) -> str:
        """The text; bytes that are not UTF-8 become lone surrogates."""
        return decode(self.data)

    def slice(self, start: int, end: int) -> MappedText:
        """The bytes from offset `start` up to `end`. A piece that stands as a whole stays whole on the file's side."""
        if len(self.pieces) == 1:
            only = self.pieces[0]
            if only.source_start >= 0 and only.source_end - only.source_start == only.length:
                origin = only.source_start
                return MappedText(self.data[start:end], (Piece(0, end - start, origin + start, origin + end),))
        pieces: list[Piece] = []
        for index in range(self._piece_at(start), len(self.pieces)):
            piece = self.pieces[index]
            if piece.start >= end:
                break
            first, last = max(start, piece.start), min(end, piece.start + piece.length)
            if last <= first:
                continue
            source_start, source_end = piece.source_start, piece.source_end
            if source_start >= 0 and source_end - source_start == piece.length:
                source_end = source_start + (last - piece.start)
                source_start += first - piece.start
            pieces.append(Piece(first - start, last - first, source_start, source_end))
        return MappedText(self.data[start:end], tuple(pieces))

    def source_span(self, start: int, end: int) -> Span | None:
        """Where in the file the bytes from `start` up to `end` (not empty) came from, None if not all are in it.

        The span runs from the first byte to the last; comment lines that were taken out between them lie inside.
        """
        if len(self.pieces) == 1 and 0 <= start < end <= len(self.data):
            _, length, source_start, source_end = self.pieces[0]
            if source_end - source_start == length and source_start >= 0:
                return Span(source_start + start, source_start + end)
        first, last = self._origin(start), self._origin(end - 1)
        if first is None or last is None or first.start > last.end:
            return None
        return Span(first.start, last.end)

    def _piece_at(self, offset: int) -> int:
        # A piece is a tuple that begins with its start: those before `(offset + 1,)` start at `offset` or before it.
        return max(0, bisect_left(self.pieces, (offset + 1,)) - 1)

    def _origin(self, offset: int) -> Span | None:
        """The file's bytes that the byte at `offset` stands for."""
        if not 0 <= offset < len(self.data):
            return None
        # Empty pieces share their start with the piece that follows, which is the one found.
        piece = self.pieces[self._piece_at(offset)]
        if piece.source_start < 0:
            return None
        if piece.source_end - piece.source_start == piece.length:
            at = piece.source_start + offset - piece.start
            return Span(at, at + 1)
        return Span(piece.source_start, piece.source_end)
