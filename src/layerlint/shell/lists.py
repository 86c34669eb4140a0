"""Lists and pipelines: `a && b | c || d` (POSIX.1, 2.9.2 and 2.9.3), and how the grammar has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from layerlint.shell.command import Branch
from layerlint.shell.state import State
from layerlint.shell.status import Status
from layerlint.shell.walk import Operand, Walk

if TYPE_CHECKING:
    from tree_sitter import Node

_LIST_OPERATORS = frozenset({"&&", "||"})


def follow_list(
    walk: Walk, first: Operand, rest: Sequence[tuple[str, Operand]], state: State, branch: Branch, *, tail: bool
) -> Status:
    """`a && b || c`, from left to right, as both operators bind alike; `rest` has each operand behind its operator."""
    # The last command's success is the script's: on the way to a layer every question before it had the answer yes.
    answered = tail and all(operator == "&&" for operator, _ in rest)
    skips = walk.skips
    status = first(state, branch, tail=False)
    for index, (operator, operand) in enumerate(rest):
        if walk.ended is not None:
            break
        branch, skips = walk.behind_skips(branch, skips)
        is_last = tail and index == len(rest) - 1
        if operator == "&&":
            if not answered and status.undecided:
                status = _both(status, walk.maybe(partial(operand, tail=False), state, branch, asks=status.asks))
            elif status is not Status.FAILURE:
                status = operand(state, branch, tail=is_last)
        elif status is Status.FAILURE:
            status = operand(state, branch, tail=is_last)
        elif status is not Status.SUCCESS:
            status = _either(status, walk.maybe(partial(operand, tail=False), state, branch, asks=status.asks_not))
    return status


def _both(question: Status, then: Status | None) -> Status:
    """How `question && then` ends; None for a command that ends the shell."""
    if then is Status.FAILURE:
        return then
    return replace(question, asks="") if then is None or then.undecided else question


def _either(question: Status, then: Status | None) -> Status:
    """How `question || then` ends, as `_both`."""
    if not question.undecided or then is None:
        return Status.PRESUMED
    if then.undecided:
        return replace(question, asks=question.asks or then.asks, asks_not="")
    return question if then is Status.FAILURE else Status.PRESUMED


def follow_pipeline(
    walk: Walk,
    parts: Iterable[Operand],
    state: State,
    branch: Branch,
    *,
    tail: bool,  # noqa: ARG001 (a pipeline's status is not known)
) -> Status:
    """`a | b`: each part in a shell of its own."""
    status = Status.PRESUMED
    outer = walk.source
    for part in parts:
        first = len(walk.commands)
        with walk.shell(state) as inner:
            status = part(inner, branch, tail=False)
        started = walk.commands[first:]
        walk.source = started[0] if len(started) == 1 else None
    walk.source = outer
    return status


Part = tuple["Node", Sequence["Node"]]
"""A command of a pipeline, and the redirections that stand behind it, outside of its node."""


def operands(node: Node, redirects: Sequence[Node] = ()) -> list[tuple[str, list[Part]]]:
    """The pipelines of a list, each with the operator in front of it; the first has none. `redirects` stand behind all.

    They are as they stand in the text. The grammar nests lists to the left, takes a redirection behind the last command
    for one of the whole list, `a && b > f | c` for a pipeline that begins with a list, `a | b | c && d` for one that
    ends in one.
    """
    found: list[tuple[str, list[Part]]] = [("", [])]
    waiting: list[Node | str | tuple[Node, ...]] = [tuple(redirects), node]
    while waiting:
        item = waiting.pop()
        parts = found[-1][1]
        if isinstance(item, tuple):
            parts[-1:] = [(part, (*its, *item)) for part, its in parts[-1:]]
        elif isinstance(item, str):
            if item in _LIST_OPERATORS:
                found.append((item, []))
        elif item.type in {"list", "pipeline"}:
            waiting.extend(child if child.is_named else child.type for child in reversed(item.children))
        elif (body := _redirected(item)) is not None:
            waiting += [tuple(item.children_by_field_name("redirect")), body]
        elif item.type != "comment":
            parts.append((item, ()))
    return [(operator, parts) for operator, parts in found if parts]


def _redirected(node: Node) -> Node | None:
    """The list or pipeline that redirections stand behind; None where a node is something else."""
    if node.type != "redirected_statement" or redirected_list(node):
        return None
    body = node.child_by_field_name("body")
    return body if body is not None and body.type in {"list", "pipeline"} else None


def redirected_list(node: Node) -> list[tuple[str, Node]]:
    """The commands that the grammar puts into a here-document's redirection, each with the operator in front of it."""
    found: list[tuple[str, Node]] = []
    for redirect in node.children_by_field_name("redirect") if node.type == "redirected_statement" else ():
        if redirect.type != "heredoc_redirect":
            continue
        operator = ""
        for child in redirect.children:
            if child.type in {"&&", "||"}:
                operator = child.type
            elif child.type == "pipeline":
                found.extend(("|", part) for part in child.named_children)
            elif operator and child.is_named and child.type not in {"heredoc_body", "heredoc_end"}:
                found.append((operator, child))
                operator = ""
    return found
