"""JSON that can be shown on a terminal and read by a strict reader."""

from __future__ import annotations

import json

from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.visible import REPLACEMENT, UNSEEN_CATEGORIES

_LONE_SURROGATE = lazy_pattern("[\ud800-\udfff]")


def json_text(value: object, *, indent: int | None = None) -> str:
    """`value` as JSON on one line: readable where it can be, characters that are not seen as JSON's escapes.

    With `indent`, each member has a line of its own, further in by so many spaces.

    `value` may hold dataclasses without slots, which become objects. A reader of the JSON gets every character back,
    except for lone surrogates, which strict readers refuse: those become U+FFFD.
    """
    encoder = _ENCODER if indent is None else json.JSONEncoder(ensure_ascii=False, default=vars, indent=indent)
    text = encoder.encode(value)
    if text.isprintable():
        return text
    # A line feed in the value has become an escape already: those that are there are of the layout.
    return "".join([char if char.isprintable() or char == "\n" else _escaped(char) for char in text])


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=vars)


def _escaped(char: str) -> str:
    import unicodedata  # hardly any text needs it

    category = unicodedata.category(char)
    if category == "Cs":
        return REPLACEMENT
    return json.dumps(char)[1:-1] if category in UNSEEN_CATEGORIES else char


def is_unicode(text: str) -> bool:
    """Whether `text` is free of lone surrogates, so that JSON can hold it exactly."""
    return text.isascii() or _LONE_SURROGATE.search(text) is None
