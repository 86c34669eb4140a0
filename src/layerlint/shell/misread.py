"""Shell text that the grammar (tree-sitter-bash) misreads, in another way that it reads, each byte in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from layerlint.shell.syntax import parse
from layerlint.source.mapped_text import MappedText
from layerlint.startup.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from tree_sitter import Node

_QUESTION = lazy_pattern(rb"(?<![^\s;&|!(])\[(?=\s)")
# What is quoted stands for itself, so that only the parentheses of the script are left.
_PARENTHESIS = lazy_pattern(rb"\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|(\$?\()|(\))", re.DOTALL)
_BLANK = MappedText.unmapped(b" ")
_OPERATORS = frozenset({";", "&", "|", "&&", "||", "|&"})
_TIMES = 2  # a question that is taken apart hides an assignment behind it


def with_groups_apart(text: MappedText) -> MappedText:
    """A script with a blank in each `((` that begins two groups: the grammar takes it for arithmetic.

    That it is only where the first `)` is followed by another (bash's source, parse.y, parse_dparen); to dash it never
    is.
    """
    data = text.data
    parts: list[MappedText] = []
    offset = 0
    for start in _inner_groups(data):
        parts += (text.slice(offset, start), _BLANK)
        offset = start
    return MappedText.join([*parts, text.slice(offset, len(data))]) if parts else text


def read_again(text: bytes, root: Node) -> Node:
    r"""The tree of a text whose tree `root` has errors: a better one where what is misread is known, else `root`.

    It is not the tree of what stands there. In `A=1 > f; b` the redirection is left out: nothing is printed to it.
    `[ -d / ]` and `[ \( -f a \) ]`, which the grammar takes apart, are commands with the name `[` and these words.
    """
    for _ in range(_TIMES):
        again = _rewritten(text, root)
        if again == text:
            break
        text, root = again, parse(again)
        if not root.has_error:
            break
    return root


def _inner_groups(data: bytes) -> Sequence[int]:
    """Where the groups begin with which another one begins."""
    opened: list[int] = []
    found: list[int] = []
    for match in _PARENTHESIS.finditer(data):
        if match[1]:
            opened.append(-1 if match[1] == b"$(" else match.start())
        elif match[2] and opened:
            start = opened.pop()
            if opened and start == opened[-1] + 1 > 0 and not data.startswith(b")", match.end()):
                found.append(start)
    return sorted(found)


def _rewritten(text: bytes, root: Node) -> bytes:
    """`text` without what is misread in it, as far as `root` shows it."""
    result = bytearray(_QUESTION.sub(b"t", text))
    for redirection in _redirections(root):
        start, end = redirection.start_byte, _readable_end(redirection)
        result[start:end] = b" " * (end - start)
    return bytes(result)


def _readable_end(node: Node) -> int:
    """Where a node ends, or the first error in it begins."""
    end = node.end_byte
    while node.has_error and node.type != "ERROR":
        child = next((child for child in node.children if child.has_error), None)
        if child is None:
            return end
        node, end = child, child.start_byte
    return end


def _redirections(root: Node) -> Iterator[Node]:
    """Those of assignments alone, behind which the grammar takes what comes next for the command of these."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.has_error:
            children = node.children
            waiting.extend(children)
            if node.type in {"command", "ERROR"}:
                yield from _of_assignments(children)


def _of_assignments(children: Sequence[Node]) -> Iterator[Node]:
    """The redirections of assignments behind which there is an operator, or nothing, where a command should be."""
    found: list[Node] = []
    assigned = False
    for child in children:
        if child.type == "file_redirect" and assigned:
            found.append(child)
        else:
            assigned = child.type == "variable_assignment"
        if child.has_error or child.type in _OPERATORS:
            yield from found
            found = []
        elif not assigned:
            found = []
