"""What rule files mean, as bytes that are read again in a few milliseconds: JSON, of which nothing is ever run.

Works with every frozen dataclass made of text, numbers, tuples, mappings, enumerations and other such dataclasses: a
new field, class or kind of file needs nothing here. The first line has the names of the classes, the second what is
at hand of each object; the objects follow, a line each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import partial
from json import JSONDecoder
from typing import Any

from layerlint.rules.files.unread import unread
from layerlint.rules.model import Rule
from layerlint.tools.tool import Tool

# What a run asks of every rule and tool, whatever the files are about: fields and cached properties. A rule or tool is
# read as a whole when more is asked of it.
_AT_HAND: Mapping[type, tuple[str, ...]] = {
    Rule: ("id", "name", "aliases", "severity", "default", "tools", "parts"),
    Tool: ("names", "modules", "wrappers", "config_paths", "switch_paths", "location_paths", "brought_by"),
}

_CLASS, _OF = "", " "  # no field has such a name
_TUPLE, _MAPPING, _HEAD = -1, -2, -3


class NotCompiledError(Exception):
    """Bytes that `compile_files` did not make, or made of other classes."""


def compile_files(meanings: Sequence[object]) -> bytes:
    """The bytes that stand for what some files mean. Raises TypeError for an object that no file can mean."""
    encoder = _Encoder()
    objects = [encoder.encode(meaning) for meaning in meanings]
    at_hand = [encoder.at_hand(meaning) for meaning in meanings]
    classes = [f"{cls.__module__}:{cls.__qualname__}" for cls in encoder.numbers]
    lines = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (classes, at_hand, *objects))
    return "\n".join(lines).encode()


def read_compiled(data: bytes) -> list[object]:
    """The files' meanings that `data` was made of. Raises NotCompiledError."""
    try:
        names, heads, *lines = data.split(b"\n")
        classes = [_class(name) for name in json.loads(names)]
        read = partial(_read, JSONDecoder(object_hook=partial(_decoded, classes)))
        return [
            unread(head.pop(_OF), head, partial(read, line)) if head is not None else read(line)
            for head, line in zip(read(heads), lines, strict=True)
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotCompiledError from error


class _Encoder:
    """Turns objects into what JSON can hold. `numbers` are the classes that it has met."""

    def __init__(self) -> None:
        self.numbers: dict[type, int] = {}

    def at_hand(self, meaning: object) -> object:
        """What is at hand of an object; None for one that is read at once as a whole."""
        names = _AT_HAND.get(type(meaning))
        if names is None:
            return None
        return {
            _CLASS: _HEAD,
            _OF: self._number(type(meaning)),
            **{name: self.encode(getattr(meaning, name)) for name in names},
        }

    def encode(self, value: object) -> object:
        """A value, in the form of a list if it is a tuple."""
        return [self._inside(item) for item in value] if isinstance(value, tuple) else self._inside(value)

    def _inside(self, value: object) -> object:
        """A value where lists stay lists: inside of a list."""
        if isinstance(value, Enum):
            return {_CLASS: self._number(type(value)), "value": value.value}
        if value is None or isinstance(value, str | int | float):
            return value
        if isinstance(value, tuple):
            return {_CLASS: _TUPLE, "items": self.encode(value)}
        if isinstance(value, Mapping):
            return {_CLASS: _MAPPING, "keys": [*value], "values": self.encode(tuple(value.values()))}
        if is_dataclass(value):
            said = {field.name: getattr(value, field.name) for field in fields(value)}
            said = {field.name: said[field.name] for field in fields(value) if said[field.name] != _default(field)}
            return {_CLASS: self._number(type(value)), **{name: self.encode(item) for name, item in said.items()}}
        raise TypeError(f"a rule file cannot mean a {type(value).__name__}")

    def _number(self, cls: type) -> int:
        return self.numbers.setdefault(cls, len(self.numbers))


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _class(name: str) -> type:
    """A class of ours by its name. Whatever the name is, nothing is imported."""
    module, _, qualified = name.partition(":")
    cls: type = getattr(sys.modules[module], qualified)
    # What `is_dataclass` asks for takes a while to find out.
    if not module.startswith("layerlint.") or not ("__dataclass_fields__" in vars(cls) or issubclass(cls, Enum)):
        raise TypeError(name)
    return cls


def _read(decoder: JSONDecoder, line: bytes) -> Any:
    return decoder.decode(line.decode())


def _decoded(classes: Sequence[type], values: dict[str, Any]) -> Any:
    """What a JSON object stands for; those inside of it have been through here before."""
    number = values.pop(_CLASS)
    for name, value in values.items():
        if type(value) is list:
            values[name] = tuple(value)
    if number == _TUPLE:
        return values["items"]
    if number == _MAPPING:
        return dict(zip(values["keys"], values["values"], strict=True))
    if number == _HEAD:
        values[_OF] = classes[values[_OF]]
        return values
    return classes[number](**values)
