"""The names in braces that a rule's texts may use, and filling them in. Names only: nothing is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from layerlint.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from layerlint.rules.model import When

# What each says of a part, the narrower ones after the wider; and what there is about caches and comments.
_OF_STAGE = ("base", "image", "tag", "digest", "stage")
_OF_INSTRUCTION = (*_OF_STAGE, "instruction", "value", "flag", "exec-form", "mount")
_OF_COMMAND = (*_OF_INSTRUCTION, "command", "option", "argument", "wrapper", "user")
_OF_CACHE = (
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
)


def known_names(when: When) -> tuple[str, ...]:
    """The names that a rule's texts may use."""
    if when.suppression is not None:
        return ("suppression",)
    if when.is_of_cache or when.subject is None:
        return _OF_CACHE
    return _OF_COMMAND if when.subject == "command" or when.command is not None else _OF_INSTRUCTION


_NAME = lazy_pattern(r"\{([^{}]*)\}")


def names_in(template: str) -> list[str]:
    """The names in a text's braces."""
    return _NAME.findall(template)


def fill(template: str, values: Mapping[str, str]) -> str:
    """The text with the names in braces replaced; one that has no value stays as it is."""
    if "{" not in template:
        return template
    return _NAME.sub(lambda match: values.get(match[1], match[0]), template)
