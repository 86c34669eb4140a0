"""Commands that remove files: which paths they name. What each program is like is data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from layerlint.caches.paths import literal
from layerlint.shell.command import Command
from layerlint.shell.options import read_options
from layerlint.shell.paths import absolute
from layerlint.shell.word import Word, program_name
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import encode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_STARS = lazy_pattern(r"(?<!\\)\*\*+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """What a program's words behind its paths choose of all that is below these (`find`), and what becomes of it.

    An option may be listed with one value, as `-type f`. `removes` are those that remove what is chosen, folders only
    when they are empty; `starts` those behind which a program stands that is given what is chosen. With `named` what
    has a name is chosen, with `files` only files, with `folders` only folders, with `shallow` nothing that lies deeper,
    with `pruned` nothing below what is chosen by then; `all` restrict nothing. Any other spares some of it.
    """

    removes: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    shallow: tuple[str, ...] = ()
    pruned: tuple[str, ...] = ()
    all: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remover:
    """A program that removes what its arguments name.

    It removes directories only with one of the options `needs`, and without them nothing or, with `files_without`,
    files. `takes_from` are the programs whose paths it removes when it gets them from a pipeline
    (`find ... | xargs rm`). A program with an `expression` removes what that chooses below its paths. It fails where
    there is nothing that a path names, but with one of the options `allows_nothing_with`, the first of which is what a
    fix writes.
    """

    names: tuple[str, ...]
    needs: tuple[str, ...] = ()
    files_without: bool = False
    takes_from: tuple[str, ...] = ()
    expression: Expression | None = None
    allows_nothing_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """A path that a command removes with all that is in it: an absolute glob, and the word that names it.

    With `by_tool`, a cache that its tool empties itself; the word is the tool's subcommand. With `only_files`, what is
    a directory stays.
    """

    path: str
    word: Word
    command: Command
    by_tool: bool = False
    only_files: bool = False

    @property
    def start(self) -> str:
        """What the word itself names; what is removed may be some of what is below."""
        return _absolute(self.command, self.word)


Removers = Mapping[str, Remover]
"""Removers by the names of their programs."""


def by_name(removers: Iterable[Remover]) -> Removers:
    """Removers by the names of their programs; of two of one name the first counts."""
    named: dict[str, Remover] = {}
    for remover in removers:
        for name in remover.names:
            named.setdefault(name, remover)
    return named


def removed_by(command: Command, removers: Removers) -> tuple[Removed, ...]:
    """What a command removes; nothing if it is no remover."""
    remover = removers.get(command.name)
    if remover is None:
        return ()
    if remover.expression is not None:
        return tuple(Removed(path, word, command) for path, word in _chosen(command, remover.expression, removers))
    options = read_options(command.words[1:], ())
    with_folders = not remover.needs or options.any(remover.needs)
    named = options.rest if with_folders or remover.files_without else ()
    # An empty word names nothing, not the working directory.
    found = [
        Removed(_absolute(command, word), word, command, only_files=not with_folders) for word in named if word.value
    ]
    source = command.reads
    if source is not None and source.name in remover.takes_from and not all(word.known for word in command.words):
        lister = removers.get(source.name)
        if lister is not None and lister.expression is not None:
            chosen = _chosen(source, lister.expression, removers, listed=True, with_folders=with_folders)
            read = [Removed(path, word, command) for path, word in chosen]
            found = [*found, *read] if with_folders or not read else read
    return tuple(found)


def insists(command: Command, remover: Remover) -> bool:
    """Whether a command of `remover` fails where there is nothing that one of its paths names."""
    options = tuple([word.value for word in command.words if word.value.startswith("-")])
    return not _has_one_of(options, remover.allows_nothing_with)


@lru_cache(maxsize=256)  # nearly all are `-rf`
def _has_one_of(words: tuple[str, ...], options: tuple[str, ...]) -> bool:
    read = read_options([Word(MappedText.unmapped(encode(word)), None) for word in words], ())
    return read.any(options)


def _chosen(
    command: Command,
    expression: Expression,
    removers: Removers,
    *,
    listed: bool = False,
    with_folders: bool = False,
) -> Sequence[tuple[str, Word]]:
    """The paths of which a command removes all: as it says itself or, with `listed`, as who reads its output does.

    `with_folders` says that folders go with all that is in them.
    """
    paths, options = _split(command, expression)
    names: list[str] = []
    only_files = only_folders = shallow = False
    removes = listed
    for option, values in options:
        value = values[0].value if values else ""
        if option in expression.starts and not listed:
            remover = removers.get(program_name(value))
            if remover is None:
                return ()
            removes = True
            with_folders = not remover.needs or read_options(values[1:], ()).any(remover.needs)
        elif option in expression.removes and not listed:
            removes = True
        elif option in expression.named:
            names.append(value)
        elif _is_listed(option, value, expression.files):
            only_files = True
        elif _is_listed(option, value, expression.folders):
            only_folders = True
        elif option in expression.shallow or option in expression.pruned:
            shallow |= option in expression.shallow or names in ([], ["*"])
        elif not _is_listed(option, value, expression.all):
            return ()
    if names == ["*"]:
        names = []
    at_top = with_folders and any(
        option in expression.shallow and [word.value for word in values] == ["1"] for option, values in options
    )
    # What goes without its folder must be a file wherever it lies; a folder that goes takes what is below along.
    spares = (
        (shallow and (only_files or (bool(names) and not at_top)))
        if with_folders
        else (shallow or only_folders or bool(names))
    )
    if not removes or spares or len(names) > 1 or (names and only_files):
        return ()
    between = "/" if at_top else "/**/"
    end = f"{between}{names[0]}" if names else ""
    return [(f"{_absolute(command, word)}{end}", word) for word in paths]


def _split(command: Command, expression: Expression) -> tuple[Sequence[Word], Sequence[tuple[str, Sequence[Word]]]]:
    """The paths in front of an expression, and its options, each with the words up to the next."""
    paths: list[Word] = []
    options: list[tuple[str, list[Word]]] = []
    started = False
    for word in command.words[1:]:
        value = word.value
        if started:
            started = value not in {";", "+"}
            options[-1][1].append(word)
        elif value in {"!", ","} or (value.startswith("-") and len(value) > 1):
            if not paths and value in expression.all:
                continue  # `find -L /path`
            options.append((value, []))
            started = value in expression.starts
        elif options:
            options[-1][1].append(word)
        elif value not in {"(", ")", ""}:
            paths.append(word)
    return paths, options


def _is_listed(option: str, value: str, listed: Collection[str]) -> bool:
    """Whether an option is listed, by itself or with one of its values (`-type f,d`)."""
    return option in listed or any(f"{option} {part}" in listed for part in value.split(","))


def _absolute(command: Command, word: Word) -> str:
    if word.glob is None:
        return absolute(literal(word.value), command.directory)
    # Two stars are one, unless bash is told otherwise (its manual, globstar).
    return absolute(_STARS.sub("*", word.glob) if "**" in word.glob else word.glob, command.directory)
