from __future__ import annotations

import time
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.globs.name_glob import MAX_GLOBS, has_open_bracket, is_glob, matches, matches_any
from tests.program import timed

pieces = st.lists(st.sampled_from([*"ab*?[]!-", "[a", "[!a]", "[a-b]", "pip", "\n"]), max_size=6).map("".join)


@given(pieces, st.text("ab[]!-*\n", max_size=5) | pieces)
def test_it_is_what_fnmatch_says(glob: str, name: str) -> None:
    assert matches(name, glob) == fnmatchcase(name, glob)
    assert is_glob(glob) or matches(name, glob) == (name == glob)


@given(st.lists(pieces, max_size=4), st.text("ab[]!-*\n", max_size=5) | pieces)
def test_any_of_several_is_one_of_them(globs: list[str], name: str) -> None:
    assert matches_any(name, tuple(globs)) == any(fnmatchcase(name, glob) for glob in globs)


@pytest.mark.parametrize(
    ("name", "glob", "expected"),
    [
        pytest.param("pip", "pip", True, id="a name"),
        pytest.param("pip3", "pip", False, id="all of it"),
        pytest.param("pip3.11", "pip3.*", True, id="a beginning"),
        pytest.param("my-pip3", "*pip*", True, id="a part"),
        pytest.param("my-pi-p", "*pip*", False, id="not this part"),
        pytest.param("aba", "ab*ba", False, id="beginning and end may not overlap"),
        pytest.param("pip-2.7", "pip-[0-9].[0-9]", True, id="one of several"),
        pytest.param("pip-x.7", "pip-[0-9].[0-9]", False, id="none of several"),
        pytest.param("a:1-pip3", "*:*pip[23]*", True, id="several parts"),
        pytest.param("a:1-pip", "*:*pip[23]*", False, id="not the last part"),
        pytest.param("PIP", "pip", False, id="capitals are others"),
    ],
)
def test_names(name: str, glob: str, expected: bool) -> None:
    assert matches(name, glob) is expected
    assert matches_any(name, (glob, "another")) is expected


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("pip", False), ("a[bc]*", False), ("[[]", False), (".[[]*", False), ("[]a]", False), ("[!]a]", False),
        ("a]", False), ("pip[", True), ("cu[rl", True), ("[]", True), ("[!]", True), ("[a][", True), ("[a[", True),
    ],
)  # fmt: skip
def test_an_open_bracket_stands_for_itself(glob: str, expected: bool) -> None:
    assert has_open_bracket(glob) is expected


@timed
def test_more_globs_than_python_remembers_take_no_longer() -> None:
    globs = tuple(f"a?*b{number}*" for number in range(MAX_GLOBS))
    start = time.process_time()
    assert not any(matches_any(f"a{number}b", globs) for number in range(200))
    assert all(matches_any(f"aab{number}", globs) for number in range(200))
    assert time.process_time() - start < 2
