"""A command that a RUN runs: what a program gets when it is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from layerlint.shell.state import Variable
from layerlint.shell.word import Word
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Span
from layerlint.startup.quick_dataclass import dataclass

RUN_ENVIRONMENT = "\0"
"""A variable that a RUN starts with and no script can name: who has it has got the RUN's environment."""


@dataclass(frozen=True, slots=True)
class Redirection:
    """Where a command's output goes or its input comes from.

    `operator` is `>`, `>>`, `<`, `<<` ...; `target` the file, None for a here-document, whose text (tabs taken off,
    variables not expanded) is in `document`.
    """

    operator: str
    target: Word | None
    document: MappedText | None = None

    @property
    def is_input(self) -> bool:
        """Whether it says what a command reads."""
        return self.operator.startswith("<")

    @property
    def appending(self) -> Redirection:
        """The same for a command that writes to the file behind another one."""
        operator = _APPENDING.get(self.operator)
        return self if operator is None else replace(self, operator=operator)


_APPENDING = {">": ">>", ">|": ">>", "&>": "&>>"}


class Condition(NamedTuple):
    """Why a command may run or not: one of several `ways` that a script can go, of a fork of this number.

    `asks` is a path when the way is gone if that is there.
    """

    fork: int
    way: int = 0
    ways: int = 2
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """The conditions under which a command runs, from the outermost in. Empty: it always runs."""

    conditions: tuple[Condition, ...] = ()

    def implies(self, other: Branch) -> bool:
        """Whether everything that runs on this branch runs together with what runs on `other`."""
        return self.conditions[: len(other.conditions)] == other.conditions

    @property
    def always(self) -> bool:
        """Whether a build that makes the layer has certainly run it."""
        return not self.conditions


@dataclass(frozen=True, slots=True)
class Command:
    """One program started, in the order of the script.

    `words` are the name and the arguments, wrappers (`sudo`, `env`) taken off; `name` is the program's name without its
    path. `variables` are the shell's variables at that point, with the assignments in front of the command. In all of
    these, and in `user` and `directory`, `UNKNOWN` stands for what is not known.

    `exec_form` says that each word is a string of a JSON array. `shell` is the name of the shell around it, `reads` the
    command of a pipeline whose output it gets. `first` is the word that the simple command begins with in the script,
    wrappers included and assignments not; None for a command that no shell has read. `wrappers` are the names of the
    programs that were taken off, from the outermost in, and `is_module` says that the last runs it as a module.
    `variables_before` is the word in front of which `NAME=value` is a variable that the program gets, None where there
    is no such place.
    """

    words: tuple[Word, ...]
    name: str
    variables: Mapping[str, Variable]
    user: str
    directory: str
    branch: Branch
    redirections: tuple[Redirection, ...] = ()
    exec_form: bool = False
    shell: str = "sh"
    reads: Command | None = None
    first: Word | None = None
    wrappers: tuple[Word, ...] = ()
    is_module: bool = False
    variables_before: Word | None = None

    @property
    def span(self) -> Span | None:
        """From the first word to the last as written, None when the command is nowhere in the file."""
        spans = [span for word in self.words if (span := word.span) is not None]
        return Span(spans[0].start, max(spans[0].end, spans[-1].end)) if spans else None

    @property
    def has_environment(self) -> bool:
        """Whether the program gets what the RUN sets in its environment: `sudo` starts it with another one."""
        return self.environment(RUN_ENVIRONMENT) is not None

    def environment(self, name: str) -> str | None:
        """The value of an environment variable of the program, None when it is not set."""
        variable = self.variables.get(name)
        return variable.value if variable is not None and variable.exported else None
