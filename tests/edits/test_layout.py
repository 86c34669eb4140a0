"""Where lines begin and end, and how they are indented: at the edges of a file."""

from __future__ import annotations

import pytest

from layerlint.edits.layout import continuation_indent, line_end, line_start, newline
from layerlint.source import Source


def source(data: bytes) -> Source:
    return Source("Dockerfile", data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"FROM a\r\nRUN b\n", "\r\n", id="that of the first line"),
        pytest.param(b"FROM a\nRUN b\r\n", "\n", id="not that of the second"),
        pytest.param(b"\r\nFROM a\n", "\r\n", id="of an empty line"),
        pytest.param(b"\nFROM a\r\n", "\n", id="of a shorter one"),
        pytest.param(b"FROM a", "\n", id="there is none"),
    ],
)
def test_line_endings(data: bytes, expected: str) -> None:
    assert newline(source(data)) == expected


def test_a_file_that_begins_with_an_empty_line() -> None:
    file = source(b"\nRUN a\nRUN b")
    assert [line_start(file, offset) for offset in (0, 1, 4, 7)] == [0, 1, 1, 7]
    assert [line_end(file, offset) for offset in (0, 1, 7)] == [0, 6, 12]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"RUN a \\\n  b", "  ", id="of the second line"),
        pytest.param(b"RUN a", "    ", id="there is no second line"),
        pytest.param(b"RUN a \\\n\n  b", "", id="the second line is empty"),
        pytest.param(b"\n  b", "  ", id="the first line is empty"),
    ],
)
def test_indentation_of_what_goes_on(data: bytes, expected: str) -> None:
    assert continuation_indent(source(data), 0, len(data)) == expected
