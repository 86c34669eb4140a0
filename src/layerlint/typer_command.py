"""A command of typer's that does not import pydantic to read words."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

from typer.core import TyperCommand

_NOT_PLAIN = object()


class Command(TyperCommand):
    """A command whose text, lists of text and choices are taken as they are written.

    typer 0.29 hands the value of every parameter that is no flag to pydantic, given or not, and pydantic takes longer
    to import than a small run takes in all. Values that are wrong, and those of other types, still go that way, so
    that the messages are typer's.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for parameter in self.params:
            # Older versions have no such attribute, and no pydantic either.
            descriptor = getattr(parameter, "type_descriptor", None)
            if descriptor is not None and parameter.callback is None:
                process = partial(_process, descriptor, parameter.process_value, required=parameter.required)
                parameter.process_value = process  # type: ignore[method-assign]  # typer makes the parameters


def _process(descriptor: Any, by_typer: Callable[[Any, Any], Any], context: Any, value: Any, *, required: bool) -> Any:
    """The value of a parameter of this type, in place of typer's own `process_value`, which is `by_typer`."""
    plain = _plain(descriptor, value)
    if plain is _NOT_PLAIN or (required and not plain):
        return by_typer(context, value)
    return plain


def _plain(descriptor: Any, value: Any) -> Any:
    """The value as the command gets it, `_NOT_PLAIN` where somebody has to look at it more closely."""
    kind = descriptor.annotation
    if value is None or (kind is str and isinstance(value, str)):
        return value
    if kind == list[str] and isinstance(value, list | tuple):
        return value if all(isinstance(item, str) for item in value) else _NOT_PLAIN
    if isinstance(kind, type) and issubclass(kind, Enum):
        if isinstance(value, kind):
            return value
        return next((member for member in kind if member.value == value), _NOT_PLAIN)
    return _NOT_PLAIN
