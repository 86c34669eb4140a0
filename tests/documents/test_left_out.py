"""Data of the wrong shape, without what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from layerlint.documents.left_out import leave_out

SCHEMA = {
    "$defs": {
        "Part": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "size": {"type": "integer"}, "more": {}, "one": {"const": 1}},
            "required": ["name", "size", "more", "one"],
        }
    },
    "type": "object",
    "properties": {
        "kind": {"enum": ["a", "b"]},
        "part": {"$ref": "#/$defs/Part"},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "words": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]},
        "by_name": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Part"}},
    },
}
PART = {"name": "-", "size": 0, "more": None, "one": 1}


@pytest.mark.parametrize(
    ("data", "location", "expected"),
    [
        pytest.param({"kind": "c", "x": 1}, ("x",), {"kind": "c"}, id="a key"),
        pytest.param({}, ("kind",), {"kind": "a"}, id="a word that is missing"),
        pytest.param({}, ("part",), {"part": PART}, id="an object that is missing"),
        pytest.param({}, ("words",), {"words": ()}, id="a list that is missing"),
        pytest.param({"parts": [5, 6]}, ("parts", 0), {"parts": [PART, 6]}, id="an item"),
        pytest.param({"parts": [{}]}, ("parts", 0, "size"), {"parts": [{"size": 0}]}, id="a key in an item"),
        pytest.param({"words": ["a", 5]}, ("words", 1), {"words": ["a", "-"]}, id="an item of one of two types"),
        pytest.param({"by_name": {"b": {}}}, ("by_name", "b", "name"), {"by_name": {"b": {"name": "-"}}}, id="any key"),
        pytest.param({}, ("parts", 0, "size"), {}, id="in what is not there"),
        pytest.param({"parts": []}, ("parts", 0, "size"), {"parts": []}, id="in an item that is not there"),
        pytest.param({"parts": 5}, ("parts", 0, "size"), {"parts": 5}, id="in what has no parts"),
    ],
)
def test_what_is_left(data: Any, location: tuple[str | int, ...], expected: Any) -> None:
    leave_out(data, location, SCHEMA)
    assert data == expected
