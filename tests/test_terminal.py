# ruff: noqa: E501

from __future__ import annotations

import io

import pytest

from layerlint.errors import UserError
from layerlint.terminal import Output, printable, wants_color


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


def test_control_characters_are_shown_not_sent():
    assert printable("a\x1b[31m\x07\x9b\u202e\udcff\n\té") == "a\\x1b[31m\\x07\\x9b\\u202e\\udcff\n\té"


def test_bytes_of_a_file_come_back(tmp_path):
    with Output(str(tmp_path / "x")) as output:
        output.write("é\r\n\udcff")
    assert (tmp_path / "x").read_bytes() == b"\xc3\xa9\r\n\xff"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("nope/x", "nope/x: error: the output cannot be written\n  there is no such file or folder", id="no folder"),
        pytest.param(".", ".: error: the output cannot be written\n  this is a folder, not a file", id="a folder"),
    ],
)  # fmt: skip
def test_an_output_that_cannot_be_opened(tmp_path, monkeypatch, path, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as caught:
        Output(path)
    assert str(caught.value) == message


def test_a_full_disk():
    output = Output("/dev/full")
    with pytest.raises(UserError, match="no space left on device"), output:
        output.write("x" * 100_000)
