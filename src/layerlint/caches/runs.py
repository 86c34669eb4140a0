"""A RUN instruction to the programs that it starts, and its mounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from layerlint.dockerfile.build_state import BuildState
from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.mounts import Mount, read_mounts
from layerlint.image.accounts import Accounts
from layerlint.shell.command import RUN_ENVIRONMENT
from layerlint.shell.execution import Execution, execute, execute_words
from layerlint.shell.paths import absolute
from layerlint.shell.state import State
from layerlint.shell.word import UNKNOWN, Word
from layerlint.shell.wrappers import Wrappers
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import decode, encode
from layerlint.startup.lazy_pattern import lazy_pattern

_NEWLINE = MappedText.unmapped(b"\n")
_SPACE = MappedText.unmapped(b" ")
_HEREDOC_IN_FRONT = lazy_pattern(rb"(<<-?[^\s<>&|;]+)[ \t]+([^&|;<>]+)")
_ONLY_HEREDOC = lazy_pattern(rb"<<-?\S+")
_INTERPRETER = lazy_pattern(rb"#![ \t]*(?:\S*/env[ \t]+(?:-\S+[ \t]+)*)?(?:\S*/)?([^\s/]+)")


def shell_state(state: BuildState, accounts: Accounts) -> State:
    """What a shell knows that a RUN starts, before it is told what its name is."""
    start = State(
        _environment(state, accounts),
        user=state.user if state.user is not None else UNKNOWN,
        directory=state.workdir if state.workdir is not None else UNKNOWN,
        shell="",
        home_of=accounts.home_of,
    )
    start.overridable = {name: value for name, value in state.overridable.all().items() if value is not None}
    return start


def execute_run(run: Instruction, state: BuildState, start: State, wrappers: Wrappers) -> Execution:
    """What a RUN does, as it says and with what its stage gives it; `start` is what `shell_state` gives, and changes.

    Raises `NotFollowedError`.
    """
    if run.exec_form is not None:
        words = [Word(text, text.source_span(0, len(text.data))) for text in run.exec_form]
        return execute_words(words, start, wrappers)
    script, interpreter = script_of(run)
    if interpreter:
        if not any(wrapper.is_shell for wrapper in wrappers.find(interpreter)):
            return Execution(())  # a script in another language
        start.shell = interpreter
        return execute(script, start, wrappers)
    # A shell form is its text behind the words of SHELL, whatever program that is (Dockerfile reference, SHELL).
    shell = wrappers.shell_of(state.shell)
    if shell is not None:
        start.shell, start.arguments = shell, ()
        return execute(script, start, wrappers, _shell_words(state.shell)[:1])
    words = [*_shell_words(state.shell), Word(script, script.source_span(0, len(script.data)))]
    return execute_words(words, start, wrappers, exec_form=False)


@lru_cache(maxsize=64)
def _shell_words(shell: tuple[str, ...]) -> tuple[Word, ...]:
    return tuple(Word(MappedText.unmapped(encode(word.replace("\\", "/"))), None) for word in shell)


def absolute_mounts(run: Instruction, state: BuildState, escape: str) -> tuple[Mount, ...]:
    """The mounts of a RUN, their targets made absolute as BuildKit does: from the working directory."""
    if not run.flags:
        return ()
    mounts = read_mounts(run, state.variables, escape)
    return tuple(
        replace(mount, target=absolute(mount.target, state.workdir or UNKNOWN))
        if mount.target and not mount.target.startswith("/")
        else mount
        for mount in mounts
    )


def script_of(run: Instruction) -> tuple[MappedText, str]:
    """What runs, and the program that is to run it in place of the shell, empty if there is none.

    A RUN that is only a here-document is its body, others have the bodies behind their line. A body that begins with
    `#!` is run by the program that it names. (BuildKit, dispatchRun in
    frontend/dockerfile/dockerfile2llb/convert.go.)
    """
    if not run.heredocs:
        return run.text, ""
    body = only_heredoc(run)
    if body is not None:
        interpreter = _INTERPRETER.match(body.data)
        return body, decode(interpreter[1]) if interpreter else ""
    parts = [_with_heredoc_behind(run.text)]
    for heredoc in run.heredocs:
        parts += [_NEWLINE, heredoc.body, MappedText.unmapped(encode(heredoc.name))]
    return MappedText.join([*parts, _NEWLINE]), ""


def _environment(state: BuildState, accounts: Accounts) -> Mapping[str, str]:
    """What the RUN's process gets. The container's runtime sets HOME, from the image's users, where ENV does not."""
    known = state.process_environment
    environment = {name: UNKNOWN if value is None else value for name, value in known.items()}
    if not environment.get("HOME"):
        environment["HOME"] = accounts.home_of(state.user if state.user is not None else UNKNOWN)
    environment[RUN_ENVIRONMENT] = ""
    return environment


def only_heredoc(run: Instruction) -> MappedText | None:
    """The body of the here-document that is all of a RUN, None where there is more or no such thing."""
    is_all = len(run.heredocs) == 1 and _ONLY_HEREDOC.fullmatch(run.text.data) is not None
    return run.heredocs[0].body if is_all else None


def _with_heredoc_behind(text: MappedText) -> MappedText:
    """`<<EOF command` as `command <<EOF`: the same to a shell, and only the second is in the grammar."""
    match = _HEREDOC_IN_FRONT.match(text.data)
    if match is None:
        return text
    cuts = (match.start(2), match.end(2)), (match.start(1), match.end(1)), (match.end(2), len(text.data))
    command, heredoc, rest = (text.slice(start, end) for start, end in cuts)
    return MappedText.join([command, _SPACE, heredoc, _SPACE, rest])
