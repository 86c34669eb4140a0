"""The names in braces that a rule's texts may use, and filling them in. Names only: nothing is evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from layerlint.errors import shortened
from layerlint.rules.conditions import unasked
from layerlint.startup.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from layerlint.rules.model import When

# What each says of a part, the narrower ones after the wider; and what there is about caches and comments.
_OF_STAGE = ("base", "image", "tag", "digest", "stage")
_OF_INSTRUCTION = ("instruction", "value", "flag", "exec-form", "mount")
_OF_COMMAND = ("command", "option", "argument", "wrapper", "user")
_OF_USE = (
    "command",
    "directory",
    "cache",
    "user",
    "owner",
    "mount",
    "variable",
    "value",
    "setting",
    "option",
    "removal",
    "program",
    "command-line",
    "needed-by",
)
_OF_REMOVAL = ("command", "directory", "cache", "user", "removal")

ALL_NAMES = tuple(dict.fromkeys((*_OF_STAGE, *_OF_INSTRUCTION, *_OF_COMMAND, *_OF_USE, *_OF_REMOVAL, "suppression")))
"""The names that there are for one condition or another."""


def known_names(when: When) -> tuple[str, ...]:
    """The names that a rule's texts may use. Of the parts of a file those that the condition says which it means."""
    return tuple(name for name in names_of(when) if when.subject is None or unasked(when, name) is None)


def names_of(when: When) -> tuple[str, ...]:
    """The names that there are for what a condition speaks of, also those for which it would have to ask for more."""
    if when.suppression is not None:
        return ("suppression",)
    if when.removal:
        return _OF_REMOVAL
    if when.subject is None:
        asked_for = {"option": bool(when.option or when.unknown_option), "needed-by": when.needed == ("later",)}
        return tuple(name for name in _OF_USE if asked_for.get(name, True))
    return (*(() if when.subject == "file" else _OF_STAGE), *_OF_INSTRUCTION, *_OF_COMMAND)


MAX_SAID_LENGTH = 300
"""In characters, what is said of a value: a file can have the same one said of each of its lines."""

_NAME = lazy_pattern(r"\{([^{}]*)\}")


def names_in(template: str) -> list[str]:
    """The names in a text's braces."""
    return _NAME.findall(template)


def fill(template: str, values: Mapping[str, str]) -> str:
    """The text with the names in braces replaced; one that has no value stays as it is."""
    if "{" not in template:
        return template
    pieces = _pieces(template)
    return "".join([values.get(piece, f"{{{piece}}}") if is_name else piece for is_name, piece in pieces])


def in_short(values: Mapping[str, str]) -> Mapping[str, str]:
    """The values as people are told them: of one that would fill the screen, the beginning."""
    if max(map(len, values.values()), default=0) <= MAX_SAID_LENGTH:
        return values
    return {name: shortened(value, MAX_SAID_LENGTH) for name, value in values.items()}


@lru_cache(maxsize=1024)
def _pieces(template: str) -> Sequence[tuple[bool, str]]:
    """A text in pieces: whether each is a name, and the name without its braces, or the text."""
    return [(index % 2 == 1, piece) for index, piece in enumerate(_NAME.split(template)) if piece or index % 2]
