"""Shell text to a syntax tree."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

from layerlint.source.source import Span
from layerlint.startup.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

    from layerlint.source.mapped_text import MappedText

# Deeper nesting than any person writes; past it a file gets an error instead of the interpreter a full stack.
MAX_NESTING = 60

# Up to this length, in bytes, whatever stands in a script takes the grammar a moment.
_SHORT = 2_000
# In seconds of processor time, for a script. What people write takes a hundredth; what is made for it (`a=(a=(…`) takes
# time and memory by the square of its length.
_PATIENCE = 0.3
# A pipeline that ends in an error takes as much, all of it at its end, where nobody is asked whether to go on.
_MAX_PIPES = 2_000

# The dollar sign of a variable. Where a name without it would begin an assignment, or a function, it is left alone.
_VARIABLE_SIGN = lazy_pattern(rb"(?<!\$)\$(?=[A-Za-z_]\w*+(?![=+\[(]))")


class NotFollowedError(Exception):
    """Something that no person writes and that would take too long. `span` is where, None when it is not in the file.

    The message is a sentence for who wrote it.
    """

    def __init__(self, message: str, span: Span | None) -> None:
        super().__init__(message)
        self.span = span


class NestingTooDeepError(NotFollowedError):
    """A shell text nests deeper than `MAX_NESTING` constructs."""

    def __init__(self, span: Span | None) -> None:
        super().__init__(f"This nests more than {MAX_NESTING} commands in one another, which is not followed.", span)


class TooLongToReadError(NotFollowedError):
    """The grammar takes longer for a shell text than it is given."""

    def __init__(self) -> None:
        super().__init__("Reading this as shell text takes too long, so it is not followed.", None)


class TooManyStepsError(NotFollowedError):
    """A script has more commands, with those in loops and functions each time, than are followed."""

    def __init__(self, span: Span | None) -> None:
        message = "This runs too many commands to be followed; those in loops and functions count each time."
        super().__init__(message, span)


@cache
def _parser() -> Parser:
    # Most files of a tree have no RUN that is worth parsing.
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def parse(text: bytes) -> Node:
    """The tree of `text`. What is no shell is in nodes of type `ERROR`. Offsets are in bytes.

    In it a variable without braces (`$A`) is a part of its word like any other. The grammar ends the word
    `v$A/b-$A.c` behind its second dollar sign, and takes the rest for a word, or a command, of its own.

    Raises `TooLongToReadError`, whose place is not known, for a text that takes more than 0.3 seconds.
    """
    if len(text) > _MAX_PIPES and text.count(b"|") > _MAX_PIPES:
        raise TooLongToReadError
    data = _VARIABLE_SIGN.sub(b"_", text)
    if len(data) <= _SHORT:
        return _parser().parse(data).root_node
    end = time.thread_time() + _PATIENCE
    try:
        return (
            _parser()
            .parse(
                lambda offset, _: data[offset : offset + _SHORT],
                encoding="utf8",
                progress_callback=lambda *_: time.thread_time() > end,
            )
            .root_node
        )
    except ValueError as error:
        _parser().reset()
        raise TooLongToReadError from error


def syntax_tree(text: MappedText) -> Node:
    """The tree of a script, with errors where neither the grammar nor what is known of it makes sense of it.

    Raises `TooLongToReadError`.
    """
    try:
        root = parse(text.data)
        if root.has_error:
            from layerlint.shell.misread import read_again  # of a thousand scripts, two have an error

            root = read_again(text.data, root)
    except TooLongToReadError as error:
        error.span = text.source_span(0, len(text.data))
        raise
    return root
