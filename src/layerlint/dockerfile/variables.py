"""The names and values that ENV, ARG and LABEL give, before variables in them are expanded."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.white_space import SEPARATORS, SPACES
from layerlint.startup.lazy_pattern import lazy_pattern

_SEPARATORS = lazy_pattern(f"[{SEPARATORS.decode()}]+")


class AssignmentError(Exception):
    """BuildKit refuses the arguments. The message says why, in the words of a user."""


def name_values(instruction: Instruction, escape: str = "\\") -> tuple[tuple[str, str | None], ...]:
    """What an ENV, ARG or LABEL sets: names, and values as they stand, with quotes, escapes and variables.

    `escape` is the file's escape character. The value is None for an ARG without a default. For arguments that
    BuildKit refuses, and for any other instruction, the result is empty.
    """
    if instruction.keyword not in ("ARG", "ENV", "LABEL"):
        return ()
    try:
        return read_name_values(instruction.keyword, instruction.text.text, escape)
    except AssignmentError:
        return ()


@lru_cache(maxsize=64)  # it is asked whether BuildKit refuses them, and then what they are
def read_name_values(keyword: str, arguments: str, escape: str) -> tuple[tuple[str, str | None], ...]:
    """As `name_values`, but raises AssignmentError. `keyword` is ARG, ENV or LABEL."""
    words = split_words(arguments, escape)
    if not words:
        return ()
    if keyword == "ARG":
        pairs = [word.partition("=") for word in words]
        if any(not name for name, _, _ in pairs):
            raise AssignmentError("A name is missing before `=`.")
        return tuple((name, value if equals else None) for name, equals, value in pairs)
    if "=" not in words[0]:
        # The old form: one name, and all the rest of the line is its value.
        name, *values = _SEPARATORS.split(arguments, maxsplit=1)
        if not values:
            raise AssignmentError(f"{keyword} needs a value after the name `{name}`.")
        return ((name, values[0]),)
    for word in words:
        if "=" not in word:
            raise AssignmentError(f"{keyword} needs name=value, and `{word}` has no `=`.")
        if word.startswith("="):
            raise AssignmentError("A name is missing before `=`.")
    return tuple((name, value) for name, _, value in (word.partition("=") for word in words))


def split_words(text: str, escape: str) -> list[str]:
    """The words of `text`, quotes and escapes kept.

    White space outside of quotes ends a word. An escape character at the very end escapes nothing and is left out.
    """
    words = [match[1] for match in _word(escape).finditer(text)]
    return [word for word in words if word]


@cache
def _word(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    part = rf"""[^{SPACES}'"{mark}]++|{mark}.|"(?>(?:[^"{mark}]++|{mark}.)*)(?:"|(?={mark}?\Z))|'[^']*+(?:'|\Z)"""
    return re.compile(rf"((?>(?:{part})*))(?:{mark}\Z|[{SPACES}]++|\Z)", re.DOTALL)
