"""What words start: a function, a builtin of the shell, a program in a wrapper, a program (POSIX.1, 2.9.1.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from layerlint.shell.builtins import BUILTINS, Control
from layerlint.shell.command import Branch, Command, Redirection
from layerlint.shell.ending import Scope
from layerlint.shell.printing import document_of, fetched_name, printed
from layerlint.shell.state import Function, State
from layerlint.shell.status import QUESTIONS, Status, evaluate_test
from layerlint.shell.walk import Walk
from layerlint.shell.word import UNKNOWN, Word, output_of
from layerlint.shell.wrappers import BACKSLASH_PATHS, Wrapped
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import encode

TESTS = frozenset({"test", "["})
# Questions that can have the answer yes for a directory if it is there.
_IS_THERE = frozenset({"-d", "-e", "-s", "-r", "-w"})
SOME_WORDS = Word(MappedText.unmapped(UNKNOWN.encode()), None)
"""Stands for words of which it is not known what they are, nor how many."""


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
        if shell_state.no_patterns:
            words = [word if word.glob is None else word.without_pattern() for word in words]
        outer = walk.first, walk.variables_before
        walk.first = walk.variables_before = words[0]
        status = start(walk, words, state, branch, redirections, shell_state=shell_state, tail=tail)
        walk.first, walk.variables_before = outer
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
    if name in TESTS:
        if name == "test":
            walk.emit(words, state, branch, redirections, exec_form=exec_form)
        asked = words[1:-1] if name == "[" and words[-1].value == "]" else words[1:]
        return answer(asked, state)
    if name in QUESTIONS:
        walk.emit(words, state, branch, redirections, exec_form=exec_form)
        return Status.UNDECIDED
    wrapped = walk.wrappers.unwrap(words, state)
    document = None
    if wrapped is not None:
        document = document_of(redirections)
        if document is None and walk.source is not None and (wrapped.reads_input or wrapped.appends):
            document = printed(walk.source)
        if wrapped.reads_program or (wrapped.reads_input and document is None):
            wrapped = _with_program(wrapped, walk.source)
    if wrapped is not None:
        if wrapped.keeps_command:
            walk.emit(words, state, branch, redirections, exec_form=exec_form)
        outer = walk.around, walk.is_module, walk.variables_before
        _enter(walk, words[0], wrapped)
        status = _start_wrapped(walk, wrapped, document, branch, redirections, exec_form=exec_form, tail=tail)
        walk.around, walk.is_module, walk.variables_before = outer
        return status
    walk.emit(words, state, branch, redirections, exec_form=exec_form)
    return Status.PRESUMED


def _enter(walk: Walk, wrapper: Word, wrapped: Wrapped) -> None:
    walk.around, walk.is_module = (*walk.around, wrapper), wrapped.is_module
    if wrapped.takes_variables:
        walk.variables_before = wrapped.words[0]
    elif wrapped.clears_environment:
        walk.variables_before = None


def _with_program(wrapped: Wrapped, source: Command | None) -> Wrapped | None:
    """With the name of the program that `source` fetches and prints; None where that is not known."""
    name = fetched_name(source) if source is not None else ""
    if not name:
        return None
    place, *arguments = wrapped.words
    program = Word(MappedText.unmapped(encode(name)), place.span, shared=place.shared)
    return replace(wrapped, words=(program, *arguments), reads_input=False)


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
            words = (*words, *_words_read(walk.source, document))
        with walk.deeper():
            return start(walk, words, wrapped.state, branch, redirections, exec_form=exec_form, tail=tail)
    wrapped.state.arguments = tuple(word.value for word in wrapped.arguments[1:])
    if wrapped.state.shell in BACKSLASH_PATHS:
        script = script.with_data(script.data.replace(b"\\", b"/"))
    first = len(walk.commands)
    status = walk.script(script, wrapped.state, branch, tail=tail)
    # What a shell reads its script from is not what the commands of it read.
    behind = redirections if wrapped.script is not None else tuple(each for each in redirections if not each.is_input)
    redirect_together(walk, first, behind)
    return status


def _words_read(source: Command | None, document: MappedText | None) -> Sequence[Word]:
    """The words that a command is given which reads them: from `document`, else what `source` prints."""
    if document is not None:
        return _words_of(document)
    if source is None or not all(word.known for word in source.words):
        return (SOME_WORDS,)
    output = output_of(word.value for word in source.words)
    return (Word(MappedText.unmapped(encode(output)), None),)


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
    with walk.inside(function.text), walk.scope(Scope.FUNCTION):
        status = walk.visit(function.body, state, branch, tail=False)
    redirect_together(walk, first, redirections)
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
        redirect_together(walk, first, redirections)
    elif control.words:
        with walk.deeper():
            status = start(walk, control.words, state, branch, redirections, shell_state=shell_state)
        if control.ends is not None:
            walk.trap = None  # no shell is left that could run it
    elif control.trap is not None:
        walk.trap = (control.trap, branch) if control.trap.value not in {"", "-"} else None
    walk.ended = control.ends or walk.ended
    return status


def redirect_together(walk: Walk, first: int, redirections: tuple[Redirection, ...]) -> None:
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


def answer(words: Sequence[Word], state: State) -> Status:
    """How `test` with these arguments ends, with the path for which it asks if it is not known (`-d path`)."""
    values = [word.value for word in words]
    if "==" in values and not state.has_extensions:
        return Status.UNDECIDED  # dash, as many a sh is, does not know it, says so and goes on
    status = evaluate_test(words)
    negated = values[:1] == ["!"]
    values = values[negated:]
    if not status.undecided or len(values) != 2 or values[0] not in _IS_THERE:
        return status
    asking = replace(status, asks=state.resolve(values[1]))
    return asking.negated if negated else asking
