"""A file's bytes, and where its offsets are.

Every span in layerlint is in byte offsets of the original file, so that an edit can be applied to the bytes
as they are. Lines and columns, which people and editors want, are worked out from them here and nowhere else.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from itertools import accumulate

from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Columns on a longer line are counted from a checkpoint, not from its start: a file may be one line of megabytes.
_CHECKPOINT_DISTANCE = 4096


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from offset `start` up to, not including, offset `end`; both count from 0."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def covers(self, other: Span) -> bool:
        """Whether every byte of `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place as an editor shows it: `line` and `column` count from 1, columns in Unicode code points."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """One file: its path as the user gave it (forward slashes) and its bytes, unchanged.

    Bytes that are not UTF-8 are kept: in text they stand as lone surrogates (PEP 383), one a byte, and count as one
    code point each.
    """

    path: str
    data: bytes

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset of the first byte of each line. Lines end after a line feed, as in BuildKit's scanner."""
        return (0, *accumulate([len(line) + 1 for line in self.data.split(b"\n")]))[:-1]

    @property
    def has_byte_order_mark(self) -> bool:
        """Whether the file starts with a UTF-8 byte-order mark. It belongs to no line's text and to no column."""
        return self.data.startswith(BYTE_ORDER_MARK)

    def text(self, span: Span) -> str:
        """The text of `span`; bytes that are not UTF-8 become lone surrogates."""
        return decode(self.data[span.start : span.end])

    def line_span(self, line: int) -> Span:
        """Where line `line` (from 1) is, without its line ending and without a byte-order mark."""
        start = self.line_starts[line - 1]
        if line == 1 and self.has_byte_order_mark:
            start = len(BYTE_ORDER_MARK)
        return Span(start, max(start, self.line_end(line)))

    def line_end(self, line: int) -> int:
        """The offset behind the last byte of line `line` (from 1), which its line ending begins at."""
        starts = self.line_starts
        if line >= len(starts):
            return len(self.data)
        end = starts[line] - 1
        return end - 1 if end > starts[line - 1] and self.data[end - 1] == 0x0D else end

    def line_at(self, offset: int) -> int:
        """The number (from 1) of the line that holds `offset`."""
        return bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> Position:
        """The line and column of `offset`; the end of the file is a place too."""
        line = self.line_at(offset)
        start = self.line_starts[line - 1]
        if line == 1 and self.has_byte_order_mark:
            start = min(offset, len(BYTE_ORDER_MARK))
        if offset - start > 2 * _CHECKPOINT_DISTANCE:
            return Position(line, self._characters_before(offset) - self._characters_before(start) + 1)
        return Position(line, len(decode(self.data[start:offset])) + 1)

    def _characters_before(self, offset: int) -> int:
        """The number of code points from the start of the file to `offset`."""
        offsets, counts = self._checkpoints
        index = bisect_right(offsets, offset) - 1
        return counts[index] + len(decode(self.data[offsets[index] : offset]))

    @cached_property
    def _checkpoints(self) -> tuple[list[int], list[int]]:
        """Offsets that characters start at, not far from each other, and the number of code points before each."""
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        offsets, counts = [0], [0]
        for start in range(0, len(self.data), _CHECKPOINT_DISTANCE):
            block = self.data[start : start + _CHECKPOINT_DISTANCE]
            counts.append(counts[-1] + len(decoder.decode(block)))
            # Bytes of a character that goes on in the next block are not counted yet.
            offsets.append(start + len(block) - len(decoder.getstate()[0]))
        return offsets, counts


def decode(data: bytes) -> str:
    """Bytes as text, whatever they are: what is not UTF-8 becomes lone surrogates, which `encode` turns back."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that `decode` made `text` of."""
    return text.encode("utf-8", "surrogateescape")
