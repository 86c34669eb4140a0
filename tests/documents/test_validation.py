# ruff: noqa: ISC004

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pytest

from layerlint.documents.positions import Places
from layerlint.documents.validation import nearest, validate, validate_in_part
from layerlint.documents.yaml_reader import load_yaml


@dataclass(frozen=True)
class Inner:
    name: str
    kind: Literal["plain", "fancy"] = "plain"


@dataclass(frozen=True)
class Model:
    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "strict": True,
        "alias_generator": lambda name: name.replace("_", "-"),
    }

    id: str
    fail_on: Literal["error", "never"] = "error"
    words: tuple[str, ...] = ()
    count: int = 0
    inner: tuple[Inner, ...] = ()
    either: Inner | str | None = None
    levels: Mapping[str, Literal["on", "off"]] = field(default_factory=dict)


def checked(text: str) -> Model | list[str]:
    result = validate(Model, *load_yaml(text, "x.yaml"), "x.yaml")
    return [str(mistake) for mistake in result] if isinstance(result, list) else result


def test_a_good_file_becomes_the_model():
    text = "id: a\nfail-on: never\nwords: [b]\ninner: [{name: c, kind: fancy}]\nlevels: {x: off}\n"
    assert checked(text) == Model("a", "never", ("b",), inner=(Inner("c", "fancy"),), levels={"x": "off"})


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        pytest.param(
            "id: a\nword: [b]\n",
            [
                'x.yaml:2:1: error: unknown key "word"\n'
                "  known keys: id, fail-on, words, count, inner, either, levels\n"
                '  help: did you mean "words"?'
            ],
            id="unknown key with a near one",
        ),
        pytest.param(
            "id: a\nfail_on: never\n",
            [
                'x.yaml:2:1: error: unknown key "fail_on"\n'
                "  known keys: id, fail-on, words, count, inner, either, levels\n"
                '  help: did you mean "fail-on"?'
            ],
            id="underscore for a dash",
        ),
        pytest.param(
            "id: a\ninner:\n  - name: b\n    knd: plain\n",
            ['x.yaml:4:5: error: unknown key "knd"\n  known keys: name, kind\n  help: did you mean "kind"?'],
            id="unknown key further in",
        ),
        pytest.param(
            "words: []\ninner:\n  - kind: plain\n",
            [
                'x.yaml:1:1: error: missing key "id"\n  it must be given',
                'x.yaml:3:5: error: missing key "name"\n  it must be given',
            ],
            id="missing keys",
        ),
        pytest.param(
            "id: a\nfail-on: neverr\n",
            [
                'x.yaml:2:10: error: "fail-on" cannot be "neverr"\n  it must be one of: error, never\n'
                '  help: did you mean "never"?'
            ],
            id="not one of",
        ),
        pytest.param(
            "id: a\nlevels:\n  x: 1\n",
            ['x.yaml:3:6: error: "x" cannot be the number 1\n  it must be one of: on, off'],
            id="not one of, and not even text",
        ),
        pytest.param(
            "id: a\nwords: b\n",
            [
                'x.yaml:2:8: error: "words" has the wrong type\n  it must be a list, and here is "b"\n'
                '  help: write ["b"]'
            ],
            id="text for a list",
        ),
        pytest.param(
            "id: 1\nwords: [b, 2, ~]\ncount: '3'\nlevels: []\n",
            [
                'x.yaml:1:5: error: "id" has the wrong type\n  it must be text, and here is the number 1',
                'x.yaml:2:12: error: number 2 in "words" has the wrong type\n'
                "  it must be text, and here is the number 2",
                'x.yaml:2:15: error: number 3 in "words" has the wrong type\n  it must be text, and here is nothing',
                'x.yaml:3:8: error: "count" has the wrong type\n  it must be a whole number, and here is "3"',
                'x.yaml:4:9: error: "levels" has the wrong type\n'
                "  it must be a mapping (keys and values), and here is a list",
            ],
            id="wrong types, all of them, nothing converted",
        ),
        pytest.param(
            "- a\n",
            [
                "x.yaml:1:1: error: the file has the wrong type\n"
                "  it must be a mapping (keys and values), and here is a list"
            ],
            id="not a mapping at all",
        ),
    ],
)
def test_mistakes_in_words(text, mistakes):
    assert checked(text) == mistakes


@pytest.mark.parametrize(
    ("value", "mistake"),
    [
        pytest.param(
            "\n  name: b\n  knd: x",
            'x.yaml:4:3: error: unknown key "knd"\n  known keys: name, kind\n  help: did you mean "kind"?',
            id="wrong inside of the one that it looks like",
        ),
        pytest.param("{}", 'x.yaml:2:9: error: missing key "name"\n  it must be given', id="not all of that one"),
        pytest.param(
            "5",
            'x.yaml:2:9: error: "either" has the wrong type\n'
            "  it must be a mapping (keys and values) or text, and here is the number 5",
            id="like none of them",
        ),
    ],
)
def test_of_a_value_that_may_be_several_things_one_thing_is_said(value, mistake):
    assert checked(f"id: a\neither: {value}\n") == [mistake]


def deep(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param({"words": deep(300)}, "error: this is nested too deep", id="deep"),
        pytest.param({"words": deep(100_000)}, "error: this is nested too deep", id="too deep to be written"),
        pytest.param({"id": ["\ud800"]}, 'error: number 1 in "id" is no text', id="half of a character"),
        pytest.param({"\udfff": 1}, "error: a key is no text", id="a key with half of a character"),
        pytest.param({"count": 10**5000}, "error: the file is wrong\n  a number in it is too long", id="a long number"),
    ],
)
def test_what_json_cannot_hold(data, said):
    (mistake,) = validate(Model, data, Places(dict), "x.json")
    assert str(mistake).startswith(f"x.json:1:1: {said}")


def test_of_thousands_of_mistakes_a_hundred_are_said():
    keys = "".join(f"k{number}: 1\n" for number in range(5_000))
    start = time.process_time()
    found = checked(f"{keys}words: 3\nid: a\n")
    assert time.process_time() - start < 3
    assert found[99].startswith('x.yaml:100:1: error: unknown key "k99"\n')
    assert found[100:] == ["x.yaml: error: 4,901 more mistakes\n  only the first 100 are said"]


@pytest.mark.parametrize(("word", "near"), [("selct", "select"), ("SELECT", "select"), ("zzz", ""), ("", "")], ids=repr)
def test_nearest(word, near):
    assert nearest(word, ["ignore", "select"]) == near


@pytest.mark.parametrize(
    ("text", "instance", "left_out"),
    [
        pytest.param("id: a\n", Model("a"), [], id="nothing"),
        pytest.param("id: a\ncount: x\nwords: [b]\n", Model("a", words=("b",)), [("count",)], id="a value"),
        pytest.param("count: 1\n", Model("-", count=1), [("id",)], id="a key that is missing"),
        pytest.param("ids: a\n", Model("-"), [("ids",), ("id",), ("id",)], id="a key, and the one that was meant"),
        pytest.param("id: 5\n", Model("-"), [("id",), ("id",)], id="a value that must be there"),
        pytest.param("id: a\ninner: [{kind: x}]\n", Model("a", inner=(Inner("-"),)), None, id="in a list"),
        pytest.param("- a\n", None, [], id="all of it"),
        pytest.param("".join(f"k{number}: 1\n" for number in range(200)), None, [], id="too much"),
    ],
)
def test_what_can_be_read_in_part(
    text: str, instance: Model | None, left_out: list[tuple[str | int, ...]] | None
) -> None:
    found = validate_in_part(Model, *load_yaml(text, "x.yaml"), "x.yaml")
    assert found.instance == instance
    assert left_out is None or sorted(found.left_out) == sorted(left_out)
    assert bool(found.mistakes) == (found.instance is None or bool(found.left_out))
