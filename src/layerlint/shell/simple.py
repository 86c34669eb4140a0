"""Simple commands: their words, assignments and redirections, and what they start (POSIX.1, 2.9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from layerlint.mapped_text import MappedText
from layerlint.quick_dataclass import dataclass
from layerlint.shell.builtins import BUILTINS, Control
from layerlint.shell.command import Branch, Command, Redirection
from layerlint.shell.conditions import QUESTIONS, Status, evaluate_test
from layerlint.shell.expansion import expand_value, expand_word, plain_word
from layerlint.shell.printing import document_of, fetched_name, printed
from layerlint.shell.state import Function, State
from layerlint.shell.walk import Walk
from layerlint.shell.word import UNKNOWN, Word, output_of
from layerlint.shell.wrappers import BACKSLASH_PATHS, Wrapped
from layerlint.source import Span, encode

if TYPE_CHECKING:
    from tree_sitter import Node

_REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
_NO_WORDS = frozenset({"comment", "\n", "(", ")"})
# Programs that print their arguments, so that what a `$(...)` of them becomes is known.
_PRINTS_ARGUMENT = frozenset({"which", "echo"})


def visit_with_redirects(
    walk: Walk, node: Node, redirects: Sequence[Node], state: State, branch: Branch, *, tail: bool
) -> Status:
    """Follow a statement whose redirections stand behind it, outside of its node."""
    if not redirects:
        return walk.visit(node, state, branch, tail=tail)
    with walk.deeper():
        if node.type == "command":
            return visit_command(walk, node, state, branch, tail, redirects)
        if node.type == "pipeline":
            return visit_pipeline(walk, node, state, branch, tail, redirects)
    found = _redirections(walk, redirects, state, branch)
    first = len(walk.commands)
    status = walk.visit(node, state, branch, tail=tail)
    walk.commands[first:] = [
        replace(command, redirections=(*command.redirections, *found)) for command in walk.commands[first:]
    ]
    return status


def visit_pipeline(
    walk: Walk,
    node: Node,
    state: State,
    branch: Branch,
    tail: bool,  # noqa: ARG001 (a pipeline's status is not known)
    redirects: Sequence[Node] = (),
) -> Status:
    """`a | b`: each part in a shell of its own. What is redirected behind it is the last part's."""
    status = Status.PRESUMED
    parts = node.named_children
    outer = walk.source
    for index, part in enumerate(parts):
        first = len(walk.commands)
        with walk.shell():
            own = redirects if index == len(parts) - 1 else ()
            status = visit_with_redirects(walk, part, own, state.copy(), branch, tail=False)
        started = walk.commands[first:]
        walk.source = started[0] if len(started) == 1 else None
    walk.source = outer
    return status


def visit_command(
    walk: Walk, node: Node, state: State, branch: Branch, tail: bool, redirects: Sequence[Node] = ()
) -> Status:
    """A command with its assignments in front and its redirections anywhere."""
    words: list[Word] = []
    assignments: list[_Assignment] = []
    behind = [word for redirect in redirects for word in _words_behind(walk, redirect, state, branch)]
    redirects = list(redirects)
    for child in node.children:
        kind = child.type
        if kind == "variable_assignment":
            assignments.extend(_assignment(walk, child, state, branch))
        elif kind in _REDIRECTS:
            redirects.append(child)
            words.extend(_words_behind(walk, child, state, branch))
        elif kind not in _NO_WORDS:
            plain = plain_word(child, walk.text)
            if plain is not None:
                words.append(plain)
                continue
            expanded = expand_all(walk, child, state, branch)
            # What the Dockerfile does not set may come from the image: an argument that is gone may be there.
            words.extend(expanded if expanded or not words else (_SOME_WORDS,))
    words.extend(behind)
    if words and node.end_byte == walk.unread_from:
        words.append(_SOME_WORDS)  # an argument whose quote is not closed
    if not words:
        for assigned in assignments:
            state.assign(assigned.name, assigned.value, place=assigned.place)
        return Status.SUCCESS
    inner = state
    if assignments:
        inner = state.copy()
        for assigned in assignments:
            inner.assign(assigned.name, assigned.value, exported=True, place=assigned.place)
    found = _redirections(walk, redirects, state, branch) if redirects else ()
    outer, walk.first = walk.first, words[0]
    status = start(walk, words, inner, branch, found, shell_state=state, tail=tail)
    walk.first = outer
    return status


def start_in_shell(walk: Walk, words: Sequence[Word], state: State, branch: Branch, *, tail: bool) -> Status:
    """Start a command of the shell that is being followed that is words and nothing else."""
    outer, walk.first = walk.first, words[0]
    status = start(walk, words, state, branch, (), shell_state=state, tail=tail)
    walk.first = outer
    return status


def start(
    walk: Walk,
    words: Sequence[Word],
    state: State,
    branch: Branch,
    redirections: tuple[Redirection, ...],
    *,
    shell_state: State | None = None,
    exec_form: bool = False,
    tail: bool = False,
) -> Status:
    """Start what `words` name: a function, a builtin of the shell, a program in a wrapper, a program.

    `state` is what the program gets; `shell_state` is the shell's own, which builtins change, None where no shell is
    around.
    """
    name = words[0].value
    if shell_state is not None:
        function = state.functions.get(name)
        if function is not None:
            return _call(walk, function, words, state, branch)
        builtin = BUILTINS.get(name)
        if builtin is not None:
            control = builtin(words[1:], shell_state)
            return _obey(walk, control, state, branch, redirections, shell_state)
    if name in {"test", "["}:
        if name == "test":
            walk.emit(words, state, branch, redirections, exec_form=exec_form)
        asked = words[1:-1] if name == "[" and words[-1].value == "]" else words[1:]
        remember_question(walk, asked, state)
        return evaluate_test(asked)
    if name in QUESTIONS:
        walk.emit(words, state, branch, redirections, exec_form=exec_form)
        return Status.UNDECIDED
    wrapped = walk.wrappers.unwrap(words, state)
    if wrapped is not None and wrapped.reads_program:
        wrapped = _with_program(wrapped, walk.source)
    if wrapped is not None:
        document = document_of(redirections)
        if document is None and walk.source is not None and (wrapped.reads_input or wrapped.appends):
            document = printed(walk.source)
        if wrapped.keeps_command:
            walk.emit(words, state, branch, redirections, exec_form=exec_form)
        if not wrapped.reads_input or document is not None:
            outer, walk.around = walk.around, (*walk.around, words[0])
            status = _start_wrapped(walk, wrapped, document, branch, redirections, exec_form=exec_form, tail=tail)
            walk.around = outer
            return status
    walk.emit(words, state, branch, redirections, exec_form=exec_form)
    return Status.PRESUMED


def _with_program(wrapped: Wrapped, source: Command | None) -> Wrapped | None:
    """With the name of the program that `source` fetches and prints; None where that is not known."""
    name = fetched_name(source) if source is not None else ""
    if not name:
        return None
    place, *arguments = wrapped.words
    program = Word(MappedText.unmapped(encode(name)), place.span, shared=place.shared)
    return replace(wrapped, words=(program, *arguments))


def _start_wrapped(
    walk: Walk,
    wrapped: Wrapped,
    document: MappedText | None,
    branch: Branch,
    redirections: tuple[Redirection, ...],
    *,
    exec_form: bool,
    tail: bool,
) -> Status:
    script = wrapped.script.text if wrapped.script is not None else document if wrapped.reads_input else None
    if script is None:
        words = wrapped.words
        if wrapped.appends:
            words = (*words, *(_words_of(document) if document is not None else (_SOME_WORDS,)))
        with walk.deeper():
            return start(walk, words, wrapped.state, branch, redirections, exec_form=exec_form, tail=tail)
    wrapped.state.arguments = tuple(word.value for word in wrapped.arguments[1:])
    if wrapped.state.shell in BACKSLASH_PATHS:
        script = script.with_data(script.data.replace(b"\\", b"/"))
    return walk.script(script, wrapped.state, branch, tail=tail)


_SOME_WORDS = Word(MappedText.unmapped(UNKNOWN.encode()), None)


def _words_of(text: MappedText) -> list[Word]:
    """The words in a text that a command reads, as `xargs` takes them apart."""
    return [
        Word(piece, piece.source_span(0, len(piece.data)))
        for match in re.finditer(rb"\S+", text.data)
        for piece in (text.slice(match.start(), match.end()),)
    ]


def _call(walk: Walk, function: Function, words: Sequence[Word], state: State, branch: Branch) -> Status:
    """Run a function's body with its arguments. It does not see itself: no recursion is followed."""
    arguments, functions, local = state.arguments, state.functions, state.local
    state.local = {}
    state.arguments = tuple(word.value for word in words[1:])
    state.functions = {name: other for name, other in functions.items() if other is not function}
    with walk.inside(function.text):
        status = walk.visit(function.body, state, branch, tail=False)
    state.end_function(local)
    state.arguments = arguments
    state.functions = {**functions, **state.functions}
    return status


def _obey(
    walk: Walk,
    control: Control,
    state: State,
    branch: Branch,
    redirections: tuple[Redirection, ...],
    shell_state: State,
) -> Status:
    """What a builtin asks for beyond the state that it has changed."""
    status = control.status
    if control.script is not None:
        status = walk.follow(control.script, shell_state, branch)
    elif control.words:
        with walk.deeper():
            status = start(walk, control.words, state, branch, redirections, shell_state=shell_state)
        if control.ends:
            walk.trap = None  # no shell is left that could run it
    elif control.trap is not None:
        walk.trap = (control.trap, branch) if control.trap.value not in {"", "-"} else None
    walk.ended |= control.ends
    return status


# Redirections


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
            document = walk.text.slice(body.start_byte, body.end_byte) if body is not None else None
            found.append(Redirection("<<", None, document))
            waiting.extend(child for child in reversed(node.children) if child.type == "file_redirect")
            continue
        destination = node.child_by_field_name("destination")
        if destination is not None:
            operator = next((child.type for child in node.children if not child.is_named), "")
            targets = expand_all(walk, destination, state, branch)
            found.append(Redirection(operator, targets[0] if len(targets) == 1 else None))
    return tuple(found)


def _words_behind(walk: Walk, redirect: Node, state: State, branch: Branch) -> list[Word]:
    """The words of the command that stand behind a redirection's target: the grammar takes them for more targets."""
    if redirect.type != "file_redirect":
        return []
    behind = redirect.children_by_field_name("destination")[1:]
    return [word for node in behind for word in expand_all(walk, node, state, branch)]


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


def remember_question(walk: Walk, words: Sequence[Word], state: State) -> None:
    """Note for which path a test asks (`-d path`, `! -e path`), since what follows may depend on it."""
    values = [word.value for word in words]
    walk.asked_negated = values[:1] == ["!"]
    values = values[1:] if walk.asked_negated else values
    walk.asked = state.resolve(values[1]) if len(values) == 2 and values[0] in {"-d", "-e", "-s", "-r", "-w"} else ""


# Assignments


def visit_assignments(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:  # noqa: ARG001
    """`A=1 B=2` without a command."""
    for child in node.named_children if node.type == "variable_assignments" else [node]:
        for assigned in _assignment(walk, child, state, branch):
            state.assign(assigned.name, assigned.value, place=assigned.place)
    return Status.SUCCESS


@dataclass(frozen=True, slots=True)
class _Assignment:
    name: str
    value: str
    place: Span | None


def _assignment(walk: Walk, node: Node, state: State, branch: Branch) -> Iterator[_Assignment]:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        return
    place = walk.text.source_span(node.start_byte, node.end_byte)
    if name.type != "variable_name":  # an element of an array
        yield _Assignment(walk.written(name).partition("[")[0], UNKNOWN, None)
    elif value is None:
        yield _Assignment(walk.written(name), "", place)
    elif value.type == "array" or any(child.type == "+=" for child in node.children):
        yield _Assignment(walk.written(name), UNKNOWN, None)
    else:
        yield _Assignment(walk.written(name), expand_assigned(walk, value, state, branch), place)


def visit_declaration(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:  # noqa: ARG001
    """`export A=1 B`, `declare -x A=1`, `unset A`: a kind of node of their own, and builtins all the same."""
    words: list[Word] = []
    for index, child in enumerate(node.children):
        if child.type == "variable_assignment":
            assignments = _assignment(walk, child, state, branch)
            words.extend(
                Word(MappedText.unmapped(encode(f"{each.name}={each.value}")), each.place) for each in assignments
            )
        elif index == 0 or child.is_named:
            words.extend(expand_all(walk, child, state, branch))
    builtin = BUILTINS.get(words[0].value) if words else None
    if builtin is not None:
        builtin(words[1:], state)
    return Status.SUCCESS


# Words


def expand_all(walk: Walk, node: Node, state: State, branch: Branch) -> list[Word]:
    """The words that a written word becomes."""
    return expand_word(node, walk.text, state, partial(_substitute, walk, state, branch))


def expand_assigned(walk: Walk, node: Node, state: State, branch: Branch) -> str:
    """What a written word is as the value of an assignment."""
    return expand_value(node, walk.text, state, partial(_substitute, walk, state, branch))


def _substitute(walk: Walk, state: State, branch: Branch, node: Node) -> str:
    """Follow the commands of a `$(...)`; what it prints is known for the few that print their argument."""
    first = len(walk.commands)
    with walk.deeper(), walk.shell():
        walk.statements(node, state.copy(), branch, tail=False)
    started = walk.commands[first:]
    if len(started) == 1 and started[0].name in _PRINTS_ARGUMENT and len(started[0].words) == 2:
        return started[0].words[1].value
    if len(started) == 1 and all(word.known for word in started[0].words):
        return output_of(word.value for word in started[0].words)
    if not started and node.named_child_count == 1:
        # `command -v name` finds, as far as anyone can know, the program of that name.
        values = [
            word.value for child in node.named_children[0].children for word in expand_all(walk, child, state, branch)
        ]
        if values[:2] in (["command", "-v"], ["type", "-p"]) and len(values) == 3:
            return values[2]
    return UNKNOWN
