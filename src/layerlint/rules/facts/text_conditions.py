"""Texts held against what a rule says of them."""

from __future__ import annotations

from layerlint.globs.name_glob import matches, matches_any
from layerlint.rules.conditions import Match, Text
from layerlint.rules.regular_expressions.expression import regular_expression
from layerlint.shell.word import UNKNOWN, shown
from layerlint.versions import in_range


def text_holds(condition: Text | None, value: str | None) -> bool:
    """Whether a text is as the condition says. A value of None is not known, and is like nothing.

    Parts of the value that are not known stand as an ellipsis.
    """
    if condition is None:
        return True
    if value is None:
        return False
    if UNKNOWN in value:
        value = shown(value)
        if value == "…":
            return False
    if isinstance(condition, str):
        return value == condition
    if isinstance(condition, tuple):
        return value in condition
    return _matches(condition, value)


def _matches(condition: Match, value: str) -> bool:
    globs = condition.glob
    if globs and not (matches(value, globs) if isinstance(globs, str) else matches_any(value, globs)):
        return False
    if condition.regex is not None and not regular_expression(condition.regex).search(value):
        return False
    if condition.version is not None and not in_range(value, condition.version):
        return False
    return condition.not_ is None or not text_holds(condition.not_, value)
