"""Scripts of plain commands: what nearly all RUNs are, and what needs no grammar.

`apt-get update && apt-get install -y "$PACKAGES" | tee log` is followed here in half of the time that making a syntax
tree and looking at each of its nodes takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

from layerlint.shell.assignments import WrittenAssignment, assign, declare, with_assignments
from layerlint.shell.command import Branch
from layerlint.shell.expansion import WrittenWord
from layerlint.shell.lists import follow_list, follow_pipeline
from layerlint.shell.plain_syntax import PlainCommand, read_plain_script
from layerlint.shell.simple import read_words, redirection_to
from layerlint.shell.starting import start_in_shell
from layerlint.shell.state import State
from layerlint.shell.status import Status
from layerlint.shell.substitution import expand_all
from layerlint.shell.walk import Operand, Walk
from layerlint.shell.word import Word
from layerlint.source.mapped_text import MappedText


def follow_plain_script(walk: Walk, text: MappedText, state: State, branch: Branch, *, tail: bool) -> Status | None:
    """Follow `text` if it is plain, as `Walk.follow` does; None, and nothing is done, if it is not."""
    lists = read_plain_script(text)
    if lists is None:
        return None
    walk.step(len(text.data), len(lists))
    status, skips = Status.SUCCESS, walk.skips
    for number, pipelines in enumerate(lists):
        if walk.ended is not None:
            break
        branch, skips = walk.behind_skips(branch, skips)
        (_, first), *rest = [(operator, _operand(walk, pipeline)) for operator, pipeline in pipelines]
        is_last = tail and number == len(lists) - 1
        if rest:
            status = follow_list(walk, first, rest, state, branch, tail=is_last)
        else:
            status = first(state, branch, tail=is_last)
    return status


def _operand(walk: Walk, pipeline: Sequence[PlainCommand]) -> Operand:
    parts = [partial(_start, walk, command) for command in pipeline]
    return parts[0] if len(parts) == 1 else partial(follow_pipeline, walk, parts)


def _start(walk: Walk, command: PlainCommand, state: State, branch: Branch, *, tail: bool) -> Status:
    """Expand the words of a command and start it."""
    if command.declares:
        return _declare(walk, command, state, branch)
    if not command.words:
        return assign((each.read(walk, state, branch) for each in command.assignments), state)
    assigned = [each.read(walk, state, branch) for each in command.assignments] if command.assignments else ()
    words, is_doubtful = cast("list[Word]", command.words), False
    if command.has_expansions:
        words, is_doubtful = read_words(walk, words, state, branch)
    inner = with_assignments(assigned, state, is_command=bool(words)) if assigned else state
    found = [redirection_to(walk, operator, target, state, branch) for operator, target in command.redirections]
    return start_in_shell(walk, words, inner, branch, tuple(found), state, is_doubtful=is_doubtful, tail=tail)


def _declare(walk: Walk, command: PlainCommand, state: State, branch: Branch) -> Status:
    words: list[Word] = []
    for each in command.words:
        if isinstance(each, WrittenAssignment):
            words.append(each.read(walk, state, branch).word)
        elif isinstance(each, WrittenWord):
            words += expand_all(walk, each, state, branch)
        else:
            words.append(each)
    return declare(words, state)
