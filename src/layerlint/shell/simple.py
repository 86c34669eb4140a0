"""Simple commands: their words, assignments and redirections, and what they start (POSIX.1, 2.9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from layerlint.mapped_text import MappedText
from layerlint.quick_dataclass import dataclass
from layerlint.shell.builtins import BUILTINS, Control
from layerlint.shell.command import Branch, Command, Redirection
from layerlint.shell.conditions import QUESTIONS, Status, evaluate_test
from layerlint.shell.expansion import WrittenWord, plain_word
from layerlint.shell.printing import document_of, fetched_name, printed
from layerlint.shell.state import Function, State
from layerlint.shell.substitution import expand_all, expand_assigned, has_default
from layerlint.shell.walk import Operand, Walk
from layerlint.shell.word import UNKNOWN, Word
from layerlint.shell.wrappers import BACKSLASH_PATHS, Wrapped
from layerlint.source import Span, encode

if TYPE_CHECKING:
    from tree_sitter import Node

_REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
_NO_WORDS = frozenset({"comment", "\n", "(", ")"})
_TESTS = frozenset({"test", "["})
# Stands for words of which it is not known what they are, nor how many.
SOME_WORDS = Word(MappedText.unmapped(UNKNOWN.encode()), None)
# Questions that can have the answer yes for a directory if it is there.
_IS_THERE = frozenset({"-d", "-e", "-s", "-r", "-w"})


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
    _redirect(walk, first, found)
    return status


def visit_pipeline(
    walk: Walk,
    node: Node,
    state: State,
    branch: Branch,
    tail: bool,
    redirects: Sequence[Node] = (),
) -> Status:
    """`a | b` as the grammar has it. What is redirected behind it is the last part's."""
    nodes = node.named_children
    parts = [
        partial(visit_with_redirects, walk, part, redirects if index == len(nodes) - 1 else ())
        for index, part in enumerate(nodes)
    ]
    return follow_pipeline(walk, parts, state, branch, tail=tail)


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


def visit_command(
    walk: Walk, node: Node, state: State, branch: Branch, tail: bool, redirects: Sequence[Node] = ()
) -> Status:
    """A command with its assignments in front and its redirections anywhere."""
    assignments: list[_Assignment] = []
    written: list[Node] = []
    own: list[Node] = []
    for child in node.children:
        kind = child.type
        if kind == "variable_assignment":
            assignments.extend(_assignment(walk, child, state, branch))
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
    inner = state
    if assignments:
        inner = state.copy() if words else state
        for assigned in assignments:
            inner.assign(assigned.name, assigned.value, exported=bool(words), place=assigned.place)
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
            if not words and plain.value in _TESTS:
                state = state.for_conditions()
            words.append(plain)
        elif not isinstance(each, Word):
            if not words:
                is_doubtful = has_default(walk, each, state)
            expanded = expand_all(walk, each, state, branch)
            # What the Dockerfile does not set may come from the image: an argument that is gone may be there.
            words.extend(expanded if expanded or not words else (SOME_WORDS,))
    return words, is_doubtful


def start_in_shell(
    walk: Walk,
    words: Sequence[Word],
    state: State,
    branch: Branch,
    redirections: tuple[Redirection, ...],
    shell_state: State,
    *,
    is_doubtful: bool,
    tail: bool,
) -> Status:
    """Start a command of the shell that is being followed; `words` and `is_doubtful` are what `read_words` gives."""
    status = Status.SUCCESS
    if words:
        outer, walk.first = walk.first, words[0]
        status = start(walk, words, state, branch, redirections, shell_state=shell_state, tail=tail)
        walk.first = outer
    return Status.UNDECIDED if is_doubtful and status.certain else status


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
            return _call(walk, function, words, state, branch, redirections)
        builtin = BUILTINS.get(name)
        if builtin is not None:
            control = builtin(words[1:], shell_state)
            return _obey(walk, control, state, branch, redirections, shell_state)
    if name in _TESTS:
        if name == "test":
            walk.emit(words, state, branch, redirections, exec_form=exec_form)
        asked = words[1:-1] if name == "[" and words[-1].value == "]" else words[1:]
        return answer(asked, state)
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
            words = (*words, *(_words_of(document) if document is not None else (SOME_WORDS,)))
        with walk.deeper():
            return start(walk, words, wrapped.state, branch, redirections, exec_form=exec_form, tail=tail)
    wrapped.state.arguments = tuple(word.value for word in wrapped.arguments[1:])
    if wrapped.state.shell in BACKSLASH_PATHS:
        script = script.with_data(script.data.replace(b"\\", b"/"))
    first = len(walk.commands)
    status = walk.script(script, wrapped.state, branch, tail=tail)
    # What a shell reads its script from is not what the commands of it read.
    behind = redirections if wrapped.script is not None else tuple(each for each in redirections if not each.is_input)
    _redirect(walk, first, behind)
    return status


def _words_of(text: MappedText) -> list[Word]:
    """The words in a text that a command reads, as `xargs` takes them apart."""
    return [
        Word(piece, piece.source_span(0, len(piece.data)))
        for match in re.finditer(rb"\S+", text.data)
        for piece in (text.slice(match.start(), match.end()),)
    ]


def _call(
    walk: Walk,
    function: Function,
    words: Sequence[Word],
    state: State,
    branch: Branch,
    redirections: tuple[Redirection, ...],
) -> Status:
    """Run a function's body with its arguments. It does not see itself: no recursion is followed."""
    first = len(walk.commands)
    arguments, functions, local = state.arguments, state.functions, state.local
    state.local = {}
    state.arguments = tuple(word.value for word in words[1:])
    state.functions = {name: other for name, other in functions.items() if other is not function}
    with walk.inside(function.text):
        status = walk.visit(function.body, state, branch, tail=False)
    _redirect(walk, first, redirections)
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
        first = len(walk.commands)
        status = walk.follow(control.script, shell_state, branch)
        _redirect(walk, first, redirections)
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


def _redirect(walk: Walk, first: int, redirections: tuple[Redirection, ...]) -> None:
    """Redirect the commands from the `first` on together: the file is opened once, and each writes behind the others.

    What a command is redirected to itself comes after what is around it.
    """
    if not redirections:
        return
    found = redirections
    for index in range(first, len(walk.commands)):
        command = walk.commands[index]
        walk.commands[index] = replace(command, redirections=(*found, *command.redirections))
        if index == first:
            found = tuple(each.appending for each in redirections)


def _words_behind(redirect: Node) -> Sequence[Node]:
    """The words of the command that stand behind a redirection's target: the grammar takes them for more targets."""
    return redirect.children_by_field_name("destination")[1:] if redirect.type == "file_redirect" else ()


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


def answer(words: Sequence[Word], state: State) -> Status:
    """How `test` with these arguments ends, with the path for which it asks if it is not known (`-d path`)."""
    status = evaluate_test(words)
    values = [word.value for word in words]
    negated = values[:1] == ["!"]
    values = values[negated:]
    if not status.undecided or len(values) != 2 or values[0] not in _IS_THERE:
        return status
    asking = replace(status, asks=state.resolve(values[1]))
    return asking.negated if negated else asking


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
