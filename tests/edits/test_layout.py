"""Where lines begin and end, and how they are indented: at the edges of a file."""

from __future__ import annotations

import pytest

from layerlint.edits.layout import command_indent, continuation_indent, line_end, line_start, newline
from layerlint.source.source import Source


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


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param("a && b", "    ", id="one line"),
        pytest.param("a \\\n            b", "    ", id="an argument"),
        pytest.param("a \\\n  b", "  ", id="an argument that is less deep"),
        pytest.param("a \\\n\t\t\tb", "\t", id="an argument behind tabs"),
        pytest.param("a \\\nb", "    ", id="an argument at the edge"),
        pytest.param("a \\\n            b \\\n  && c", "  ", id="an operator in front, behind an argument"),
        pytest.param("a && \\\n  b", "  ", id="an operator at the end"),
        pytest.param("a; \\\n\tb", "\t", id="a tab"),
        pytest.param("a &&\\\r\n  b", "  ", id="a line end of two characters"),
        pytest.param("a && \\\n\n# why\n \\\n  b", "  ", id="empty lines and comments between"),
        pytest.param("a && \\\nb", "", id="no indentation"),
        pytest.param("a `\n   || b", "   ", id="another escape character"),
        pytest.param("a 'x;y' \\\n        z;w", "    ", id="an operator in a line"),
        pytest.param("a && \\\n", "    ", id="nothing behind it"),
        pytest.param("a \\\n        b \\\n        && \\\n    c", "    ", id="an operator alone"),
        pytest.param("a \\\n        b \\\n      ; \\\n\n  # why\n    c", "    ", id="an operator alone, and a comment"),
        pytest.param("a \\\n&& b", "    ", id="an operator in front, at the edge"),
        pytest.param("( \\\n            a \\\n            && b \\\n  )", "  ", id="a group"),
        pytest.param("( \\\n            a \\\n            && b \\\n)", "    ", id="a group that ends at the edge"),
        pytest.param("( \\\n   a \\\n   && b) \\\n     && c", "   ", id="a group that ends in a line"),
        pytest.param("bash -c ' \\\n      a && \\\n      b \\\n   '", "   ", id="a script in quotes"),
        pytest.param("a 'x' \\\n        'y'", "    ", id="arguments in quotes"),
        pytest.param("a ' \\\n        x' \\\n      'y' && b", "    ", id="arguments that begin in a line"),
        pytest.param("if a; then \\\n       b; \\\n       c; \\\n   fi", "   ", id="a condition"),
        pytest.param("for a in b; do \\\n       c && \\\n       d; \\\n   done; e", "   ", id="a loop"),
        pytest.param("a && \\\n  for b in c; do \\\n     d; \\\n  done", "  ", id="a loop behind a command"),
        pytest.param("     a", "         ", id="one line behind a wide gap"),
        pytest.param("\ta", "\t", id="one line behind a tab"),
        pytest.param(" \t  a", "\t  ", id="one line behind blanks and tabs"),
        pytest.param("     a \\\n            b", "         ", id="an argument behind a wide gap"),
        pytest.param("     a \\\n      b", "    ", id="an argument less deep than a wide gap"),
        pytest.param("     a && \\\n  b", "  ", id="a command less deep than a wide gap"),
        pytest.param("     a \\\n         b", "         ", id="an argument as deep as a wide gap"),
        pytest.param("a \\\n b", " ", id="an argument that is one blank deep"),
        pytest.param("\\\n a && b", "    ", id="one line, one blank deep"),
    ],
)
def test_indentation_of_commands(run: str, expected: str) -> None:
    data = f"FROM a\nRUN {run}\n  && other".encode()
    start = 11 + len(run) - len(run.lstrip("\\ \t\n"))
    assert command_indent(source(data), start, 11 + len(run.encode())) == expected
