"""Text that was taken from a file in pieces, and knows for each byte where in the file it came from.

A shell does not see a RUN as it stands in the file: continuations, comment lines and blank lines are gone, an exec
form's JSON escapes are decoded, a here-document's tabs are stripped, the quotes around `sh -c "..."` are off. Each of
those is a MappedText made from pieces of another one, so that a finding in the innermost command still has its place
in the file and a fix can reach it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from layerlint.source.source import Source, Span, decode
from layerlint.startup.quick_dataclass import dataclass

Piece = tuple[int, int, int, int]
"""Bytes of a text and the bytes of the file they stand for: `start`, `length`, `source_start`, `source_end`.

`start` is the offset in the text, `length` the number of bytes there. The file's bytes are from `source_start` to
`source_end`; when both lengths are equal the bytes correspond one to one, otherwise (an escape that was decoded)
they correspond as a whole. `source_start` is -1 for text that is nowhere in the file (a variable's value).

A plain tuple: a run makes dozens a file, and a named one takes six times as long to make.
"""


@dataclass(frozen=True, slots=True)
class MappedText:
    """Bytes, and where in the file they came from.

    They stand from `_offset` on in a text that is made of `_pieces`, in order and without gaps: a slice shares those of
    what it was cut out of.
    """

    data: bytes
    _pieces: tuple[Piece, ...]
    _offset: int = 0

    @classmethod
    def of(cls, source: Source, span: Span) -> MappedText:
        """The bytes of `span` as they stand in the file."""
        return cls(source.data[span.start : span.end], ((0, len(span), span.start, span.end),))

    @classmethod
    def unmapped(cls, data: bytes) -> MappedText:
        """Bytes that are nowhere in the file."""
        return cls(data, ((0, len(data), -1, -1),))

    @classmethod
    def decoded(cls, data: bytes, span: Span) -> MappedText:
        """Bytes that the file's bytes in `span` stand for as a whole: an escape sequence."""
        return cls(data, ((0, len(data), span.start, span.end),))

    @classmethod
    def join(cls, parts: Iterable[MappedText]) -> MappedText:
        """The texts one after another, with nothing between them."""
        data: list[bytes] = []
        pieces: list[Piece] = []
        offset = 0
        for part in parts:
            data.append(part.data)
            pieces.extend(part._pieces_from(offset))
            offset += len(part.data)
        return cls(b"".join(data), tuple(pieces))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What the bytes are made of. A piece that stands as a whole stays whole on the file's side."""
        return tuple(self._pieces_from(0))

    def _pieces_from(self, offset: int) -> Iterator[Piece]:
        """The pieces in a text that has these bytes from `offset` on."""
        begin, end = self._offset, self._offset + len(self.data)
        at = self._piece_at(begin)
        while at < len(self._pieces):
            start, length, source_start, source_end = self._pieces[at]
            if start >= end:
                break
            first, last = max(begin, start), min(end, start + length)
            if last > first and source_start >= 0 and source_end - source_start == length:
                shift = source_start - start
                yield first - begin + offset, last - first, shift + first, shift + last
            elif last > first:
                yield first - begin + offset, last - first, source_start, source_end
            at += 1

    @property
    def text(self) -> str:
        """The text; bytes that are not UTF-8 become lone surrogates."""
        return decode(self.data)

    def slice(self, start: int, end: int) -> MappedText:
        """The bytes from offset `start` up to `end`."""
        return MappedText(self.data[start:end], self._pieces, self._offset + start)

    def with_data(self, data: bytes) -> MappedText:
        """Other bytes, as many, in the same places."""
        return MappedText(data, self._pieces, self._offset)

    def source_span(self, start: int, end: int) -> Span | None:
        """Where in the file the bytes from `start` up to `end` (not empty) came from, None if not all are in it.

        The span runs from the first byte to the last; comment lines that were taken out between them lie inside.
        """
        size = len(self.data)
        if not (0 <= start < size and 0 < end <= size):
            return None
        start += self._offset
        end += self._offset
        piece_start, length, source_start, source_end = self._pieces[self._piece_at(start)]
        if source_end - source_start == length and source_start >= 0 and start < end <= piece_start + length:
            shift = source_start - piece_start
            return Span(shift + start, shift + end)
        first, _ = self._origin(start)
        last_start, last = self._origin(end - 1)
        return Span(first, last) if first >= 0 and last_start >= 0 and first <= last else None

    def _piece_at(self, offset: int) -> int:
        """The index of the piece with the byte at `offset`, counted as the pieces are."""
        # A piece is a tuple that begins with its start: those before `(offset + 1,)` start at `offset` or before it.
        # Empty pieces share their start with the piece that follows, which is the one found.
        return bisect_left(self._pieces, (offset + 1,)) - 1 if len(self._pieces) > 1 else 0

    def _origin(self, offset: int) -> tuple[int, int]:
        """From where to where the file's bytes are that the byte at `offset` stands for; negative if nowhere."""
        start, length, source_start, source_end = self._pieces[self._piece_at(offset)]
        if source_start >= 0 and source_end - source_start == length:
            at = source_start + offset - start
            return at, at + 1
        return source_start, source_end
