"""Commands that remove files: which paths they name. What each program is like is data."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from layerlint.caches.paths import literal, normalize
from layerlint.quick_dataclass import dataclass
from layerlint.shell.command import Command
from layerlint.shell.word import Word, is_rooted


@dataclass(frozen=True, slots=True, kw_only=True)
class Remover:
    """A program that removes what its arguments name.

    It removes directories only with one of the options `needs` (a letter in a cluster counts), and without them nothing
    or, with `files_without`, files; with one of `unless` it spares some of them. `until_option` is for programs whose
    paths come before their first option (`find`); with one of the options `named` they remove what has that name
    anywhere below. `takes_from` are the programs whose paths it removes when it gets them from a pipeline
    (`find ... | xargs rm`). It fails where there is nothing that a path names, but with one of the options
    `allows_nothing_with`, the first of which is what a fix writes.
    """

    names: tuple[str, ...]
    needs: tuple[str, ...] = ()
    files_without: bool = False
    unless: tuple[str, ...] = ()
    until_option: bool = False
    named: tuple[str, ...] = ()
    takes_from: tuple[str, ...] = ()
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
    found = [Removed(path, word, command) for path, word in _paths(command, remover, remover.needs)]
    found += _from_pipeline(command, remover, removers)
    if not found and remover.files_without:
        paths = _paths(command, remover)
        found = [Removed(path, word, command, only_files=True) for path, word in paths]
    return tuple(found)


def insists(command: Command, remover: Remover) -> bool:
    """Whether a command of `remover` fails where there is nothing that one of its paths names."""
    options = {word.value for word in command.words[1:] if word.value.startswith("-")}
    letters = {f"-{letter}" for option in options if not option.startswith("--") for letter in option[1:]}
    return (options | letters).isdisjoint(remover.allows_nothing_with)


def _from_pipeline(command: Command, remover: Remover, removers: Removers) -> tuple[Removed, ...]:
    source = command.reads
    if source is None or source.name not in remover.takes_from or all(word.known for word in command.words):
        return ()
    lister = removers.get(source.name)
    if lister is None:
        return ()
    return tuple(Removed(path, word, command) for path, word in _paths(source, lister))


def _paths(command: Command, remover: Remover, needs: Sequence[str] = ()) -> Sequence[tuple[str, Word]]:
    """The paths that a command names, where it has one of the options `needs` if there are any."""
    options: set[str] = set()
    paths: list[Word] = []
    names: list[str] = []
    words = command.words[1:]
    for index, word in enumerate(words):
        value = word.value
        if value == "--" and not remover.until_option:
            paths.extend(words[index + 1 :])
            break
        if value.startswith("-") and len(value) > 1:
            options.add(value)
            if not value.startswith("--"):
                options.update(f"-{letter}" for letter in value[1:])
            if remover.until_option:
                options.update(word.value for word in words[index:])
                names = [
                    after.value for before, after in itertools.pairwise(words[index:]) if before.value in remover.named
                ]
                break
        else:
            paths.append(word)
    if (needs and options.isdisjoint(needs)) or not options.isdisjoint(remover.unless):
        return ()
    if names:
        return [(f"{_absolute(command, word)}/**/{name}", word) for word in paths for name in names[:1]]
    return [(_absolute(command, word), word) for word in paths]


def _absolute(command: Command, word: Word) -> str:
    path = word.glob if word.glob is not None else literal(word.value)
    if not is_rooted(path):
        path = f"{command.directory}/{path}"
    return normalize(path)
