"""Data against a model (a standard dataclass), with every mistake said in words and at its place.

pydantic takes as long to import as a small run does, so import this module only where there is something to validate.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from layerlint.errors import MOST_MISTAKES, MOST_SHOWN, Mistake, and_more, shortened
from layerlint.positions import MAXIMUM_DEPTH, TOO_DEEP, TOO_DEEP_CAUSE, KeyPath, Lookup

T = TypeVar("T")

_EXPECTED: Mapping[str, str] = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "list_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping (keys and values)",
    "dataclass_type": "a mapping (keys and values)",
    "model_type": "a mapping (keys and values)",
    "none_required": "nothing",
}
_UNKNOWN_KEY = ("unexpected_keyword_argument", "extra_forbidden")
_MISSING_KEY = ("missing", "missing_argument", "missing_keyword_only_argument")


def validate(model: type[T], data: Any, lookup: Lookup, path: str) -> T | list[Mistake]:
    """`data` (what JSON could hold) as an instance of `model`, or all that is wrong with it, in the file's order.

    `model` is a dataclass, or anything else that pydantic knows; say `__pydantic_config__ = {"extra": "forbid",
    "strict": True}` in it. `lookup` and `path` give the places.
    """
    # Strict means that a dataclass must be an instance of it and a tuple a tuple. Read as JSON, strict still refuses
    # "1" for 1, but takes an object for a dataclass and an array for a tuple.
    adapter: TypeAdapter[T] = _adapter(model)  # type: ignore[arg-type]  # every class is hashable
    try:
        instance: T = adapter.validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        found = _without_alternatives(error.errors(include_url=False), data)
    except (RecursionError, ValueError):
        found = []
    else:
        return instance
    if not found or found[0]["type"] == "json_invalid":
        location, title, cause = _unsayable(data)
        return [Mistake(title, cause, "", path, *lookup(location))]
    found.sort(key=lambda details: lookup(details["loc"], key=details["type"] in _UNKNOWN_KEY))
    mistakes = [_mistake(model, data, details, lookup, path) for details in found[:MOST_MISTAKES]]
    return list(dict.fromkeys([*mistakes, *and_more(len(found), path)]))


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of `known` that was probably meant by `word`, whatever its case; empty if none is near."""
    by_folded = {name.casefold(): name for name in reversed(list(known))}
    match = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[match[0]] if match else ""


def _unsayable(data: Any) -> tuple[KeyPath, str, str]:
    """What in `data` JSON cannot hold, or not so deep: where it is, a title and a cause."""
    waiting: list[tuple[KeyPath, Any]] = [((), data)]
    while waiting:
        location, value = waiting.pop()
        if isinstance(value, str) and not _is_text(value):
            return location, f"{_name(location)} is no text", "half of a character (a surrogate) stands in it"
        if isinstance(value, dict | list) and len(location) >= MAXIMUM_DEPTH:
            return location, TOO_DEEP, TOO_DEEP_CAUSE
        if isinstance(value, dict):
            if bad := next((key for key in value if not _is_text(key)), None):
                return (*location, bad), "a key is no text", "half of a character (a surrogate) stands in it"
            waiting.extend(((*location, key), below) for key, below in value.items())
        elif isinstance(value, list):
            waiting.extend(((*location, index), below) for index, below in enumerate(value))
    return (), "the file is wrong", "a number in it is too long"


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


@cache
def _schema(model: Any) -> Mapping[str, Any]:
    return _adapter(model).json_schema(by_alias=True)


def _without_alternatives(errors: Iterable[Any], data: Any) -> list[Mapping[str, Any]]:
    """`errors` without those about what a value might have been too, and without pydantic's names of alternatives.

    Where a value may be text or a mapping, a wrong key in a mapping is no reason to say that text is missing.
    """
    read = [(details, *_alternatives(data, details)) for details in errors]
    # What looks, at a place, like one of the alternatives: something deeper is wrong with it.
    deeper = {place for _, _, places, is_other_type in read for place in places[: -1 if is_other_type else None]}
    kept: dict[KeyPath, dict[str, Any]] = {}
    others: list[Mapping[str, Any]] = []
    for details, location, places, is_other_type in read:
        if not is_other_type:
            others.append({**details, "loc": location})
        elif places[-1] not in deeper:
            alternatives = kept.setdefault(location, {**details, "loc": location, "expected": []})["expected"]
            alternatives.append(_EXPECTED[details["type"]])
    return [*others, *kept.values()]


def _alternatives(data: Any, details: Mapping[str, Any]) -> tuple[KeyPath, list[KeyPath], bool]:
    """Where a mistake is, the places with alternatives on the way there, and whether the last is of another type."""
    location: list[str | int] = []
    places: list[KeyPath] = []
    parts, kind = tuple(details["loc"]), details["type"]
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        is_there = isinstance(data, list | dict) and (part in data if isinstance(data, dict) else isinstance(part, int))
        if is_there:
            data = data[part]
            location.append(part)
        elif is_last and kind in (*_UNKNOWN_KEY, *_MISSING_KEY):
            location.append(part)
        else:
            places.append(tuple(location))
            if is_last and kind in _EXPECTED:
                return tuple(location), places, True
    return tuple(location), places, False


def _mistake(model: type[Any], data: Any, details: Mapping[str, Any], lookup: Lookup, path: str) -> Mistake:
    kind, location = details["type"], details["loc"]
    name = _name(location)
    is_key = kind in _UNKNOWN_KEY
    # What is missing has no place of its own: `lookup` gives that of the mapping it is missing in. Nothing has none.
    line, column = lookup(location, key=is_key or _value(data, location) is None)
    if is_key:
        known = _known_keys(model, location[:-1])
        title = f'unknown key "{location[-1]}"'
        cause = f"known keys: {', '.join(known)}" if known else "no key of that name is read"
        near = nearest(str(location[-1]), known)
        step = f'did you mean "{near}"?' if near else ""
    elif kind in _MISSING_KEY:
        title, cause, step = f'missing key "{location[-1]}"', "it must be given", ""
    elif kind in ("literal_error", "enum"):
        found = _value(data, location)
        expected = details["ctx"]["expected"]
        # One that is empty stands for what is not said, and is written by leaving the key out.
        choices = [choice for choice in expected.replace("'", "").replace(" or ", ", ").split(", ") if choice]
        title, cause = f"{name} cannot be {_describe(found)}", f"it must be one of: {', '.join(choices)}"
        near = nearest(found, choices) if isinstance(found, str) else ""
        step = f'did you mean "{near}"?' if near else ""
    elif kind in _EXPECTED:
        found = _value(data, location)
        expected = " or ".join(dict.fromkeys(details.get("expected", [_EXPECTED[kind]])))
        title, cause = f"{name} has the wrong type", f"it must be {expected}, and here is {_describe(found)}"
        step = f"write [{json.dumps(found)}]" if expected == "a list" and _is_short_text(found) else ""
    else:
        title, cause, step = f"{name} is wrong", str(details["msg"]).removeprefix("Value error, "), ""
    return Mistake(title, cause, step, path, line, column)


def _name(location: KeyPath) -> str:
    """How to speak of a value: by its key, or by its number in the list of that key."""
    keys = [part for part in location if isinstance(part, str)]
    if not keys:
        return "the file"
    if isinstance(location[-1], int):
        return f'number {location[-1] + 1} in "{keys[-1]}"'
    return f'"{keys[-1]}"'


def _describe(found: Any) -> str:
    match found:
        case None:
            return "nothing"
        case bool():
            return "true" if found else "false"
        case str():
            return f'"{shortened(found)}"'
        case int() | float():
            return f"the number {shortened(str(found))}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f'"{found}"'


def _is_short_text(found: Any) -> bool:
    return isinstance(found, str) and len(found) <= MOST_SHOWN


def _value(data: Any, location: KeyPath) -> Any:
    """The value at `location`; parts that are not in the data (pydantic's names of alternatives) are passed over."""
    for part in location:
        is_item = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if is_item or (isinstance(data, dict) and part in data):
            data = data[part]
    return data


def _known_keys(model: type[Any], location: KeyPath) -> list[str]:
    """The keys that a mapping at `location` may have, in the model's order, read off the model's JSON Schema."""
    whole = _schema(model)  # type: ignore[arg-type]  # as above
    nodes = _resolve(whole, [whole])
    for part in location:
        below = [node["items"] for node in nodes if isinstance(part, int) and "items" in node]
        for node in nodes:
            if part in node.get("properties", {}):
                below.append(node["properties"][part])
            elif isinstance(node.get("additionalProperties"), dict):
                below.append(node["additionalProperties"])
        # A part that leads nowhere is pydantic's name of an alternative.
        nodes = _resolve(whole, below) or nodes
    return list(dict.fromkeys(key for node in nodes for key in node.get("properties", {})))


def _resolve(whole: Mapping[str, Any], nodes: list[Any]) -> list[Any]:
    """The schemas that `nodes` refer to or are made of."""
    resolved: list[Any] = []
    waiting, seen = list(nodes), set[int]()
    while waiting:
        node = waiting.pop(0)
        if not isinstance(node, dict) or id(node) in seen:
            continue
        seen.add(id(node))
        if "$ref" in node:
            waiting.append(whole["$defs"][node["$ref"].rsplit("/", 1)[-1]])
        waiting.extend([*node.get("anyOf", []), *node.get("oneOf", []), *node.get("allOf", [])])
        if node.get("properties") or node.get("items") or "additionalProperties" in node:
            resolved.append(node)
    return resolved
