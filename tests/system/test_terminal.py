from __future__ import annotations

import io

import pytest

from layerlint.system.terminal import print_error, wants_color


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


def test_each_line_of_a_message_is_one_and_is_seen(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    print_error("a\x1b[31m\x07\x9b\u202e\udcff\n::error::\té\xad\ufff9\U000e0041", "b")
    assert stream.getvalue() == "a␛[31m␇<U+009B><U+202E>\ufffd␊::error::␉é<U+00AD><U+FFF9><U+E0041>\nb\n"


def test_a_message_that_nobody_can_be_told(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    print_error("lost")
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)
    print_error("lost")
