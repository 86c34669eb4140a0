"""Programs that start another program: `sudo`, `env`, `xargs`, `sh -c`, `python -m`. What each does is data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from layerlint.globs.name_glob import is_glob, matches
from layerlint.shell.state import State
from layerlint.shell.word import UNKNOWN, Word, joined, program_name
from layerlint.shell.wrapper import Environment, Wrapper
from layerlint.shell.wrapper_options import WrapperOptions, read_wrapper_options
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import encode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

# Shells in which a backslash is part of a path, not an escape character.
BACKSLASH_PATHS = frozenset({"cmd", "powershell", "pwsh"})
_OPERATOR = lazy_pattern(r"[;&|<>()\n]")


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
        is_changed = (
            bool(state.variables)
            or (state.user, state.directory) != (before.user, before.directory)
            or (state.export_all or state.no_patterns)
        )
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
    options = read_wrapper_options(wrapper, arguments)
    if wrapper.subcommands:
        named = _subcommand(wrapper, options.rest)
        if not named:
            return None
        behind = read_wrapper_options(wrapper, options.rest[named:])
        options = WrapperOptions({**options.given, **behind.given}, behind.rest, behind.module)
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
        _start_shell(wrapper, words[0], options, inner)
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


def _start_shell(wrapper: Wrapper, program: Word, options: WrapperOptions, state: State) -> None:
    """Make the state that of a shell, which is told on its command line what `set` would tell it (POSIX.1, sh)."""
    shell = program if wrapper.is_shell else options.last(wrapper.shell)
    state.shell = program_name(shell.value) if shell is not None else "sh"
    if not wrapper.is_shell:
        return
    for option, values in options.given.items():
        for name in (option[1:], *(value.value for value in values if option == "-o" and value is not None)):
            state.set_option(name, on=True)


def _script_in(
    wrapper: Wrapper, options: WrapperOptions, rest: tuple[Word, ...]
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
        word.without_pattern() if word.glob is not None and word.glob.startswith(f"{private}/") else word
        for word in words
    )


def _change_directory(wrapper: Wrapper, options: WrapperOptions, state: State) -> None:
    if options.any(wrapper.goes_home_with):
        state.directory = state.value("HOME") or UNKNOWN
    directory = options.last(wrapper.directory)
    if directory is not None:
        state.directory = state.resolve(directory.value)


def _unset(wrapper: Wrapper, options: WrapperOptions, state: State) -> None:
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


def _read_user(wrapper: Wrapper, options: WrapperOptions) -> tuple[tuple[Word, ...], str]:
    named = options.last(wrapper.user)
    if named is not None:
        return options.rest, named.value
    if wrapper.user_first and options.rest:
        return options.rest[1:], options.rest[0].value
    return options.rest, wrapper.default_user


def _change_user(wrapper: Wrapper, options: WrapperOptions, user: str, state: State) -> None:
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


def _clears_environment(wrapper: Wrapper, options: WrapperOptions) -> bool:
    # `-E` keeps all of it, `--preserve-env=A,B` only what it lists.
    keeps_all = any(None in options.given.get(name, ()) for name in wrapper.keeps_environment)
    cleared = wrapper.environment is Environment.CLEARED and not keeps_all
    return cleared or options.any(wrapper.clears_environment)


def _listed(options: WrapperOptions, names: Sequence[str]) -> frozenset[str]:
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
