"""Shell text to a syntax tree."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from layerlint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# Deeper nesting than any person writes; past it a file gets an error instead of the interpreter a full stack.
NESTING_LIMIT = 60

_TOO_MANY_STEPS = "This runs too many commands to be followed; those in loops and functions count each time."


class NotFollowedError(Exception):
    """Something that no person writes and that would take too long. `span` is where, None when it is not in the file.

    The message is a sentence for who wrote it.
    """

    def __init__(self, message: str, span: Span | None) -> None:
        super().__init__(message)
        self.span = span


class NestingTooDeepError(NotFollowedError):
    """A shell text nests deeper than `NESTING_LIMIT` constructs."""

    def __init__(self, span: Span | None) -> None:
        super().__init__(f"This nests more than {NESTING_LIMIT} commands in one another, which is not followed.", span)


class TooManyStepsError(NotFollowedError):
    """A script has more commands, with those in loops and functions each time, than are followed."""

    def __init__(self, span: Span | None) -> None:
        super().__init__(_TOO_MANY_STEPS, span)


@cache
def _parser() -> Parser:
    # Most files of a tree have no RUN that is worth parsing.
    import tree_sitter_bash  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_bash.language()))


def parse(text: bytes) -> Node:
    """The tree of `text`. Never fails: what is no shell is in nodes of type `ERROR`. Offsets are in bytes."""
    return _parser().parse(text).root_node
