"""Text taken from a file in pieces: the places that it gives are those of its bytes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span

FILE = Source("Dockerfile", bytes(range(256)) * 2)


@st.composite
def texts(draw: st.DrawFn) -> MappedText:
    """Pieces of the file in order, each byte at most once, with text between them that is nowhere in it."""
    parts: list[MappedText] = []
    offset = 0
    for length in draw(st.lists(st.integers(0, 20), max_size=8)):
        kind = draw(st.sampled_from(("piece", "gap", "decoded", "unmapped")))
        if kind == "piece":
            parts.append(MappedText.of(FILE, Span(offset, offset + length)))
        elif kind == "decoded" and length:
            parts.append(MappedText.decoded(b"x", Span(offset, offset + length)))
        elif kind == "unmapped":
            parts.append(MappedText.unmapped(b"?" * length))
        offset += length
    return MappedText.join(parts)


def assert_no_gaps(text: MappedText) -> None:
    offset = 0
    for start, length, _, _ in text.pieces:
        assert start == offset
        offset += length
    assert offset == len(text.data)


@given(texts())
def test_pieces_are_in_order_and_without_gaps(text: MappedText) -> None:
    assert_no_gaps(text)


@given(texts(), st.data())
def test_a_slice_has_the_places_of_what_it_was_cut_from(text: MappedText, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text.data)))
    end = data.draw(st.integers(start, len(text.data)))
    cut = text.slice(start, end)
    assert cut.data == text.data[start:end]
    for offset in range(end - start):
        assert cut.source_span(offset, offset + 1) == text.source_span(start + offset, start + offset + 1)


@given(texts(), st.lists(st.integers(0, 60), min_size=2, max_size=4))
def test_what_is_cut_apart_and_joined_again_is_as_it_was(text: MappedText, cuts: list[int]) -> None:
    bounds = sorted(min(cut, len(text.data)) for cut in cuts)
    whole = text.slice(bounds[0], bounds[-1])
    joined = MappedText.join(text.slice(start, end) for start, end in pairwise(bounds))
    assert joined.data == whole.data
    for offset in range(len(whole.data)):
        assert joined.source_span(offset, offset + 1) == whole.source_span(offset, offset + 1)
    assert_no_gaps(whole)
    assert_no_gaps(joined)


@given(texts(), st.data())
def test_a_span_is_from_the_first_byte_to_the_last(text: MappedText, data: st.DataObject) -> None:
    if not text.data:
        return
    start = data.draw(st.integers(0, len(text.data) - 1))
    end = data.draw(st.integers(start + 1, len(text.data)))
    span = text.source_span(start, end)
    first, last = text.source_span(start, start + 1), text.source_span(end - 1, end)
    assert span == (None if first is None or last is None else Span(first.start, last.end))


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        pytest.param(0, 2, Span(10, 12), id="in one piece"),
        pytest.param(1, 4, Span(11, 22), id="over what was taken out"),
        pytest.param(4, 5, Span(22, 24), id="an escape as a whole"),
        pytest.param(5, 6, None, id="nowhere in the file"),
        pytest.param(4, 6, None, id="ends nowhere in the file"),
        pytest.param(0, 99, None, id="past the end"),
    ],
)
def test_places(start: int, end: int, span: Span | None) -> None:
    text = MappedText.join(
        [
            MappedText.of(FILE, Span(10, 12)),
            MappedText.of(FILE, Span(20, 22)),
            MappedText.decoded(b"\n", Span(22, 24)),
            MappedText.unmapped(b"v"),
        ]
    )
    assert text.source_span(start, end) == span


def test_a_slice_ends_where_it_was_cut() -> None:
    cut = MappedText.of(FILE, Span(10, 20)).slice(2, 5)
    assert cut.source_span(0, 3) == Span(12, 15)
    assert cut.source_span(0, 4) is None
    assert cut.source_span(3, 4) is None


def test_other_bytes_are_in_the_same_places() -> None:
    cut = MappedText.of(FILE, Span(10, 20)).slice(2, 5).with_data(b"xyz")
    assert cut.data == b"xyz"
    assert cut.source_span(1, 3) == Span(13, 15)
