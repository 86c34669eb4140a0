"""Regular expressions: what Python says, in linear time."""

from __future__ import annotations

import contextlib
import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.rules.regular_expressions.expression import RegularExpression
from layerlint.rules.regular_expressions.steps import RegularExpressionError
from layerlint.shell.syntax import NotFollowedError
from tests.program import timed

ATOMS = st.sampled_from(
    ["a", "b", "B", "1", ".", "^", "$", "[ab]", "[^a]", "[a-c1]", "[]x]", r"\d", r"\W", r"\.", r"\b", "{"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeat = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}", "{,2}", "{,}", "{02}", "*?", "+?"])
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, repeat).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    )


@given(st.recursive(ATOMS, grown, max_leaves=12), st.text("aAbBcC1.x{", max_size=12), st.booleans())
def test_it_says_what_python_says(pattern: str, text: str, ignore_case: bool) -> None:
    pattern = f"(?i){pattern}" if ignore_case else pattern
    assert RegularExpression(pattern).search(text) == bool(re.search(pattern, text))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param(r"\Aa\Z", "a", True, id="both ends"),
        pytest.param(r"\Aa", "ba", False, id="not at the start"),
        pytest.param(r"a\Z", "ab", False, id="not at the end"),
        pytest.param(r"a\tb\0", "a\tb\0", True, id="control characters"),
        pytest.param(r"a\.b", "axb", False, id="an escaped dot"),
        pytest.param(r"[\d\-\t]", "-", True, id="an escaped dash in a set"),
        pytest.param(r"[\d\-\t]", "\t", True, id="a control character in a set"),
        pytest.param(r"[a\]]", "]", True, id="an escaped bracket in a set"),
        pytest.param(r"[]a]", "]", True, id="a bracket that is the first of a set"),
        pytest.param(r"[\t-\r]", "\n", True, id="a range of control characters"),
        pytest.param(r"\bcd\b", "a && cd /x", True, id="a word among others"),
        pytest.param(r"\bcd\b", "abcd cde", False, id="the end of a word, and the beginning of one"),
        pytest.param(r"\bcd\b", "cd", True, id="a word that is all"),
        pytest.param(r"\bé\b", "a é", True, id="a letter of another alphabet"),
        pytest.param(r"\b^a$\b", "a", True, id="boundaries at both ends"),
        pytest.param(r"(\b|x)+$", "-", False, id="a boundary that is repeated"),
        pytest.param(r"\b", "", False, id="no boundary in nothing"),
        pytest.param(r"[\b]", "\b", True, id="a backspace in a set"),
        pytest.param("^a{,}$", "aaa", True, id="as many as there are"),
        pytest.param("^a{00002}$", "aa", True, id="zeros in front"),
        pytest.param("a{}", "a{}", True, id="empty braces"),
        pytest.param("a{1234x}", "a{1234x}", True, id="braces around no number"),
        pytest.param("a{1,2,3}", "a{1,2,3}", True, id="braces around three numbers"),
        pytest.param(r"[^\s]", " ", False, id="a class in a set that excludes"),
    ],
)
def test_a_pattern(pattern: str, text: str, expected: bool) -> None:
    assert RegularExpression(pattern).search(text) is expected is bool(re.search(pattern, text))


def test_a_text_of_many_characters_is_not_remembered_whole() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(3_000))
    assert RegularExpression("[^a]{900}b").search(f"{text}b")


@timed
@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a|aa)*b",
        "(.*)*(.*)*(.*)*x$",
        "((a{1,9}){1,9}){1,9}b",
        "(?:(?:){999}){999}b",
        "a?" * 300,
        r"(\b|a+)+\b-",
    ],
)
def test_it_takes_time_in_proportion_to_the_text(pattern: str) -> None:
    expression = RegularExpression(pattern)
    start = time.process_time()
    with contextlib.suppress(NotFollowedError):
        expression.search("a" * 20_000)
    assert time.process_time() - start < 5


def random_text(length: int) -> str:
    return "".join(random.Random(1).choices("ac", k=length))


@timed
@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        pytest.param("a.{1900}b", "regular expression `a.{1900}b` of a rule, and is not held against it.", id="short"),
        pytest.param("(a|c|[ac])?" * 90 + ".{700}b", f"`{'(a|c|[ac])?' * 6}"[:60] + "…` of a rule, and is", id="long"),
    ],
)
def test_a_text_that_takes_too_long_is_not_followed(pattern: str, said: str) -> None:
    start = time.process_time()
    with pytest.raises(NotFollowedError) as raised:
        RegularExpression(pattern).search(random_text(1_000_000))
    assert said in str(raised.value)
    assert "In this file a text of 1,000,000 characters is too long for the " in str(raised.value)
    assert time.process_time() - start < 4


def test_whether_it_is_followed_is_the_same_whatever_came_before() -> None:
    text = "ab" * 8_000
    fresh, experienced = RegularExpression("a.{1900}c"), RegularExpression("a.{1900}c")
    experienced.search(text[:4000])
    for expression in (fresh, experienced):
        with pytest.raises(NotFollowedError):
            expression.search(text)


@pytest.mark.parametrize(
    ("pattern", "length"),
    [
        pytest.param("a?c?[ab]+x", 200_000, id="few ways at a time"),
        pytest.param("a.{100}b", 12_000, id="some repetitions"),
        pytest.param("a.{1900}b", 1_500, id="many repetitions"),
        pytest.param("(x{100}y?){15}", 100_000, id="what is not there"),
    ],
)
def test_a_long_text_that_is_followed(pattern: str, length: int) -> None:
    assert not RegularExpression(pattern).search(random_text(length))


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        pytest.param("(a", 'a ")" is missing', id="a group that is open"),
        pytest.param("a)", 'a ")" closes nothing', id="a group that is not"),
        pytest.param("[a", 'a "]" is missing', id="a set that is open"),
        pytest.param("*a", 'nothing is repeated by the "*" at 1', id="nothing to repeat"),
        pytest.param("a**", 'nothing is repeated by the "*" at 3', id="repeated twice"),
        pytest.param("(?=a)", "it looks around", id="looking ahead"),
        pytest.param("(?<!a)b", "it looks around, or holds on to what it has (`(?<`)", id="looking behind"),
        pytest.param(r"(a)\1", r"it refers back to a group (`\1`)", id="a reference back"),
        pytest.param("a++", "possessive quantifiers are not read here", id="possessive"),
        pytest.param("(?P<n>a)", "(?P is not read here", id="a name"),
        pytest.param(r"\Bword", r"`\B` is not read here: write the character", id="what is no boundary"),
        pytest.param(r"\x41", r"or `\\x` for a backslash and the letter", id="a character by its number"),
        pytest.param(r"[\w-\s]+\q", r"`\q` is not read here", id="an unknown escape"),
        pytest.param(r"[\q]", r"`\q` is not read here", id="an unknown escape in a set"),
        pytest.param("a{3,2}", "{3,2} asks for at least 3 and at most 2", id="more than most"),
        pytest.param("[z-a]", "the range z-a goes backwards", id="a range backwards"),
        pytest.param("(a{100}){100}", "has more than 2000 parts", id="too large"),
        pytest.param("(((a{999}){999}){999}){999}", "has more than 2000 parts", id="far too large"),
        pytest.param("a{10000}", "has more than 2000 parts", id="five digits"),
        pytest.param("a{0,99999}b", "has more than 2000 parts", id="at most five digits"),
        pytest.param(f"a{{{'9' * 5000},}}", "has more than 2000 parts", id="thousands of digits"),
        pytest.param("(" * 200, "more than 100 groups are in each other", id="too deep"),
        pytest.param("a\\", 'the "\\" at the end escapes nothing', id="an escape at the end"),
    ],
)
def test_what_is_refused_is_explained(pattern: str, message: str) -> None:
    with pytest.raises(RegularExpressionError) as raised:
        RegularExpression(pattern)
    assert message in str(raised.value)
