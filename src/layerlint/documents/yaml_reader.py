"""YAML as plain data, and the place of every key and value in it.

Rules and configuration are both read with this. What is read is deliberately less than YAML: no anchors, aliases or
tags (which can make a small file huge or create objects), no key twice, one document, and plain scalars mean what
YAML 1.2's core schema says, so that `off`, `on`, `yes` and `no` are text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from layerlint.documents.positions import MAX_DEPTH, TOO_DEEP, TOO_DEEP_CAUSE, KeyPath, Lookup, Place, Places
from layerlint.errors import Mistake, UserError
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

MAX_SIZE = 1_000_000
"""In characters. libyaml takes time that grows with the square of the number of open brackets."""

# What libyaml 0.2.6 says, which reads ahead, so that it may come to its own limit before a list is taken.
_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = lazy_pattern(r"[-+]?[0-9]{1,1000}")
_FLOAT = lazy_pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def load_yaml(text: str, path: str) -> tuple[Any, Lookup]:
    """The data in `text` (None if there is none) and where each part of it is. `path` is for the messages.

    Mappings are `dict` with text as keys, in the file's order; values are `str`, `int`, `float`, `bool`, `None`,
    `list` and `dict`. Raises UserError with everything that is wrong.
    """
    data, lookup, mistakes = load_yaml_in_part(text, path)
    if mistakes:
        raise UserError(*mistakes)
    return data, lookup


def load_yaml_in_part(text: str, path: str) -> tuple[Any, Lookup, Sequence[Mistake]]:
    """As `load_yaml`, with mistakes that leave no doubt about what the rest says.

    Of a key that stands twice, the last value is there. Raises UserError with everything that is wrong if something
    else is.
    """
    if len(text) > MAX_SIZE:
        raise UserError(Mistake("the file is too large", f"it has more than {MAX_SIZE:,} characters", path=path))
    reader = _Reader(path)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.YAMLError as error:
        reader.refuse(_syntax_mistake(error, path))
    except UnicodeEncodeError:
        reader.refuse(Mistake("this is not YAML", "it holds characters that no text may hold", path=path))
    except _TooDeepError:
        reader.is_clear = False
    if not reader.is_clear:
        raise UserError(*reader.mistakes)
    places = reader.places
    return reader.data, Places(lambda: places), reader.mistakes


def _syntax_mistake(error: yaml.YAMLError, path: str) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    cause = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    context = getattr(error, "context", None)
    if cause == _LIBYAML_TOO_DEEP:
        title, context, cause = TOO_DEEP, None, TOO_DEEP_CAUSE
    else:
        title = "this is not YAML"
    return Mistake(
        title,
        f"{context}: {cause}" if context else str(cause),
        path=path,
        line=mark.line + 1 if mark else 0,
        column=mark.column + 1 if mark else 0,
    )


class _TooDeepError(Exception):
    """Stops the reading of a file that is nested too deep; the mistake has been noted."""


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read. `key` is the one whose value comes next."""

    data: dict[str, Any] | list[Any]
    location: KeyPath
    key: str | None = None
    key_place: tuple[int, int] = (1, 1)


class _Reader:
    """Builds data from libyaml's events, without recursion."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.data: Any = None
        self.places: dict[KeyPath, Place] = {}
        self.mistakes: list[Mistake] = []
        self.is_clear = True
        """Whether what is read is what was meant, whatever mistakes there are."""
        self.stack: list[_Frame] = []
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        place = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        match event:
            case yaml.AliasEvent():
                self.wrong_anchor(f"*{event.anchor}", place)
                self.is_clear = False
                self.value(None, place)
            case yaml.ScalarEvent():
                self.refuse_extras(event, place)
                self.scalar(event, place)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.refuse_extras(event, place)
                self.open({} if isinstance(event, yaml.MappingStartEvent) else [], place)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents == 2:
                    self.is_clear = False
                    self.wrong(
                        "there is more than one document", "one file is one document", place, "take out the `---`"
                    )

    def scalar(self, event: yaml.ScalarEvent, place: tuple[int, int]) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is None or frame.key is not None or isinstance(frame.data, list):
            self.value(_plain(event.value) if event.implicit[0] else event.value, place)
            return
        key = event.value
        if key in frame.data:
            line = self.places[(*frame.location, key)].key[0]
            cause = f"it stands on line {line} already, and only one of the two could count"
            self.wrong(f'the key "{key}" stands twice', cause, place, "keep one of them")
        frame.key, frame.key_place = key, place

    def value(self, value: Any, place: tuple[int, int]) -> KeyPath:
        """Put a finished or just opened value where it belongs. Returns its location."""
        if not self.stack:
            if self.documents == 1:
                self.data = value
            self.places.setdefault((), Place(place, place))
            return ()
        frame = self.stack[-1]
        if isinstance(frame.data, list):
            location = (*frame.location, len(frame.data))
            frame.data.append(value)
            self.places[location] = Place(place, place)
            return location
        if frame.key is None:
            self.is_clear = False
            self.wrong("a key must be text", "here a list or a mapping stands for a key", place)
            frame.key, frame.key_place = "", place
            return (*frame.location, "")
        location = (*frame.location, frame.key)
        frame.data[frame.key] = value
        self.places[location] = Place(frame.key_place, place)
        frame.key = None
        return location

    def open(self, data: dict[str, Any] | list[Any], place: tuple[int, int]) -> None:
        self.stack.append(_Frame(data, self.value(data, place)))
        if len(self.stack) > MAX_DEPTH:
            self.wrong(TOO_DEEP, TOO_DEEP_CAUSE, place)
            raise _TooDeepError

    def refuse_extras(self, event: Any, place: tuple[int, int]) -> None:
        if event.anchor is not None:
            self.wrong_anchor(f"&{event.anchor}", place)
        if event.tag is not None:
            cause = f"`{event.tag}` asks for more than plain data"
            self.is_clear = False
            self.wrong("tags are not read here", cause, place, "take it out; put text in quotes")

    def wrong_anchor(self, text: str, place: tuple[int, int]) -> None:
        cause = f"`{text}` is one"
        step = "write the value out where it is needed; put text that starts with & or * in quotes"
        self.wrong("anchors and aliases are not read here", cause, place, step)

    def refuse(self, mistake: Mistake) -> None:
        """Note a mistake behind which nothing can be read."""
        self.mistakes.append(mistake)
        self.is_clear = False

    def wrong(self, title: str, cause: str, place: tuple[int, int], next_step: str = "") -> None:
        self.mistakes.append(Mistake(title, cause, next_step, self.path, *place))


def _plain(text: str) -> Any:
    """What a scalar without quotes stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
