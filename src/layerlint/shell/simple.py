"""Simple commands and pipelines: their words, assignments and redirections (POSIX.1, 2.9.1 and 2.9.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from layerlint.shell.assignments import Assignment, read_assignment, with_assignments
from layerlint.shell.command import Branch, Redirection
from layerlint.shell.expansion import WrittenWord, plain_word
from layerlint.shell.lists import Part, follow_list, follow_pipeline, operands
from layerlint.shell.starting import SOME_WORDS, TESTS, redirect_together, start_in_shell
from layerlint.shell.state import State
from layerlint.shell.status import Status
from layerlint.shell.substitution import expand_all, expand_body, has_default
from layerlint.shell.walk import Operand, Walk
from layerlint.shell.word import Word
from layerlint.source.mapped_text import MappedText

if TYPE_CHECKING:
    from tree_sitter import Node

_REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
_ASSIGNMENTS = frozenset({"variable_assignment", "variable_assignments"})
_QUOTES = frozenset("\\'\"")
_NO_WORDS = frozenset({"comment", "\n", "(", ")"})


def visit_list(
    walk: Walk, node: Node, state: State, branch: Branch, tail: bool, redirects: Sequence[Node] = ()
) -> Status:
    """`a && b | c || d`; `redirects` stand behind all of it."""
    (_, first), *rest = [(operator, _pipeline(walk, parts)) for operator, parts in operands(node, redirects)]
    return follow_list(walk, first, rest, state, branch, tail=tail) if rest else first(state, branch, tail=tail)


def _pipeline(walk: Walk, parts: Sequence[Part]) -> Operand:
    found = [partial(visit_with_redirects, walk, node, redirects) for node, redirects in parts]
    return found[0] if len(found) == 1 else partial(follow_pipeline, walk, found)


def visit_with_redirects(
    walk: Walk, node: Node, redirects: Sequence[Node], state: State, branch: Branch, *, tail: bool
) -> Status:
    """Follow a statement whose redirections stand behind it, outside of its node."""
    if not redirects:
        return walk.visit(node, state, branch, tail=tail)
    # `a | A=1 >f b`: the grammar sees an assignment with a redirection, and the command behind that.
    if node.type == "command" or node.type in _ASSIGNMENTS:
        with walk.deeper():
            return visit_command(walk, node, state, branch, tail, redirects)
    found = _redirections(walk, redirects, state, branch)
    first = len(walk.commands)
    status = walk.visit(node, state, branch, tail=tail)
    redirect_together(walk, first, found)
    return status


def visit_command(
    walk: Walk, node: Node, state: State, branch: Branch, tail: bool, redirects: Sequence[Node] = ()
) -> Status:
    """A command with its assignments in front and its redirections anywhere."""
    assignments: list[Assignment] = []
    written: list[Node] = []
    own: list[Node] = []
    for child in (node,) if node.type == "variable_assignment" else node.children:
        kind = child.type
        if kind == "variable_assignment":
            assignments.extend(read_assignment(walk, child, state, branch))
        elif kind in _REDIRECTS:
            own.append(child)
            written.extend(_words_behind(child))
        elif kind not in _NO_WORDS:
            written.append(child)
    written.extend(word for redirect in redirects for word in _words_behind(redirect))
    words, is_doubtful = read_words(walk, written, state, branch)
    walk.read(words)
    if words and node.end_byte == walk.unread_from:
        words.append(SOME_WORDS)  # an argument whose quote is not closed
    inner = with_assignments(assignments, state, is_command=bool(words)) if assignments else state
    found = _redirections(walk, [*own, *redirects], state, branch) if own or redirects else ()
    return start_in_shell(walk, words, inner, branch, found, state, is_doubtful=is_doubtful, tail=tail)


def read_words(
    walk: Walk, written: Iterable[Word | Node | WrittenWord], state: State, branch: Branch
) -> tuple[list[Word], bool]:
    """The words that a command gets, and whether a build argument may make another command of it."""
    words: list[Word] = []
    is_doubtful = False
    for each in written:
        plain = each if isinstance(each, Word) else plain_word(each, walk.text)
        if isinstance(plain, Word):
            if not words and plain.value in TESTS:
                state = state.for_conditions()
            words.append(plain)
        elif not isinstance(each, Word):
            if not words:
                is_doubtful = has_default(walk, each, state)
            expanded = expand_all(walk, each, state, branch)
            # What the Dockerfile does not set may come from the image: an argument that is gone may be there.
            words.extend(expanded if expanded or not words else (SOME_WORDS,))
    return words, is_doubtful


def _redirections(walk: Walk, nodes: Sequence[Node], state: State, branch: Branch) -> tuple[Redirection, ...]:
    found: list[Redirection] = []
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if node.type == "herestring_redirect":
            targets = [word for child in node.named_children for word in expand_all(walk, child, state, branch)]
            found.append(Redirection("<<<", None, targets[0].text if targets else None))
            continue
        if node.type == "heredoc_redirect":
            body = next((child for child in node.children if child.type == "heredoc_body"), None)
            document = _document(walk, node, body, state, branch) if body is not None else None
            found.append(Redirection("<<", None, document))
            waiting.extend(child for child in reversed(node.children) if child.type == "file_redirect")
            continue
        destination = node.child_by_field_name("destination")
        if destination is not None:
            operator = next((child.type for child in node.children if not child.is_named), "")
            found.append(redirection_to(walk, operator, destination, state, branch))
    return tuple(found)


def _document(walk: Walk, redirect: Node, body: Node, state: State, branch: Branch) -> MappedText:
    """What stands in a here-document, for who reads it: with a part of its delimiter quoted, as it is written."""
    delimiter = next(walk.written(child) for child in redirect.children if child.type == "heredoc_start")
    if not _QUOTES.isdisjoint(delimiter):
        return walk.text.slice(body.start_byte, body.end_byte)
    return expand_body(walk, body, state, branch)


def redirection_to(
    walk: Walk, operator: str, target: Word | Node | WrittenWord, state: State, branch: Branch
) -> Redirection:
    """A redirection to what a written word becomes; to nothing that is known where that is several words, or none."""
    targets = [target] if isinstance(target, Word) else expand_all(walk, target, state, branch)
    return Redirection(operator, targets[0] if len(targets) == 1 else None)


def _words_behind(redirect: Node) -> Sequence[Node]:
    """The words of the command that stand behind a redirection's target: the grammar takes them for more targets."""
    return redirect.children_by_field_name("destination")[1:] if redirect.type == "file_redirect" else ()
