"""Commands of typer's that need no pydantic to read words, and print as this program does.

typer 0.29 hands the value of every parameter to pydantic, given or not, and pydantic takes longer to import than a
small run takes in all. Here text, lists of text, numbers, choices and flags are taken as they are written. Values that
are wrong, and those of other types, still go typer's way, so that the messages are typer's; but a word that is no
choice is refused here, with the one that was probably meant, and so is a number that is none or out of bounds.

What typer would print itself, help and refusals, goes the way of all that is printed: a full disk is said, a pipe that
nobody reads is no failure, and what the command line holds is made visible.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

from typer import BadParameter
from typer.core import TyperCommand, TyperGroup

from layerlint.cli.exit_status import STATUS_WRONG_USE, finish
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.system.terminal import Output, print_error

_UsageError = BadParameter.__base__  # click's or typer's own, by version
_NOT_PLAIN = object()
_NUMBER = lazy_pattern(r"[0-9]{1,9}", re.ASCII)


class _Plain:
    """What holds for commands and for groups of them."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]  # typer's Context is click's, or its own
        """As click does, but plain values are taken as they are."""
        _take_plain_values(self.get_params(ctx))  # type: ignore[attr-defined]  # the class that comes next has it
        return super().parse_args(ctx, args)  # type: ignore[misc]  # as above

    def get_help_option(self, ctx):  # type: ignore[no-untyped-def]  # as above
        """As click does, but help is printed as all else is."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # as above
        if option is not None:
            option.callback = _print_help
        return option


class Command(_Plain, TyperCommand):
    """A command whose plain values are taken as they are."""


class Group(_Plain, TyperGroup):
    """A group of commands whose own plain values are taken as they are."""


def run_typer(app: Callable[..., object], name: str) -> int:
    """Run the command line of typer's `app` and return the exit status."""
    try:
        status = app(prog_name=name, standalone_mode=False)
    except _UsageError as error:  # type: ignore[misc]  # it is a class
        _print_usage_error(error)
        return STATUS_WRONG_USE
    return status if isinstance(status, int) else 0


def print_text(text: str) -> None:
    """Print `text` and end the run."""

    def command() -> int:
        with Output() as output:
            output.write(f"{text}\n")
        return 0

    finish(command)


def _print_help(context: Any, _option: Any, wanted: bool) -> None:  # noqa: FBT001 (click calls it)
    if wanted and not context.resilient_parsing:
        print_text(context.get_help())


def _print_usage_error(error: Any) -> None:
    """As click does: how the command is used, and what is wrong, here on one line."""
    context = error.ctx
    if context is not None:
        hint = f"Try '{context.command_path} {context.help_option_names[0]}' for help."
        print_error(*context.get_usage().split("\n"), hint, "")
    print_error(f"Error: {error.format_message()}")


def _take_plain_values(parameters: list[Any]) -> None:
    for parameter in parameters:
        # Older versions have no such attribute, and no pydantic either.
        if hasattr(parameter, "type_descriptor"):
            parameter.process_value = partial(_process, parameter, parameter.process_value)


def _process(parameter: Any, by_typer: Callable[[Any, Any], Any], context: Any, value: Any) -> Any:
    """In place of a parameter's `process_value`, which is `by_typer`."""
    descriptor = parameter.type_descriptor
    plain = _plain(descriptor.annotation, value)
    limits = descriptor.parameter_info
    is_wrong = plain is _NOT_PLAIN or (isinstance(plain, int) and not _is_in_range(plain, limits))
    if is_wrong and descriptor.annotation is int and isinstance(value, str):
        raise BadParameter(_no_number(value, limits), ctx=context, param=parameter)
    if plain is _NOT_PLAIN and isinstance(value, str) and _is_choice(descriptor.annotation):
        words = [member.value for member in descriptor.annotation]
        raise BadParameter(_no_choice(value, words), ctx=context, param=parameter)
    if plain is _NOT_PLAIN or (parameter.required and not plain):
        return by_typer(context, value)
    return plain if parameter.callback is None else parameter.callback(context, parameter, plain)


def _plain(kind: Any, value: Any) -> Any:
    """The value as the command gets it, `_NOT_PLAIN` where somebody has to look at it more closely."""
    if value is None or (kind in (str, bool) and isinstance(value, kind)):
        return value
    if kind == list[str] and isinstance(value, list | tuple):
        return value if all(isinstance(item, str) for item in value) else _NOT_PLAIN
    if kind is int and isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    if _is_choice(kind):
        if isinstance(value, kind):
            return value
        return next((member for member in kind if member.value == value), _NOT_PLAIN)
    return _NOT_PLAIN


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _no_choice(word: str, choices: list[str]) -> str:
    from difflib import get_close_matches  # only a mistake needs it

    near = get_close_matches(word.lower(), choices, n=1)
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return f"'{word}' is not one of {listed}." + (f" Did you mean '{near[0]}'?" if near else "")


def _no_number(word: str, limits: Any) -> str:
    bounds = [f"{name} {limit}" for name, limit in (("from", limits.min), ("to", limits.max)) if limit is not None]
    return f"'{word}' is not a whole number{''.join(f' {bound}' for bound in bounds)}."


def _is_in_range(number: int, limits: Any) -> bool:
    """Whether a number is one of those that an option with these `min` and `max` takes."""
    return (limits.min is None or number >= limits.min) and (limits.max is None or number <= limits.max)
