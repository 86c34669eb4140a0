"""Programs that start another program: `sudo`, `env`, `xargs`, `sh -c`, `python -m`. What each does is data.

A wrapper's options are those in front of the command, and read as getopt does.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from layerlint.lazy_pattern import lazy_pattern
from layerlint.mapped_text import MappedText
from layerlint.name_glob import is_glob, matches
from layerlint.quick_dataclass import dataclass
from layerlint.quick_property import cached_property
from layerlint.shell.options import Options, options_in
from layerlint.shell.state import State
from layerlint.shell.word import UNKNOWN, Word, joined, program_name
from layerlint.source import encode

# Shells in which a backslash is part of a path, not an escape character.
BACKSLASH_PATHS = frozenset({"cmd", "powershell", "pwsh"})
_OPERATOR = lazy_pattern(r"[;&|<>()\n]")


class Environment(StrEnum):
    """What the wrapped program gets of the environment."""

    KEPT = "kept"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Wrapper:
    """How to take a program off the front of a command.

    `names` are globs for the program's name; all option names are as written, with their dashes.
    """

    names: tuple[str, ...]
    values: tuple[str, ...] = ()
    """Options whose value is the next word, and of no further interest."""
    subcommands: tuple[str, ...] = ()
    """One of these must be its first words that are no options (`run`, `tool run`); else it wraps nothing."""
    is_command: bool = False
    """Whether it does work of its own too, so that it counts as a command beside the one that it starts."""
    skip: int = 0
    """How many words stand before the command (`timeout 10 ...`)."""
    assignments: bool = False
    """Whether `NAME=value` words before the command set its environment."""
    script: tuple[str, ...] = ()
    """Options whose value is shell text; one may stand behind the words that are skipped, or behind the user."""
    shell: tuple[str, ...] = ()
    """Options whose value is the shell that runs it."""
    starts_shell: bool = False
    """Whether it starts a shell where it is given neither a command nor shell text."""
    starts_shell_with: tuple[str, ...] = ()
    """Options with which it does."""
    last_is_script: bool = False
    """Whether its last word is shell text, unless the command stands behind `--` (`scl enable`)."""
    module: tuple[str, ...] = ()
    """Options whose value is the name of the program, and end the wrapper's options."""
    code: tuple[str, ...] = ()
    """Options whose value is a program in another language: nothing that can be followed."""
    main_file: str = ""
    """The name of the script that stands for the folder it is in (`tool/__main__.py` for `tool`)."""
    standard_input: tuple[str, ...] = ()
    """Words that stand for the script that it reads from its standard input, as no word at all does."""
    is_shell: bool = False
    """Whether shell text that it is given runs in a shell of its name; otherwise it runs in `sh`."""
    slashed: bool = False
    """Whether its options are whole words that may begin with a slash, as on Windows."""
    environment: Environment = Environment.KEPT
    """What the program gets of the environment. Of one that is cleared, PATH stays."""
    keeps_environment: tuple[str, ...] = ()
    """Options with which all of the environment stays or, where they have a value, the variables that this lists."""
    clears_environment: tuple[str, ...] = ()
    """Options with which the environment is cleared all the same."""
    unsets: tuple[str, ...] = ()
    """Options whose value is a variable to take out of the environment."""
    user: tuple[str, ...] = ()
    """Options whose value is the user to become."""
    user_first: bool = False
    """Whether the first word that is no option is the user, unless an option names one."""
    default_user: str = ""
    """Who it becomes when no user is named; empty for no change."""
    sets_home: bool = False
    """Whether HOME becomes the new user's."""
    keeps_home: tuple[str, ...] = ()
    """Options with which HOME stays as it is."""
    sets_home_with: tuple[str, ...] = ()
    """Options with which HOME becomes the new user's all the same."""
    directory: tuple[str, ...] = ()
    """Options whose value is the directory to run in."""
    appends: bool = False
    """Whether it puts arguments of its own behind the command's (`xargs`)."""
    after: tuple[str, ...] = ()
    """Words behind which the command stands (`find -exec`); it ends at `;` or `+`."""

    @cached_property
    def value_options(self) -> frozenset[str]:
        """Every option that takes a value."""
        others = self.module + self.code + self.unsets + self.user + self.directory
        return frozenset(self.values + self.script + self.shell + others)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What is left of a command once a wrapper is taken off: the inner command or shell text, and its state."""

    state: State
    words: tuple[Word, ...] = ()
    script: Word | None = None
    arguments: tuple[Word, ...] = ()
    appends: bool = False
    """Whether the words that it reads are added to the command."""
    keeps_command: bool = False
    """Whether the wrapper itself is a command that counts (`find`)."""
    reads_input: bool = False
    """Whether it is a shell that runs what stands on its standard input."""
    reads_program: bool = False
    """Whether what stands on its standard input is the program that `words` begin with, in another language."""
    is_module: bool = False
    """Whether `words` begin with the name of a module."""
    takes_variables: bool = False
    """Whether `NAME=value` in front of `words` is a variable for them."""
    clears_environment: bool = False
    """Whether what is started does not get the variables that are set."""


@dataclass(frozen=True, slots=True)
class _WrapperOptions(Options):
    """The options of a wrapper, and the program's name where one of them gives it (`python -m`)."""

    module: Word | None = None


class Wrappers:
    """All wrappers, found by name."""

    def __init__(self, wrappers: Sequence[Wrapper]) -> None:
        """Where several match a name, the first that wraps the command counts."""
        self._exact: dict[str, list[Wrapper]] = {}
        self._globs: list[tuple[str, Wrapper]] = []
        for wrapper in wrappers:
            for name in wrapper.names:
                if is_glob(name):
                    self._globs.append((name, wrapper))
                else:
                    self._exact.setdefault(name, []).append(wrapper)

        # The same few names come again and again.
        self.find = lru_cache(maxsize=1024)(self._find)
        self.shell_of = lru_cache(maxsize=64)(self._shell_of)

    def _find(self, name: str) -> tuple[Wrapper, ...]:
        """The wrappers called `name` (without a path)."""
        by_glob = (wrapper for glob, wrapper in self._globs if matches(name, glob))
        return (*self._exact.get(name, ()), *by_glob)

    def _shell_of(self, words: tuple[str, ...]) -> str | None:
        """The shell that `words` (`/bin/sh -c`) have run a script behind them; None if they do more, or something else.

        Most scripts are run by the same few words, which need not be unwrapped each time.
        """
        script = Word(MappedText.unmapped(b"script"), None)
        before = State({}, user="", directory="/", shell="", home_of=str)
        front = (Word(MappedText.unmapped(encode(word)), None) for word in words)
        wrapped = self.unwrap([*front, script], before)
        if wrapped is None or wrapped.script is not script or wrapped.arguments:
            return None
        state = wrapped.state
        is_changed = bool(state.variables) or (state.user, state.directory) != (before.user, before.directory)
        return None if is_changed or state.shell in BACKSLASH_PATHS else state.shell

    def unwrap(self, words: Sequence[Word], state: State) -> Wrapped | None:
        """The command inside `words`; None when the first of them is no wrapper or wraps nothing here."""
        for wrapper in self.find(program_name(words[0].value)):
            wrapped = _unwrap(wrapper, words, state)
            if wrapped is not None:
                return wrapped
        return None


def _unwrap(wrapper: Wrapper, words: Sequence[Word], state: State) -> Wrapped | None:
    arguments = tuple(words[1:])
    if wrapper.after:
        return _after(wrapper, arguments, state)
    options = _read_options(wrapper, arguments)
    if wrapper.subcommands:
        named = _subcommand(wrapper, options.rest)
        if not named:
            return None
        behind = _read_options(wrapper, options.rest[named:])
        options = _WrapperOptions({**options.given, **behind.given}, behind.rest, behind.module)
    if options.any(wrapper.code):
        return None
    inner = state.copy()
    inner.only_exported()
    rest, user = _read_user(wrapper, options)
    _change_user(wrapper, options, user, inner)
    _change_directory(wrapper, options, inner)
    _unset(wrapper, options, inner)
    if inner.user != state.user:
        rest = _expanded_before(rest, state)
    if wrapper.assignments:
        rest = _assign(rest, inner)
    rest = rest[wrapper.skip :]
    clears = _clears_environment(wrapper, options)
    if options.module is not None:
        return Wrapped(inner, (options.module, *rest), is_module=True, clears_environment=clears)
    if wrapper.slashed and (script_words := options.all(wrapper.script)):
        return _run_by_slashed(program_name(words[0].value), script_words, inner)
    script, rest = _script_in(wrapper, options, rest)
    stands_for_input = bool(rest) and rest[0].value in wrapper.standard_input
    from_input = not rest or stands_for_input
    # Where no word stands for what it reads, none can be put behind it.
    read = rest if stands_for_input else (Word(words[0].text, words[0].span, shared=True), *rest)
    reads_input = script is None and (
        (wrapper.is_shell and (from_input or options.any(("-s",))))
        or (not rest and (wrapper.starts_shell or options.any(wrapper.starts_shell_with)))
    )
    if script is not None or reads_input:
        shell = words[0] if wrapper.is_shell else options.last(wrapper.shell)
        inner.shell = program_name(shell.value) if shell is not None else "sh"
        return Wrapped(inner, read if reads_input else (), script, arguments=rest, reads_input=reads_input)
    if wrapper.standard_input and from_input:
        return Wrapped(inner, read, reads_program=True)
    if wrapper.slashed or not rest:
        return None
    # Behind `--` it is the command.
    takes = wrapper.assignments and all(word.value != "--" for word in words[: -len(rest)])
    words = _folder_of_main_file(wrapper, rest)
    return Wrapped(
        inner,
        words,
        appends=wrapper.appends,
        keeps_command=wrapper.is_command,
        takes_variables=takes,
        clears_environment=clears,
    )


def _script_in(
    wrapper: Wrapper, options: _WrapperOptions, rest: tuple[Word, ...]
) -> tuple[Word | None, tuple[Word, ...]]:
    """The script that is given, if one is, and the words that are left of the arguments."""
    if wrapper.last_is_script and rest:
        dashes = next((index for index, word in enumerate(rest) if word.value == "--"), None)
        if dashes is None:
            return rest[-1], rest
        rest = rest[dashes + 1 :]
    if (wrapper.skip or wrapper.user_first) and len(rest) > 1 and rest[0].value in wrapper.script:
        return rest[1], rest[1:]
    return options.last(wrapper.script), rest


def _run_by_slashed(shell: str, words: tuple[Word, ...], state: State) -> Wrapped:
    """What `cmd /C` or `powershell -Command` runs, which is all that stands behind: `words`."""
    state.shell = shell
    if len(words) == 1:
        return Wrapped(state, script=words[0])
    # Without an operator they are a command, whose words can be told apart (and be strings of an exec form).
    if not any(_OPERATOR.search(word.value) for word in words):
        return Wrapped(state, words)
    text = joined(words)
    return Wrapped(state, script=Word(text, text.source_span(0, len(text.data))))


def _subcommand(wrapper: Wrapper, words: Sequence[Word]) -> int:
    """How many words the subcommand is that makes it start a program; 0 if it is another."""
    for subcommand in wrapper.subcommands:
        parts = subcommand.split()
        if [word.value for word in words[: len(parts)]] == parts:
            return len(parts)
    return 0


def _expanded_before(words: tuple[Word, ...], state: State) -> tuple[Word, ...]:
    """The words that somebody else's shell has expanded: who may not look into root's home finds no file in it."""
    private = state.home_of("root")
    if UNKNOWN in state.user or state.home_of(state.user) == private:
        return words
    return tuple(
        Word(word.text, word.span, quoted=word.quoted, shared=word.shared)
        if word.glob is not None and word.glob.startswith(f"{private}/")
        else word
        for word in words
    )


def _change_directory(wrapper: Wrapper, options: _WrapperOptions, state: State) -> None:
    directory = options.last(wrapper.directory)
    if directory is not None:
        state.directory = state.resolve(directory.value)


def _unset(wrapper: Wrapper, options: _WrapperOptions, state: State) -> None:
    for name in wrapper.unsets:
        for value in options.given.get(name, ()):
            if value is not None:
                state.unset(value.value)


def _folder_of_main_file(wrapper: Wrapper, words: tuple[Word, ...]) -> tuple[Word, ...]:
    first = words[0]
    if not wrapper.main_file or not first.value.endswith(f"/{wrapper.main_file}"):
        return words
    folder = first.text.slice(0, len(first.text.data) - len(wrapper.main_file) - 1)
    return (Word(folder, first.span), *words[1:])


def _after(wrapper: Wrapper, arguments: tuple[Word, ...], state: State) -> Wrapped | None:
    for index, word in enumerate(arguments):
        if word.value in wrapper.after:
            inner = arguments[index + 1 :]
            end = next((at for at, word in enumerate(inner) if word.value in {";", "+"}), len(inner))
            state = state.copy()
            state.only_exported()
            return Wrapped(state, inner[:end], keeps_command=True) if end else None
    return None


def _read_options(wrapper: Wrapper, arguments: tuple[Word, ...]) -> _WrapperOptions:
    """The options in front; with a user as first word (`su app -c ...`) also those behind it."""
    given: dict[str, tuple[Word | None, ...]] = {}
    rest: list[Word] = []
    waiting = ""  # a shell takes the first word that is no option for what `-c` is to run
    following = list(reversed(arguments))
    while following:
        word = following.pop()
        value = word.value
        if value == "--":
            break
        if wrapper.slashed and value in wrapper.script:
            # All that follows is the script. What SHELL has there, which is not in the RUN, is left out.
            behind = tuple(reversed(following))
            script = tuple(word for word in behind if word.span is not None) or behind[-1:]
            return _WrapperOptions({**given, value: script})
        if _is_option(wrapper, value):
            found_in = [(value, None)] if wrapper.slashed else options_in(word, wrapper.value_options)
            for name, attached in found_in:
                found = attached
                if wrapper.is_shell and name in wrapper.script and not wrapper.slashed:
                    waiting = name
                    continue
                if found is None and name in wrapper.value_options and following:
                    found = following.pop()
                given[name] = (*given.get(name, ()), found)
                if name in wrapper.module and found is not None:
                    return _WrapperOptions(given, tuple(reversed(following)), found)
            continue
        rest.append(word)
        if not (wrapper.user_first and wrapper.script and len(rest) == 1):
            break
    rest += reversed(following)
    if waiting and rest:
        given[waiting] = (rest.pop(0),)
    return _WrapperOptions(given, tuple(rest))


def _is_option(wrapper: Wrapper, value: str) -> bool:
    if wrapper.slashed:
        return value.startswith(("-", "/"))
    return (value.startswith("-") and value != "-") or (value == "-" and wrapper.user_first)


def _read_user(wrapper: Wrapper, options: _WrapperOptions) -> tuple[tuple[Word, ...], str]:
    named = options.last(wrapper.user)
    if named is not None:
        return options.rest, named.value
    if wrapper.user_first and options.rest:
        return options.rest[1:], options.rest[0].value
    return options.rest, wrapper.default_user


def _change_user(wrapper: Wrapper, options: _WrapperOptions, user: str, state: State) -> None:
    if not user and wrapper.environment is Environment.KEPT and not wrapper.clears_environment:
        return
    if _clears_environment(wrapper, options):
        kept = _listed(options, wrapper.keeps_environment)
        path = state.value("PATH")
        state.only_exported(kept)
        state.assign("PATH", path or UNKNOWN, exported=True)
    if not user:
        return
    state.user = user.partition(":")[0]
    if (wrapper.sets_home and not options.any(wrapper.keeps_home)) or options.any(wrapper.sets_home_with):
        state.assign("HOME", state.home_of(state.user), exported=True)


def _clears_environment(wrapper: Wrapper, options: _WrapperOptions) -> bool:
    # `-E` keeps all of it, `--preserve-env=A,B` only what it lists.
    keeps_all = any(None in options.given.get(name, ()) for name in wrapper.keeps_environment)
    cleared = wrapper.environment is Environment.CLEARED and not keeps_all
    return cleared or options.any(wrapper.clears_environment)


def _listed(options: _WrapperOptions, names: Sequence[str]) -> frozenset[str]:
    values = (value.value for name in names for value in options.given.get(name, ()) if value is not None)
    return frozenset(name for value in values for name in value.split(","))


def _assign(words: tuple[Word, ...], state: State) -> tuple[Word, ...]:
    """Take assignments off the front; what a command prints there is some, if more words follow."""
    for index, word in enumerate(words):
        if word.value.startswith(UNKNOWN) and not word.quoted and index + 1 < len(words):
            continue
        name, equals, value = word.value.partition("=")
        if not equals or not name.isidentifier():
            return words[index:]
        state.assign(name, value, exported=True, place=word.span)
    return ()
