"""Shell text that the grammar (tree-sitter-bash) misreads, in another way that it reads, each byte in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from layerlint.lazy_pattern import lazy_pattern
from layerlint.shell.syntax import parse

if TYPE_CHECKING:
    from tree_sitter import Node

# Quoted text, what begins and ends a question, an escape, and what ends a command before its question is closed.
_TOKEN = lazy_pattern(
    rb""" "(?:[^"\\]|\\.)*+" | '[^']*+' | (?<![^\s;&|!(])\[(?=\s) | (?<=\s)\](?![^\s;&|)]) | \\. | [;&|\n] """,
    re.VERBOSE | re.DOTALL,
)
_TIMES = 3  # what is misread may hide more of it


def read_again(text: bytes, root: Node) -> Node:
    r"""The tree of a text whose tree `root` has errors: a better one where what is misread is known, else `root`.

    It is not the tree of what stands there: in `A=1 > f; b` the redirection is left out, since nothing is printed to
    it, and `[ \( -f a \) ]` is `[  ( -f a  ) ]`, the same question to the grammar.
    """
    for _ in range(_TIMES):
        again = _rewritten(text, root)
        if again == text:
            break
        text, root = again, parse(again)
        if not root.has_error:
            break
    return root


def _rewritten(text: bytes, root: Node) -> bytes:
    """`text` without what is misread in it, as far as `root` shows it."""
    result = bytearray(text)
    for start in _parentheses(text):
        result[start : start + 1] = b" "
    for redirection in _redirections(root):
        result[redirection.start_byte : redirection.end_byte] = b" " * (redirection.end_byte - redirection.start_byte)
    return bytes(result)


def _parentheses(text: bytes) -> Iterator[int]:
    """Where the escaped parentheses are that group the parts of questions."""
    inside: list[int] | None = None
    for token in _TOKEN.finditer(text):
        match token[0]:
            case b"[":
                inside = []
            case b"\\(" | b"\\)" if inside is not None:
                inside.append(token.start())
            case b"]" if inside is not None:
                yield from inside
                inside = None
            case b";" | b"&" | b"|" | b"\n":
                inside = None


def _redirections(root: Node) -> Iterator[Node]:
    """Those of assignments alone, behind which the grammar takes what comes next for the command of these."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.has_error:
            children = node.children
            waiting.extend(children)
            if node.type == "command":
                yield from _before_errors(children)


def _before_errors(children: Sequence[Node]) -> Iterator[Node]:
    """The redirections of assignments behind which there is an operator, or nothing, where a command should be."""
    found: list[Node] = []
    assigned = False
    for child in children:
        if child.type == "variable_assignment":
            assigned = True
        elif child.type == "file_redirect" and assigned:
            found.append(child)
        elif child.type == "ERROR" or child.start_byte == child.end_byte:
            yield from found
            found, assigned = [], False
        else:
            return
