"""The builtins of a shell that change what later commands get (POSIX.1, 2.14 and the Bash manual, 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from layerlint.shell.ending import End, Scope
from layerlint.shell.state import State
from layerlint.shell.status import Status
from layerlint.shell.word import UNKNOWN, Word, joined
from layerlint.source.mapped_text import MappedText
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_EXIT_STATUS = lazy_pattern(r"[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Control:
    """What a builtin asks for, beside the change that it made to the state.

    `script` is to run in this shell, `words` are a command to start, `trap` is to run when the shell ends, in the
    place of what was to (nothing if it is empty or `-`); `ends` says what ends with it.
    """

    status: Status = Status.SUCCESS
    script: MappedText | None = None
    words: tuple[Word, ...] = ()
    trap: Word | None = None
    ends: End | None = None


Builtin = Callable[[Sequence[Word], State], Control]


def _cd(arguments: Sequence[Word], state: State) -> Control:
    operands = [word for word in arguments if not word.value.startswith("-") or word.value == "-"]
    if not operands:
        target = state.value("HOME") or UNKNOWN
    elif operands[0].value == "-":
        target = state.previous
    else:
        target = state.resolve(operands[0].value) if operands[0].glob is None else UNKNOWN
    state.previous, state.directory = state.directory, target
    return Control(Status.PRESUMED)


def _pushd(arguments: Sequence[Word], state: State) -> Control:
    before = state.directory
    if arguments and not arguments[0].value.startswith(("-", "+")):
        state.pushed = (before, *state.pushed)
        return _cd(arguments, state)
    # The last two change places, or one further down comes up.
    state.previous, state.directory, state.pushed = before, UNKNOWN, ()
    return Control(Status.PRESUMED)


def _popd(arguments: Sequence[Word], state: State) -> Control:
    target = state.pushed[0] if state.pushed and not arguments else UNKNOWN
    state.previous, state.directory, state.pushed = state.directory, target, state.pushed[1:]
    return Control()


def _export(arguments: Sequence[Word], state: State) -> Control:
    exported = not any(word.value == "-n" for word in arguments)
    for word in arguments:
        name, equals, value = word.value.partition("=")
        if name.startswith("-"):
            continue
        if equals:
            state.assign(name, value, exported=exported, place=word.span)
        else:
            state.export(name, exported=exported)
    return Control()


def _declare(arguments: Sequence[Word], state: State) -> Control:
    """Declare variables, which are a function's own in a function."""
    in_function = state.in_function and not any("g" in word.value for word in arguments if word.value.startswith("-"))
    return _local(arguments, state) if in_function else _declare_here(arguments, state)


def _declare_here(arguments: Sequence[Word], state: State) -> Control:
    options = "".join(word.value for word in arguments if word.value.startswith("-"))
    for word in arguments:
        name, equals, value = word.value.partition("=")
        if name.startswith("-"):
            continue
        if equals:
            state.assign(name, value, exported=True if "x" in options else None, place=word.span)
        elif "x" in options:
            state.export(name)
    return Control()


def _local(arguments: Sequence[Word], state: State) -> Control:
    for word in arguments:
        name = word.value.partition("=")[0]
        if not name.startswith("-"):
            state.declare_local(name)
    return _declare_here(arguments, state)


def _unset(arguments: Sequence[Word], state: State) -> Control:
    if arguments and arguments[0].value == "-f":
        state.functions = {name: body for name, body in state.functions.items() if name not in _values(arguments)}
        return Control()
    for word in arguments:
        if not word.value.startswith("-"):
            state.unset(word.value)
    return Control()


def _set(arguments: Sequence[Word], state: State) -> Control:
    for index, word in enumerate(arguments):
        value = word.value
        if value == "--":
            state.arguments = tuple(word.value for word in arguments[index + 1 :])
            break
        if value == "-" or not value.startswith(("-", "+")):
            if index == 0 or value == "-":
                break
            continue
        letters, on = value[1:], value.startswith("-")
        named = arguments[index + 1 : index + 2] if letters.endswith("o") else ()
        for name in (*letters, *(word.value for word in named)):
            state.set_option(name, on=on)
    return Control()


def _values(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(word.value for word in words)


def _shift(arguments: Sequence[Word], state: State) -> Control:
    number = arguments[0].value if arguments else "1"
    if state.arguments is not None:
        known = number.isdecimal() and len(number) < 4
        state.arguments = state.arguments[int(number) :] if known else None
    return Control()


def _eval(arguments: Sequence[Word], state: State) -> Control:
    return Control(Status.PRESUMED, script=joined(arguments))


def _exec(arguments: Sequence[Word], state: State) -> Control:
    return Control(words=tuple(arguments), ends=End(Scope.SHELL, works=False) if arguments else None)


def _command(arguments: Sequence[Word], state: State) -> Control:
    if arguments and arguments[0].value in {"-v", "-V"}:
        return Control(Status.UNDECIDED)
    words = [word for word in arguments if word.value not in {"-p", "--"}]
    return Control(words=tuple(words))


def _trap(arguments: Sequence[Word], state: State) -> Control:
    if arguments and arguments[0].value == "--":
        arguments = arguments[1:]
    if len(arguments) >= 2 and any(word.value.upper() in {"EXIT", "0"} for word in arguments[1:]):
        return Control(trap=arguments[0])
    return Control()


def _exit(arguments: Sequence[Word], state: State) -> Control:
    status = _status_said(arguments)
    return Control(status, ends=End(Scope.SHELL, works=status is Status.SUCCESS))


def _return(arguments: Sequence[Word], state: State) -> Control:
    status = _status_said(arguments)
    works = status is Status.SUCCESS or status is Status.PRESUMED
    return Control(status, ends=End(Scope.FUNCTION, works=works) if state.in_function else None)


def _break(arguments: Sequence[Word], state: State) -> Control:
    return Control(ends=End(Scope.LOOP))


def _continue(arguments: Sequence[Word], state: State) -> Control:
    return Control(ends=End(Scope.ROUND))


def _status_said(arguments: Sequence[Word]) -> Status:
    """How a shell ends that is told to end with a number; without one it is the last command's (POSIX.1, exit)."""
    if not arguments:
        return Status.PRESUMED
    number = arguments[0].value
    if not _EXIT_STATUS.fullmatch(number) or int(number) > 255:
        return Status.UNDECIDED
    return Status.FAILURE if int(number) else Status.SUCCESS


def _success(arguments: Sequence[Word], state: State) -> Control:
    return Control()


def _failure(arguments: Sequence[Word], state: State) -> Control:
    return Control(Status.FAILURE)


def _read(arguments: Sequence[Word], state: State) -> Control:
    for word in arguments:
        if not word.value.startswith("-"):
            state.assign(word.value, UNKNOWN)
    return Control(Status.UNDECIDED)


def _source(arguments: Sequence[Word], state: State) -> Control:
    return Control(Status.PRESUMED)


ONLY_IN_SHELL = frozenset((
    "!", "[[", "{", "}", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if",
    "in", "select", "then", "time", "until", "while", ".", ":", "alias", "bg", "bind", "break", "builtin",
    "caller", "cd", "chdir", "command", "compgen", "complete", "compopt", "continue", "declare", "dirs", "disown",
    "enable", "eval", "exec", "exit", "export", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "let",
    "local", "logout", "mapfile", "popd", "pushd", "read", "readarray", "readonly", "return", "set", "shift",
    "shopt", "source", "suspend", "times", "trap", "type", "typeset", "ulimit", "umask", "unalias", "unset",
    "wait",
))  # fmt: skip
"""Reserved words and builtins of shells that an image has no program of the same name for (POSIX.1, 2.4 and 2.14; the
Bash manual, 4)."""

BUILTINS: dict[str, Builtin] = {
    "cd": _cd,
    "chdir": _cd,
    "pushd": _pushd,
    "popd": _popd,
    "export": _export,
    "declare": _declare,
    "typeset": _declare,
    "local": _local,
    "readonly": _declare_here,
    "unset": _unset,
    "set": _set,
    "shift": _shift,
    "eval": _eval,
    "exec": _exec,
    "command": _command,
    "builtin": _command,
    "trap": _trap,
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _continue,
    "true": _success,
    ":": _success,
    "false": _failure,
    "read": _read,
    "source": _source,
    ".": _source,
}
