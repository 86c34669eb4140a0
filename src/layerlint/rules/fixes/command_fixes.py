"""The fix that empties a cache at the end of the RUN that fills it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose
from layerlint.caches.paths import is_below
from layerlint.caches.runs import only_heredoc
from layerlint.edits import appending
from layerlint.edits.appending import Addition, Form, Script
from layerlint.edits.refusal import CannotFixError, NotMeantError, refuse_long
from layerlint.edits.words import replace_words
from layerlint.finding import Edit
from layerlint.rules.facts.cache_facts import UseFact
from layerlint.rules.facts.scene import Scene
from layerlint.rules.fixes.use_refusals import refuse_if_used
from layerlint.rules.templates import fill
from layerlint.shell.word import HOME_OF, UNKNOWN, shown
from layerlint.shell.wrappers import BACKSLASH_PATHS
from layerlint.source.source import decode
from layerlint.startup.lazy_pattern import lazy_pattern

# A path that is one word of a shell and stands for itself.
_PLAIN_PATH = lazy_pattern(r"/[\w./:,=+-]+", re.ASCII)
_PLAIN_PROGRAM = lazy_pattern(r"[\w./+][\w./+-]*", re.ASCII)
# A program's name or path with variables in it, in double quotes or in none, of which each is a group.
_VARIABLE = lazy_pattern(r"\$(?:(\w+)|\{(\w+)\})", re.ASCII)
_WITH_VARIABLES = lazy_pattern(r'(?:[\w./+-]|\$\w+|\$\{\w+\})+|"(?:[\w./+-]|\$\w+|\$\{\w+\})+"', re.ASCII)
# A program that makes another one root's, with switches; and variables, which are for that one only.
_PLAIN_WRAPPER = lazy_pattern(
    r"""([\w./-]+ (?:-[A-Za-z]+ )*)(?:[A-Za-z_]\w*=(?:[\w./:@%+,-]|"[^"`$\\]*"|'[^']*')* )*""", re.ASCII
)
# Behind the name of a shell, what lets it find other programs: it reads its profile, or its script reads some file, or
# sets where they are.
_FINDS_MORE = lazy_pattern(
    r"(?:\s+-\S+)*?\s+(?:-[A-Za-z]*[li]|--login\b)|[\s\S]*[;&|({\"'\n]\s*(?:\.|source)\s|[\s\S]*\bPATH="
)
# Behind a variable, what shows that it is not one of the command's own.
_COMMAND_ENDS = lazy_pattern(rb"[;&|()]|(?<![\\`])\r?\n")
_ERREXIT_OPTION = lazy_pattern(r"-[A-Za-z]*e[A-Za-z]*")


def append_command(template: str, fact: UseFact, values: Mapping[str, str], scene: Scene) -> Edit:
    """The command at the end of the RUN, where it can run and may; `values` are the fact's. Raises `CannotFixError`."""
    command = filled_in(template, fact, values, scene)
    if fact.run.fails:
        raise CannotFixError("the RUN fails")
    wrapper = wrapper_for(fact, scene)
    refuse_if_used(fact, scene)
    completed = _half_done(command, fact, scene)
    if completed is not None:
        return completed
    addition = addition_to(fact.run, wrapper, command, scene)
    span = fact.entry.invocation.span
    if span is not None and addition.there_at >= span.start:
        raise CannotFixError(f"`{wrapper}{command}` is there already")
    return addition.edit


def filled_in(template: str, fact: UseFact, values: Mapping[str, str], scene: Scene) -> str:
    """The command that empties the cache of a fact, whose `values` these are. Raises `CannotFixError`."""
    if "$(" in template:
        _refuse_known_directory(fact)
        asked = template.partition("$(")[2].split()[0]
        if asked != "{program}":
            _refuse_found_only_inside(asked, fact, scene)
    elif "{directory}" in template:
        _refuse_unusual_directory(fact)
    elif fact.directory_option is not None:
        raise CannotFixError(f"{fact.directory_option.name} says where the cache is")
    if "{program}" in template:
        values = {**values, "program": _program(fact, scene)}
    command = fill(template, values)
    refuse_long(command)
    return command


def _refuse_mount_below(command: str, run: Run) -> None:
    """Raises `CannotFixError` where a path that is to go has a mount in it: that is busy, and stays (measured)."""
    paths = [word.removesuffix("/*") for word in command.split() if word.startswith("/")]
    for mount in run.mounts:
        target = (mount.target or "").rstrip("/")
        if any(is_below(target, path) for path in paths if path):
            raise CannotFixError(f"the mount at {shown(target)} is in what would be removed")


def _program(fact: UseFact, scene: Scene) -> str:
    """The program of a command as it is written, if that means the same at the end of the RUN, and else its path."""
    command, run = fact.entry.invocation.command, fact.run
    word = command.words[0]
    _refuse_found_only_inside(word.value, fact, scene)
    if not _PLAIN_PROGRAM.fullmatch(word.value):
        raise CannotFixError("the command does not stand in the file as such")
    if word.span is None or word.shared:
        return word.value
    written = decode(scene.source.data[word.span.start : word.span.end])
    if not _WITH_VARIABLES.fullmatch(written):
        return word.value
    names = [plain or braced for plain, braced in _VARIABLE.findall(written)]
    # What the script sets may be something else by its end, or be gone with the shell that has it.
    brought = run.state.process_environment
    values = {name: variable.value for name in names if (variable := command.variables.get(name)) is not None}
    return written if all(brought.get(name) == values.get(name, "") for name in names) else word.value


def _refuse_found_only_inside(program: str, fact: UseFact, scene: Scene) -> None:
    """Refuses a program where the command may find others than the RUN's shell does: another shell, or its own PATH."""
    command = fact.entry.invocation.command
    first = command.first.span if command.first is not None else None
    if "/" in program or first is None or fact.run.run.exec_form is not None:
        return
    path, named = command.variables.get("PATH"), command.words[0].span or first
    if path is not None and path.place is not None and path.place.end <= named.start:
        between = scene.source.data[path.place.end : named.start]
        if _COMMAND_ENDS.search(between) is None:
            raise CannotFixError(f"{program} may be found only with the PATH that the command gets")
    outer = next((wrapper.span for wrapper in command.wrappers if wrapper.span is not None), None)
    if outer is not None and _FINDS_MORE.match(decode(scene.source.data[outer.end : first.start])):
        raise CannotFixError(f"{program} may be found only by the shell that the RUN starts for it")


def _half_done(command: str, fact: UseFact, scene: Scene) -> Edit | None:
    """The edit that gives a later command the options of `command`, if it is the same one and leaves some of the cache.

    Raises `CannotFixError`.
    """
    _, subcommand, options = (*command.split(maxsplit=2), "", "")[:3]
    emptying = scene.remembered(_emptying, id(fact.run), lambda: _emptying(fact.run)) if options else []
    for index, entry in emptying:
        half = entry.invocation.command
        if index < fact.index or entry.cache is not fact.entry.cache or entry.directory != fact.entry.directory:
            continue
        may = fact.run.accounts.number_of(half.user) == 0 or half.user == fact.entry.invocation.command.user
        _, own, *words = half.words
        is_same = own.value == subcommand and all(word.value[:1] == "-" for word in words)
        if words and is_same and may and half.branch.always:
            return replace_words(words, options, half, scene.source)
    return None


def _emptying(run: Run) -> list[tuple[int, Entry]]:
    """What empties a cache, by its subcommand, with the index of the entry."""
    return [
        (index, entry)
        for index, entry in enumerate(run.entries)
        if entry.purpose is Purpose.EMPTIES and entry.invocation.subcommand is not None
    ]


def addition_to(run: Run, wrapper: str, command: str, scene: Scene, *, in_front: int = 0) -> Addition:
    """The command behind all others of a RUN, with what makes it root's in front. Raises `CannotFixError`.

    `in_front` is how many characters another edit puts in front of the RUN's commands, on the same line.
    """
    remover = scene.removers.get(command.partition(" ")[0])
    takes_paths = remover is not None and remover.expression is None
    if takes_paths:
        _refuse_mount_below(command, run)
    command = wrapper + command
    addition = scene.remembered(
        _addition,
        (id(run), command, in_front),
        lambda: _addition(command, run, scene, takes_paths=takes_paths, in_front=in_front),
    )
    if isinstance(addition, str):
        raise CannotFixError(addition)
    return addition


def _addition(command: str, run: Run, scene: Scene, *, takes_paths: bool, in_front: int) -> Addition | str:
    """The command at the end of a RUN, or why it cannot be there."""
    try:
        script = _script(run, scene.dockerfile.escape)
        return appending.append_command(script, command, scene.source, takes_paths=takes_paths, in_front=in_front)
    except CannotFixError as refusal:
        return str(refusal)


def _script(run: Run, escape: str) -> Script:
    """What the RUN's shell reads, where that is a shell for which it is known how a command is put behind others."""
    instruction = run.run
    if instruction.exec_form is not None:
        shells = {entry.invocation.command.shell for entry in run.entries if not entry.invocation.command.exec_form}
        match instruction.exec_form:
            case [program, option, script] if _name(program.text) in shells:  # it has read its commands in the script
                return Script(script, Form.STRING, escape, _ends_at_failure([option.text]))
        raise CannotFixError("an exec form has no place for another command")
    shell = _name(run.state.shell[0]) if run.state.shell else ""
    if shell in BACKSLASH_PATHS:
        raise CannotFixError(f"{shell} runs the commands")
    body = only_heredoc(instruction)
    if body is not None:
        is_for_shell = not body.data.startswith(b"#!")
        return Script(body, Form.LINES, "\\", is_for_shell and _ends_at_failure(run.state.shell))
    if instruction.heredocs:
        raise CannotFixError("the RUN has a here-document among its commands")
    return Script(instruction.text, Form.JOINED, escape, _ends_at_failure(run.state.shell))


def _ends_at_failure(shell: Sequence[str]) -> bool:
    """Whether one of the words that start a shell has it end at the first command that fails (POSIX.1, sh)."""
    return any(_ERREXIT_OPTION.fullmatch(word) for word in shell)


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")


def wrapper_for(fact: UseFact, scene: Scene) -> str:
    """What has to stand in front of the command, which the RUN's user runs, for it to be able to remove the cache.

    Nothing for root and for who has filled it; else what makes the filling command root's. Raises `CannotFixError`.
    """
    user, accounts, command = fact.run.state.user, fact.run.accounts, fact.entry.invocation.command
    filler = command.user
    is_root = user is not None and accounts.number_of(user) == 0
    # Where nothing says the user, it is root's: but that something becomes root casts a doubt on it.
    if user == filler or (is_root and (user or accounts.number_of(filler) != 0)):
        return ""
    first, program = command.first, command.words[0]
    if command.wrappers and command.wrappers[-1] is first and first.span is not None and program.span is not None:
        written = decode(scene.source.data[first.span.start : program.span.start])
        if accounts.number_of(filler) == 0 and (plain := _PLAIN_WRAPPER.fullmatch(written)):
            return plain[1]
    raise CannotFixError(
        f"{shown(user or '') or 'the user of the image'} may not remove what {shown(filler) or 'root'} writes"
    )


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
    around = (command.environment("HOME"), command.directory, run.state.workdir)
    if directory.count("/") < 2 or any(is_below(path, directory) for path in around if path):
        raise CannotFixError(f"there is more than the cache in {directory}")
