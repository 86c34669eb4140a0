"""Which removals take all of a directory."""

import pytest

from layerlint.caches.paths import is_below, literal, pattern_covers


@pytest.mark.parametrize(
    ("pattern", "covers"),
    [
        pytest.param("/r/.cache/tool", True, id="itself"),
        pytest.param("/r/.cache/tool/", True, id="with a slash"),
        pytest.param("/r/.cache", True, id="its parent"),
        pytest.param("/", True, id="everything"),
        pytest.param("/r/.cache/*", True, id="all in its parent"),
        pytest.param("/r/.cache/tool/*", True, id="all in it"),
        pytest.param("/r/.cache/t*", True, id="a pattern"),
        pytest.param("/r/.cache/[st]ool", True, id="a class"),
        pytest.param("/*/.cache", True, id="a pattern in the middle"),
        pytest.param("/r/.*", True, id="hidden names"),
        pytest.param("/r/**/.cache", True, id="a name anywhere below"),
        pytest.param("/r/**/t*", True, id="a pattern anywhere below"),
        pytest.param("/r/**/*cache", True, id="a star anywhere below stands for a dot too"),
        pytest.param("/r/*", False, id="a star leaves hidden names"),
        pytest.param("/r/.cache/too", False, id="a name that begins the same"),
        pytest.param("/r/.cache/tool/http", False, id="a part of it"),
        pytest.param("/r/.cache/tool/h*", False, id="some in it"),
        pytest.param("/r/.cache/\\*", False, id="a quoted star"),
        pytest.param("/*/**/.cache", True, id="anywhere below a pattern"),
        pytest.param("/**/.cache", True, id="anywhere"),
        pytest.param("/s/**/.cache", False, id="anywhere below something else"),
        pytest.param("/s*/**/.cache", False, id="anywhere below another pattern"),
        pytest.param("/*/*/*/*/**/.cache", False, id="anywhere below what lies deeper"),
        pytest.param("\0/.cache", False, id="who knows where"),
    ],
)
def test_what_a_pattern_covers(pattern: str, *, covers: bool) -> None:
    assert pattern_covers(pattern, "/r/.cache/tool") is covers


def test_a_literal_names_itself_alone() -> None:
    assert pattern_covers(literal("/a/*"), "/a/*")
    assert not pattern_covers(literal("/a/*"), "/a/b")
    assert pattern_covers(literal("/a/[b]"), "/a/[b]")
    assert pattern_covers(literal("/a/[b]") + "/**/c", "/a/[b]/c")


@pytest.mark.parametrize(
    ("directory", "is_in"),
    [
        pytest.param("/r", True, id="above it"),
        pytest.param("/r/a", True, id="itself"),
        pytest.param("/", True, id="the top"),
        pytest.param("/r/", True, id="with a slash"),
        pytest.param("/s", False, id="beside it"),
        pytest.param("/r/ab", False, id="a name that begins the same"),
        pytest.param("", False, id="nothing"),
        pytest.param("/r\0", False, id="who knows where"),
    ],
)
def test_what_a_path_is_below(directory: str, is_in: bool) -> None:
    assert is_below("/r/a", directory) is is_in
