"""The files of a rule set: found, and read once, so that what is compiled is what was read."""

# pathlib costs more here than reading the files.
# ruff: noqa: PTH112

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from layerlint.errors import Mistake, UserError
from layerlint.startup.quick_dataclass import dataclass
from layerlint.system.reading import UnreadableError, cause, read_bytes

PACKAGE_PREFIX = "package:"
"""In front of the name under which an installed package offers rules, where a path could stand too."""

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file: its path with forward slashes, and its bytes."""

    path: str
    data: bytes


def read_rule_files(paths: Iterable[Path], mistakes: list[Mistake]) -> list[RuleFile]:
    """The files at `paths`: files, or folders with `*.yaml` and `*.yml` files in them, each sorted by name, each once.

    `package:NAME` is the folder that an installed package offers. What cannot be read is added to `mistakes`.
    """
    found: dict[str, str] = {}  # by where it is: the configuration and the command line may name one in two ways
    for path in _resolved(map(str, paths), mistakes):
        real = os.path.realpath(path)
        try:
            below = [*_below(path)] if os.path.isdir(path) else [path]
        except OSError as error:
            mistakes.append(Mistake("the folder of rules cannot be read", cause(error), path=error.filename or path))
            continue
        for each in below:
            found.setdefault(real + each[len(path) :], each)
        if not below:
            what = 'a rule file is called *.yaml or *.yml, and a rule begins with "id:"'
            step, shown = "check the path given for rules", path.replace(os.sep, "/")
            mistakes.append(Mistake("there is no rule file in this folder", what, step, shown))
    files: list[RuleFile] = []
    for path in found.values():
        shown = path.replace(os.sep, "/")
        try:
            files.append(RuleFile(shown, read_bytes(path)))
        except UnreadableError as error:
            title = "the rule file cannot be read" if os.path.lexists(path) else "rules not found"
            mistakes.append(Mistake(title, str(error), "check the path given for rules", shown))
    return files


def _resolved(paths: Iterable[str], mistakes: list[Mistake]) -> Iterator[str]:
    """The paths, with folders in the place of names of packages."""
    for path in paths:
        if not path.startswith(PACKAGE_PREFIX):
            yield path
            continue
        from layerlint.rules.files.packages import package_folder  # hardly a run asks for any

        try:
            yield str(package_folder(path.removeprefix(PACKAGE_PREFIX)))
        except UserError as error:
            mistakes.extend(error.mistakes)


def _below(folder: str) -> Iterator[str]:
    """The rule files in a folder and in those in it. Links to folders are not followed."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
        elif entry.name.endswith(_SUFFIXES) and entry.is_file():
            yield entry.path
