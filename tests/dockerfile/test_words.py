from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.dockerfile.words import expand, refusal

VARIABLES = {"X": "one", "EMPTY": "", "PATH": "/usr/lib/python3/lib", "UNKNOWN": None, "DOTS": "a.b.c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain text", "plain text", id="nothing special"),
        pytest.param("$X-${X}", "one-one", id="with and without braces"),
        pytest.param("$XY", "", id="the longest name is the name, and unset is empty"),
        pytest.param("${X}Y", "oneY", id="braces end a name"),
        pytest.param("$", "$", id="dollar alone"),
        pytest.param("a$ b$", "a$ b$", id="dollar before what is no name"),
        pytest.param("$(pwd)", "$(pwd)", id="Docker runs no commands"),
        pytest.param("$1x", "x", id="a number is a whole name"),
        pytest.param("'$X'", "$X", id="single quotes keep the dollar"),
        pytest.param('"$X"', "one", id="double quotes do not"),
        pytest.param("\"'$X'\"", "'one'", id="single quotes in double quotes"),
        pytest.param("\\$X", "$X", id="escaped dollar"),
        pytest.param('"\\$X"', "$X", id="escaped dollar in double quotes"),
        pytest.param('"\\a"', "\\a", id="an escape of nothing special stays in double quotes"),
        pytest.param("\\a", "a", id="and goes outside of them"),
        pytest.param("a\\", "a", id="escape at the end"),
        pytest.param("'a\\'", "a\\", id="no escapes in single quotes"),
        pytest.param("${X:-y}|${EMPTY:-y}|${NONE:-y}", "one|y|y", id="default if empty"),
        pytest.param("${X-y}|${EMPTY-y}|${NONE-y}", "one||y", id="default if unset"),
        pytest.param("${X:+y}|${EMPTY:+y}|${NONE:+y}", "y||", id="alternative if not empty"),
        pytest.param("${X+y}|${EMPTY+y}|${NONE+y}", "y|y|", id="alternative if set"),
        pytest.param("${X:?e}", "one", id="required"),
        pytest.param("${EMPTY?e}", "", id="required to be set"),
        pytest.param("${EMPTY:?e}", None, id="required and empty"),
        pytest.param("${NONE?e}", None, id="required and unset"),
        pytest.param("${NONE:-${X}}", "one", id="nested"),
        pytest.param('${NONE:-"a b"}', "a b", id="quotes in the default"),
        pytest.param("${NONE:-a\\}b}", "a}b", id="escape in the default"),
        pytest.param("${PATH#*/}", "usr/lib/python3/lib", id="shortest prefix"),
        pytest.param("${PATH##*/}", "lib", id="longest prefix"),
        pytest.param("${PATH%/*}", "/usr/lib/python3", id="shortest suffix"),
        pytest.param("${PATH%%/*}", "", id="longest suffix"),
        pytest.param("${PATH#x}", "/usr/lib/python3/lib", id="no such prefix"),
        pytest.param("${DOTS#?.}", "b.c", id="any character"),
        pytest.param("${DOTS%\\*}", "a.b.c", id="an escaped star is a star"),
        pytest.param("${PATH/lib/x}", "/usr/x/python3/lib", id="replace the first"),
        pytest.param("${PATH//lib/x}", "/usr/x/python3/x", id="replace every one"),
        pytest.param("${PATH//l*b/x}", "/usr/x", id="replace the longest match"),
        pytest.param("${DOTS//*/x}", "x", id="replace everything, once"),
        pytest.param("${DOTS//./}", "abc", id="replace by nothing"),
        pytest.param("${DOTS//\\//x}", "a.b.c", id="an escaped slash in the pattern"),
        pytest.param("$UNKNOWN", None, id="not known"),
        pytest.param("a${UNKNOWN}b", None, id="part of it not known"),
        pytest.param("${UNKNOWN+y}", "y", id="set is known where the value is not"),
        pytest.param("${UNKNOWN:+y}", None, id="but empty is not"),
        pytest.param("${UNKNOWN:-y}", None, id="so that neither is a default"),
        pytest.param("${X:-$UNKNOWN}", "one", id="what is not used need not be known"),
        pytest.param("${UNKNOWN#a}", None, id="trimmed and not known"),
        pytest.param("${X/o/$UNKNOWN}", None, id="replaced by what is not known"),
        pytest.param("${X#\\o}${X%\\e}", None, id="a pattern with an escape that Docker refuses"),
        pytest.param("'$UNKNOWN'", "$UNKNOWN", id="quoted and so not used"),
        pytest.param("'a", None, id="single quote not closed"),
        pytest.param('"a', None, id="double quote not closed"),
        pytest.param("${X", None, id="brace not closed"),
        pytest.param("${}", None, id="no name"),
        pytest.param("${X^}", None, id="a substitution of bash"),
        pytest.param("${X:0:1}", None, id="another one"),
    ],
)
def test_expand(text: str, expected: str | None) -> None:
    assert expand(text, VARIABLES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("`$X", "$X", id="it escapes"),
        pytest.param("C:\\dir", "C:\\dir", id="the backslash does not"),
        pytest.param('"`""', '"', id="in double quotes"),
    ],
)
def test_expand_with_a_backtick_for_the_escape_character(text: str, expected: str) -> None:
    assert expand(text, VARIABLES, "`") == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("${X:-" * 10_000 + "}" * 10_000, id="nesting"),
        pytest.param("${X:-" * 10_000, id="nesting that is not closed"),
        pytest.param("$LONG" * 10_000, id="growth"),
        pytest.param("${LONG#" + "*a" * 2_000 + "}", id="a pattern with many stars"),
        pytest.param("${LONG//" + "*a" * 2_000 + "/}", id="a replacement with many stars"),
    ],
)
def test_what_is_beyond_reason_is_unknown_at_once(text: str) -> None:
    assert expand(text, {"LONG": "a" * 5_000 + "b"}) is None


@given(st.text(alphabet="$X{}:-+?#%/\\'\" aE*<", max_size=30))
def test_expand_never_raises_and_refuses_what_it_says(text: str) -> None:
    known = {"X": "a/b", "E": ""}
    if refusal(text) is not None:
        assert expand(text, known) is None


@given(st.text(alphabet=st.characters(exclude_characters="$\\'\"")))
def test_text_without_special_characters_stays(text: str) -> None:
    assert expand(text, {}) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("it's", "a single quote is not closed", id="single quote"),
        pytest.param('say "a', "a double quote is not closed", id="double quote"),
        pytest.param("${X", "`${X` is not a substitution that Docker knows", id="brace"),
        pytest.param("${X:-a", "`}` is missing after `${`", id="brace after a default"),
        pytest.param("${}", "the variable name after `${` is missing", id="name"),
        pytest.param("${X@Q}", "`${X@` is not a substitution that Docker knows", id="substitution"),
        pytest.param("${X:?e}", None, id="whether a variable is set is not the question"),
    ],
)
def test_refusal(text: str, message: str | None) -> None:
    assert refusal(text) == message
