from __future__ import annotations

import io
from unicodedata import bidirectional

import pytest

from layerlint.terminal import print_error, printable, wants_color

_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


TTY, PIPE = Terminal(), io.StringIO()


@pytest.mark.parametrize(
    ("choice", "stream", "environment", "expected"),
    [
        pytest.param("auto", TTY, {}, True, id="a terminal"),
        pytest.param("auto", PIPE, {}, False, id="a pipe"),
        pytest.param("auto", None, {}, False, id="closed"),
        pytest.param("auto", TTY, {"TERM": "dumb"}, False, id="a dumb terminal"),
        pytest.param("auto", TTY, {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param("auto", TTY, {"NO_COLOR": ""}, True, id="empty NO_COLOR"),
        pytest.param("auto", PIPE, {"FORCE_COLOR": "1"}, True, id="FORCE_COLOR"),
        pytest.param("auto", PIPE, {"FORCE_COLOR": "0"}, False, id="FORCE_COLOR=0"),
        pytest.param("auto", PIPE, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="both"),
        pytest.param("always", PIPE, {"NO_COLOR": "1"}, True, id="always"),
        pytest.param("never", TTY, {"FORCE_COLOR": "1"}, False, id="never"),
    ],
)
def test_colors(choice, stream, environment, expected):
    assert wants_color(choice, stream, environment) is expected


def test_no_bidirectional_character_is_sent():
    turning = [
        char for char in map(chr, range(0x110000)) if char in "\u200e\u200f\u061c" or bidirectional(char) in _TURNING
    ]
    assert len(turning) == 12
    shown = printable("".join(turning))
    assert shown.isascii()
    assert shown.count("\\u") == 12


def test_control_characters_are_shown_not_sent():
    assert printable("a\x1b[31m\x07\x9b\u202e\udcff\n\té") == "a\\x1b[31m\\x07\\x9b\\u202e\\udcff\n\té"


def test_a_message_that_nobody_can_be_told(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    print_error("lost")
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)
    print_error("lost")
