"""Configuration files in the forms that tools write them in."""

from collections.abc import Mapping
from typing import Literal

import pytest

from layerlint.caches.config_text import read_config_text


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        pytest.param("lines", "; why\nCache_Dir = /c\nother", {"": {"cache-dir": "/c"}}, id="a line a key"),
        pytest.param(
            "words", '# why\ncache-folder "/a b"\nlone', {"": {"cache-folder": "/a b"}}, id="a key and a word"
        ),
        pytest.param("ini", "[global]\ncache-dir = /c", {"global": {"cache-dir": "/c"}}, id="sections"),
        pytest.param("ini", "cache-dir = /c", {}, id="no section where there must be one"),
        pytest.param("toml", "[a.b]\noff = true", {"": {}, "a": {}, "a.b": {"off": "true"}}, id="tables"),
        pytest.param("toml", "[a", {}, id="a table without an end"),
    ],
)
def test_the_keys_of_a_text(
    form: Literal["ini", "lines", "toml", "words"], text: str, expected: Mapping[str, Mapping[str, str]]
) -> None:
    assert read_config_text(form, text) == expected
