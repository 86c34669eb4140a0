"""Options as getopt reads them, against getopt itself."""

from __future__ import annotations

import getopt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.shell.options import read_options
from layerlint.shell.word import Word
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import encode

WITH_VALUE = ("-v", "-w", "--value")


def read(words: list[str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """The options with their values, empty for none, and the other words."""
    options = read_options([Word(MappedText.unmapped(encode(word)), None) for word in words], WITH_VALUE)
    given = [(name, [word.value if word else "" for word in values]) for name, values in options.given.items()]
    return given, [word.value for word in options.rest]


@pytest.mark.parametrize(
    ("line", "given", "rest"),
    [
        pytest.param("a -x b", [("-x", [""])], ["a", "b"], id="an option between words"),
        pytest.param("-xy", [("-x", [""]), ("-y", [""])], [], id="letters in one word"),
        pytest.param("-xv 1 a", [("-x", [""]), ("-v", ["1"])], ["a"], id="the last takes the next word"),
        pytest.param("-xv1 a", [("-x", [""]), ("-v", ["1"])], ["a"], id="or what is attached"),
        pytest.param("-v -x a", [("-v", ["-x"])], ["a"], id="a value may begin with a dash"),
        pytest.param("-v 1 -v2", [("-v", ["1", "2"])], [], id="given twice"),
        pytest.param("--value 1 --value=2 --value=", [("--value", ["1", "2", ""])], [], id="long ones"),
        pytest.param("--other 1", [("--other", [""])], ["1"], id="a long one without a value"),
        pytest.param("-x -- -v a", [("-x", [""])], ["-v", "a"], id="two dashes end them"),
        pytest.param("- a", [], ["-", "a"], id="a dash is a word"),
        pytest.param("a -v", [("-v", [""])], ["a"], id="a value that is missing"),
    ],
)
def test_options(line: str, given: list[tuple[str, list[str]]], rest: list[str]) -> None:
    assert read(line.split()) == (given, rest)


def test_what_is_asked_of_them() -> None:
    options = read_options([Word(MappedText.unmapped(word), None) for word in (b"-x", b"-v1", b"-v", b"2")], WITH_VALUE)
    last = options.last(["-v", "-w"])
    assert last is not None
    assert last.value == "2"
    assert options.last(["-w"]) is None
    assert (options.any(["-w", "-x"]), options.any(["-w"])) == (True, False)
    assert read_options([], ()).last(["-v"]) is None


WORDS = st.lists(
    st.sampled_from(["-x", "-y", "-xy", "-v", "-xv", "-vx", "-w=1", "--value", "--value=1", "--", "-", "a"])
)


@given(WORDS)
def test_as_getopt_has_it(words: list[str]) -> None:
    try:
        found, others = getopt.gnu_getopt(words, "xyv:w:", ["value="])
    except getopt.GetoptError:
        return  # a value is missing
    expected: dict[str, list[str]] = {}
    for name, value in found:
        expected.setdefault(name, []).append(value)
    assert read(words) == (list(expected.items()), others)
