from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layerlint.source.source import BYTE_ORDER_MARK, Source, decode

CHARACTERS = [b"a", b"\xc3\xa9", b"\xe6\x97\xa5", b"\xf0\x9f\x98\x80", b"\xff", b"\x80", b"\xe6", b"\xf0\x9f"]


@given(st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=9), st.integers(0, 40000), st.booleans())
@example([b"\xe6\x97\xa5"], 30000, True)
def test_columns_on_long_lines_are_those_of_the_plain_count(unit: list[bytes], offset: int, marked: bool) -> None:
    start = BYTE_ORDER_MARK if marked else b"FROM a\n"
    line = b"".join(unit) * (40000 // len(b"".join(unit)) + 1)
    source = Source("Dockerfile", start + line)
    position = source.position(len(start) + offset)
    assert (position.line, position.column) == (1 if marked else 2, len(decode(line[:offset])) + 1)


@pytest.mark.parametrize("character", [b"x", b"\xc3\xa9"], ids=["ASCII", "not ASCII"])
def test_many_places_on_one_line_of_megabytes(character: bytes) -> None:
    source = Source("Dockerfile", character * 2_000_000)
    start = time.process_time()
    for offset in range(0, len(source.data), 100):
        source.position(offset)
    # Counted from the start of the line, this takes minutes.
    assert time.process_time() - start < 5
