"""The steps of the machine that regular expressions are read into, and how those of a whole are made of its parts'."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

MAX_STEPS = 2000
TOO_LARGE = f"with its repetitions written out it has more than {MAX_STEPS} parts"

Accepts = Callable[[str], bool]


def is_of_word(character: str) -> bool:
    """Whether it is a letter, a digit or an underscore."""
    return character.isalnum() or character == "_"


class Anchor(Enum):
    """A place rather than a character."""

    START = "^"
    END = "$"
    BOUNDARY = "\\b"
    """Between a character of a word and one that is none, or the end of the text."""


class Step(NamedTuple):
    """One step of the machine: take a character that `takes` accepts, be at an anchor, or go on at one of `to`.

    A step with none of these is the end: the expression has matched.
    """

    takes: Accepts | None = None
    anchor: Anchor | None = None
    to: tuple[int, ...] = ()


class RegularExpressionError(ValueError):
    """What is wrong with an expression, for the person who wrote it."""


class EndlessExpressionError(RegularExpressionError):
    """It asks for what can take a time that doubles with each character."""


Emit = Callable[[list[Step]], None]
"""Adds its steps to the others; behind the last one the expression goes on."""


def take_one(accepts: Accepts) -> Emit:
    """One character that `accepts` accepts."""
    return lambda steps: steps.append(Step(takes=accepts, to=(len(steps) + 1,)))


def one_after_another(items: Iterable[Emit]) -> Emit:
    """All of `items`, in order. What it makes raises RegularExpressionError when that is too much."""
    found = tuple(items)

    def emit(steps: list[Step]) -> None:
        for item in found:
            item(steps)
            if len(steps) > MAX_STEPS:
                raise RegularExpressionError(TOO_LARGE)

    return emit


def either(alternatives: Iterable[Emit]) -> Emit:
    """One of `alternatives`."""
    found = tuple(alternatives)

    def emit(steps: list[Step]) -> None:
        ends: list[int] = []
        fork = len(steps)
        steps.append(Step())
        starts: list[int] = []
        for alternative in found:
            starts.append(len(steps))
            alternative(steps)
            ends.append(len(steps))
            steps.append(Step())
        steps[fork] = Step(to=tuple(starts))
        for end in ends:
            steps[end] = Step(to=(len(steps),))

    return emit


def repeat(item: Emit, least: int, most: int | None) -> Emit:
    """`item` as often as asked for. Its steps are written out, so that the machine has to count nothing."""

    def emit(steps: list[Step]) -> None:
        steps.append(Step(to=(len(steps) + 1,)))  # nothing, repeated, must not be for free
        one_after_another([item] * least)(steps)
        if most is None:
            fork = len(steps)
            steps.append(Step())
            item(steps)
            steps.append(Step(to=(fork,)))
            steps[fork] = Step(to=(fork + 1, len(steps)))
            return
        forks: list[int] = []
        for _ in range(most - least):
            forks.append(len(steps))
            steps.append(Step())
            one_after_another([item])(steps)
        for fork in forks:
            steps[fork] = Step(to=(fork + 1, len(steps)))

    return emit
