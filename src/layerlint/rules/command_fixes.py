"""The fix that empties a cache at the end of the RUN that fills it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from layerlint.caches.build import Run
from layerlint.caches.paths import is_below
from layerlint.caches.runs import only_heredoc
from layerlint.edits import appending
from layerlint.edits.appending import Addition, Form
from layerlint.edits.refusal import CannotFixError, NotMeantError
from layerlint.finding import Edit
from layerlint.lazy_pattern import lazy_pattern
from layerlint.mapped_text import MappedText
from layerlint.rules.facts import UseFact
from layerlint.rules.fix_scene import Scene
from layerlint.rules.templates import fill
from layerlint.rules.uses import refuse_if_used
from layerlint.shell.word import HOME_OF, UNKNOWN, shown
from layerlint.shell.wrappers import BACKSLASH_PATHS

# A path that is one word of a shell and stands for itself.
_PLAIN_PATH = lazy_pattern(r"/[\w./:,=+-]+", re.ASCII)
_PLAIN_PROGRAM = lazy_pattern(r"[\w./+][\w./+-]*", re.ASCII)
# Behind it stands the script (POSIX.1, sh).
_SCRIPT_OPTION = lazy_pattern(r"-[a-z]*c")


def append_command(template: str, fact: UseFact, values: Mapping[str, str], scene: Scene) -> Edit:
    """The command at the end of the RUN, where it can run and may; `values` are the fact's. Raises `CannotFixError`."""
    if "$(" in template:
        _refuse_known_directory(fact)
    elif "{directory}" in template:
        _refuse_unusual_directory(fact)
    elif fact.directory_option is not None:
        raise CannotFixError(f"{fact.directory_option.name} says where the cache is")
    if "{program}" in template and not _PLAIN_PROGRAM.fullmatch(fact.entry.invocation.command.words[0].value):
        raise CannotFixError("the command does not stand in the file as such")
    command = fill(template, values)
    if fact.run.fails:
        raise CannotFixError("the RUN fails")
    _refuse_other_user(fact)
    refuse_if_used(fact, scene)
    addition = scene.remembered((id(fact.run), command), lambda: _addition(command, fact.run, scene))
    if isinstance(addition, str):
        raise CannotFixError(addition)
    span = fact.entry.invocation.span
    if span is not None and addition.there_at >= span.start:
        raise CannotFixError(f"`{command}` is there already")
    return addition.edit


def _addition(command: str, run: Run, scene: Scene) -> Addition | str:
    """The command at the end of a RUN, or why it cannot be there."""
    try:
        script, form = _script(run)
        escape = "\\" if form is Form.LINES else scene.dockerfile.escape
        return appending.append_command(script, command, form, escape, scene.source)
    except CannotFixError as refusal:
        return str(refusal)


def _script(run: Run) -> tuple[MappedText, Form]:
    """What the RUN's shell reads, where that is a shell for which it is known how a command is put behind others."""
    instruction = run.run
    if instruction.exec_form is not None:
        shells = {entry.invocation.command.shell for entry in run.entries if not entry.invocation.command.exec_form}
        match instruction.exec_form:
            case [program, option, script] if _name(program.text) in shells and _SCRIPT_OPTION.fullmatch(option.text):
                return script, Form.STRING
        raise CannotFixError("an exec form has no place for another command")
    shell = _name(run.state.shell[0]) if run.state.shell else ""
    if shell in BACKSLASH_PATHS:
        raise CannotFixError(f"{shell} runs the commands")
    body = only_heredoc(instruction)
    if body is not None:
        return body, Form.LINES
    if instruction.heredocs:
        raise CannotFixError("the RUN has a here-document among its commands")
    return instruction.text, Form.JOINED


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")


def _refuse_other_user(fact: UseFact) -> None:
    """The command is run by the RUN's user, who must be root or have filled the cache."""
    user, accounts = fact.run.state.user, fact.run.accounts
    filler = fact.entry.invocation.command.user
    if user is None or (accounts.number_of(user) != 0 and user != filler):
        raise CannotFixError(f"{shown(user or '')} may not remove what {shown(filler) or 'root'} writes")


def _is_usual(fact: UseFact) -> bool:
    """Whether the cache is where it is unless something says otherwise, which is not the same in every image."""
    return fact.entry.directory in {location.path for location in fact.entry.cache.at if "*" in location.path}


def _without_open_name(fact: UseFact) -> str:
    """The directory without a name at its end that the tool chooses, and for which the shell's `*` does as well."""
    directory = fact.entry.directory
    ends = (f"/{location.here or location.below}".rpartition("/~")[2] for location in fact.entry.cache.at)
    for end in ends:
        if end.endswith("/*") and directory.endswith(end):
            return directory.removesuffix("/*")
    return directory


def _refuse_known_directory(fact: UseFact) -> None:
    """A command is asked for the directory where nothing says it. What it says to root is true of root."""
    if not _is_usual(fact):
        raise NotMeantError(f"the cache is in {shown(fact.entry.directory)}")
    user = fact.entry.invocation.command.user
    if fact.run.accounts.number_of(user) != 0:
        raise CannotFixError(f"where {shown(user)} has it depends on what {shown(user)} may write")


def _refuse_unusual_directory(fact: UseFact) -> None:
    directory, run = fact.entry.directory, fact.run
    if UNKNOWN in directory or HOME_OF in directory:
        raise CannotFixError(f"it is not known what {shown(directory)} is")
    if _is_usual(fact):
        raise NotMeantError(f"{directory} is where some images have it, and others do not")
    if not _PLAIN_PATH.fullmatch(_without_open_name(fact)):
        raise CannotFixError(f"{shown(directory)} would need quotes")
    command = fact.entry.invocation.command
    around = (command.environment("HOME") or "", command.directory, run.state.workdir or "")
    if directory.count("/") < 2 or any(is_below(path, directory) for path in around if path):
        raise CannotFixError(f"there is more than the cache in {directory}")
