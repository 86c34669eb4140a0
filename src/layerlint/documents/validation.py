"""Data against a model (a standard dataclass), with every mistake said in words and at its place.

pydantic takes as long to import as a small run does, so import this module only where there is something to validate.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from layerlint.documents.left_out import below, leave_out, resolve
from layerlint.documents.positions import MAX_DEPTH, TOO_DEEP, TOO_DEEP_CAUSE, KeyPath, Lookup
from layerlint.errors import MAX_MISTAKES, MAX_SHOWN, Mistake, and_more, shortened

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
_MAX_ROUNDS = 10
"""How often what is left may be found wrong once more, as what was left out must be there."""
_MISSING_KEY = ("missing", "missing_argument", "missing_keyword_only_argument")


@dataclass(frozen=True, slots=True)
class Validated(Generic[T]):
    """What data says as an instance of a model, and all that is wrong with its shape, in the file's order.

    `left_out` are the places of what was left out of the instance, or has only a stand-in there; `instance` is None if
    that was too much.
    """

    instance: T | None
    mistakes: Sequence[Mistake] = ()
    left_out: Sequence[KeyPath] = ()


def validate(model: type[T], data: Any, lookup: Lookup, path: str) -> T | list[Mistake]:
    """`data` (what JSON could hold) as an instance of `model`, or all that is wrong with it, in the file's order.

    `model` is a dataclass, or anything else that pydantic knows; say `__pydantic_config__ = {"extra": "forbid",
    "strict": True}` in it. `lookup` and `path` give the places.
    """
    try:
        return _instance(model, data)
    except _WrongShapeError as error:
        return _mistakes(model, data, error.details, lookup, path)


def validate_in_part(model: type[T], data: Any, lookup: Lookup, path: str) -> Validated[T]:
    """As `validate`, and with what `data` says where its shape is right."""
    try:
        return Validated(_instance(model, data))
    except _WrongShapeError as error:
        found = error.details
    mistakes = _mistakes(model, data, found, lookup, path)
    # Of so many mistakes not all are said anyway, and what was meant takes time for each.
    if not _is_said(found) or len(found) > MAX_MISTAKES:
        return Validated(None, mistakes)
    rest = json.loads(json.dumps(data, default=str))
    schema = _schema(model)  # type: ignore[arg-type]  # as above
    left_out: list[KeyPath] = []
    for _ in range(_MAX_ROUNDS):
        for details in found:
            leave_out(rest, details["loc"], schema)
            left_out.append(details["loc"])
            if details["type"] in _UNKNOWN_KEY and (meant := _meant_key(model, data, details["loc"])):
                left_out.append(meant)
        try:
            return Validated(_instance(model, rest), mistakes, left_out)
        except _WrongShapeError as error:
            found = error.details
    return Validated(None, mistakes)


class _WrongShapeError(Exception):
    """Holds pydantic's details of what is wrong."""

    def __init__(self, details: list[Mapping[str, Any]]) -> None:
        super().__init__()
        self.details = details


def _instance(model: type[T], data: Any) -> T:
    # Strict means that a dataclass must be an instance of it and a tuple a tuple. Read as JSON, strict still refuses
    # "1" for 1, but takes an object for a dataclass and an array for a tuple.
    adapter: TypeAdapter[T] = _adapter(model)  # type: ignore[arg-type]  # every class is hashable
    try:
        instance: T = adapter.validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        raise _WrongShapeError(_without_alternatives(error.errors(include_url=False), data)) from error
    except (RecursionError, ValueError) as error:
        raise _WrongShapeError([]) from error
    return instance


def _is_said(found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether pydantic says what is wrong, and where below the top."""
    return bool(found) and all(details["loc"] for details in found)


def _mistakes(
    model: type[Any], data: Any, found: Sequence[Mapping[str, Any]], lookup: Lookup, path: str
) -> list[Mistake]:
    if not found or found[0]["type"] == "json_invalid":
        location, title, cause = _unsayable(data)
        return [Mistake(title, cause, "", path, *lookup(location))]
    unknown = [details["loc"] for details in found if details["type"] in _UNKNOWN_KEY]
    meant = {_meant_key(model, data, location) for location in unknown[:MAX_MISTAKES]}
    said = [details for details in found if details["type"] not in _MISSING_KEY or details["loc"] not in meant]
    said.sort(key=lambda details: lookup(details["loc"], key=details["type"] in _UNKNOWN_KEY))
    mistakes = [_mistake(model, data, details, lookup, path) for details in said[:MAX_MISTAKES]]
    return list(dict.fromkeys([*mistakes, *and_more(len(said), path)]))


def _meant_key(model: type[Any], data: Any, location: KeyPath) -> KeyPath:
    """Where the key would be that was probably meant by an unknown one; empty if it is there, or none is near."""
    near = nearest(str(location[-1]), _known_keys(model, location[:-1]))
    return (*location[:-1], near) if near and near not in _value(data, location[:-1]) else ()


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
        if isinstance(value, dict | list) and len(location) >= MAX_DEPTH:
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
    return isinstance(found, str) and len(found) <= MAX_SHOWN


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
    nodes: Sequence[Mapping[str, Any]] = [whole]
    for part in location:
        nodes = below(whole, nodes, part)
    return list(dict.fromkeys(key for node in resolve(whole, nodes) for key in node.get("properties", {})))
