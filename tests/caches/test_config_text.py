"""Configuration files in the forms that tools write them in."""

from collections.abc import Mapping

import pytest

from layerlint.caches.config_text import read_config_text
from layerlint.tools.config import Form


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        pytest.param("lines", "; why\nCache_Dir = /c\nother", {"": {"cache-dir": "/c"}}, id="a line a key"),
        pytest.param(
            "words", '# why\ncache-folder "/a b"\nlone', {"": {"cache-folder": "/a b"}}, id="a key and a word"
        ),
        pytest.param("ini", "[global]\ncache-dir = /c", {"global": {"cache-dir": "/c"}}, id="sections"),
        pytest.param("ini", "[global]\n--Cache-Dir = /c", {"global": {"cache-dir": "/c"}}, id="dashes in front"),
        pytest.param("ini", "cache-dir = /c", {}, id="no section where there must be one"),
        pytest.param("toml", "[a.b]\noff = true", {"": {}, "a": {}, "a.b": {"off": "true"}}, id="tables"),
        pytest.param("toml", "[a", {}, id="a table without an end"),
        pytest.param(
            "json", '{"a": {"b": {"off": false}}, "n": [1]}', {"": {}, "a": {}, "a.b": {"off": "false"}}, id="objects"
        ),
        pytest.param("json", "[1]", {}, id="no object"),
        pytest.param("json", '{"a": ', {}, id="an object without an end"),
        pytest.param("json", "[" * 8000, {}, id="too many brackets"),
        pytest.param("json", '{"a":' * 900 + "1" + "}" * 900, {}, id="too many objects in each other"),
        pytest.param("toml", "a." * 4000 + "a = 1", {}, id="too many tables in each other"),
        pytest.param(
            "yaml",
            '---\nSTORE_DIR: "/s"\nlist: [[a]]\na: {b: 1}',
            {"": {"store-dir": "/s"}, "a": {"b": "1"}},
            id="mappings",
        ),
        pytest.param(
            "yaml", "stores: [/a, /b]\nnone: []\nnumbers: [1]", {"": {"stores": "/a\n/b"}}, id="lists of texts"
        ),
        pytest.param("yaml", "a: &a {b: *a}", {}, id="a mapping that is in itself"),
        pytest.param("yaml", "a: {", {}, id="a mapping without an end"),
    ],
)
def test_the_keys_of_a_text(form: Form, text: str, expected: Mapping[str, Mapping[str, str]]) -> None:
    assert read_config_text(form, text) == expected
