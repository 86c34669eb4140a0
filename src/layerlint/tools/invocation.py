"""A command read as the tool's own option parser reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from layerlint.globs.name_glob import matches_any
from layerlint.shell.command import Command
from layerlint.shell.word import UNKNOWN, Word, shown
from layerlint.source.source import Span
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.option_variable import OptionVariable
from layerlint.tools.tool import Tool
from layerlint.tools.use import AnyUse, Use
from layerlint.versions import NEWEST, in_range


@dataclass(frozen=True, slots=True)
class Option:
    """An option on a command line: its full name, its value (None for a switch) and the word it stands in."""

    name: str
    value: str | None
    word: Word


@dataclass(frozen=True)
class Invocation:
    """A tool called by a command.

    `subcommand` is the first word that is no option and no option's value, None if there is none; where that names a
    group, the word behind it. `name` is its full name, the group's in front (`cache clean`), empty if there is none; of
    a program that has no subcommands, its own name.
    `options` and `arguments` are in the order of the line. `version` is the tool's, empty where it is not known.
    """

    tool: Tool
    command: Command
    name: str
    subcommand: Word | None
    options: tuple[Option, ...]
    arguments: tuple[Word, ...]
    version: str = ""

    @cached_property
    def span(self) -> Span | None:
        """From the tool's name to the subcommand, as written; what can be had of it, None if nothing is in the file."""
        words = (self.command.words[0], self.subcommand)
        spans = [span for word in words if word is not None and (span := word.span) is not None]
        if not spans:
            return self.command.span
        return Span(spans[0].start, max(span.end for span in spans))

    @property
    def title(self) -> str:
        """The tool and its subcommand, for a message. A tool of several names is called by the one that is used."""
        if self.is_without_subcommand:
            return f"python -m {self.name}" if self.command.is_module else self.name
        program = self.command.name if self.command.name in self.tool.names else self.tool.tool
        more = [shown(word.value) for word in self.arguments] if self.tool.several_subcommands else []
        return " ".join([program, self.name, *more]).rstrip()

    @property
    def last_name(self) -> Word | None:
        """The word behind which its options can stand: the subcommand, or the program that has none."""
        return self.command.words[0] if self.is_without_subcommand else self.subcommand

    @property
    def is_without_subcommand(self) -> bool:
        """Whether it is called by a program that has no subcommands."""
        return self.subcommand is None and self.name != ""

    @property
    def known_options(self) -> Mapping[str, bool]:
        """The full names of the options that the tool knows here, and whether each takes a value."""
        return self.tool.option_table(self.name)

    def last(self, names: Container[str]) -> Option | None:
        """The last option on the line that has one of these names."""
        for option in reversed(self.options):
            if option.name in names:
                return option
        return None

    def is_any(self, uses: Sequence[Use]) -> bool:
        """Whether the tool is called in one of these ways."""
        for use in uses:  # noqa: SIM110 (there is hardly ever one, and an `any` takes longer to set up)
            if self.is_use(use):
                return True
        return False

    def uses(self, uses: Iterable[AnyUse]) -> list[AnyUse]:
        """Those of some ways of calling the tool in which it is called."""
        return list(filter(self.is_use, uses))

    def is_use(self, use: Use) -> bool:
        """Whether the tool is called in this way."""
        if use.subcommand and self.name not in use.subcommand:
            return False
        if use.program and self.command.name not in use.program and not matches_any(self.command.name, use.program):
            return False
        if use.version and not in_range(self.version or NEWEST, use.version):
            return False
        if (use.input_from or use.except_input) and not self._has_input_of(use):
            return False
        if use.needs_argument_or and not self.arguments and self._given.isdisjoint(use.needs_argument_or):
            return False
        if use.no_arguments and self.arguments:
            return False
        if use.first_argument and not (
            self.arguments and matches_any(shown(self.arguments[0].value), use.first_argument)
        ):
            return False
        if use.any_argument:
            values = [option.value for option in self.options if option.name in use.values_of]
            words = [word.value for word in self.arguments] + [value for value in values if value is not None]
            words = [shown(word) for word in words]  # what a command prints is not what it is called with
            if not any(
                matches_any(word, use.any_argument) and not matches_any(word, use.except_argument) for word in words
            ):
                return False
        if use.arguments and use.arguments != tuple(map(_certain, self.arguments[: len(use.arguments)])):
            return False
        if use.with_option and self._given.isdisjoint(use.with_option):
            return False
        return not use.without_option or self._given.isdisjoint(use.without_option)

    def _has_input_of(self, use: Use) -> bool:
        source = self.command.reads
        if use.input_from and (source is None or source.name not in use.input_from):
            return False
        return source is None or not any(matches_any(word.value, use.except_input) for word in source.words)

    @cached_property
    def _given(self) -> frozenset[str]:
        """The options: their names, `name=value` for one with a value, `name*2` for what is there twice."""
        if not (self.options or self.tool.given_by):
            return _NOTHING
        names = [option.name for option in self.options]
        given = {*names, *[f"{option.name}={option.value}" for option in self.options if option.value is not None]}
        if len(set(names)) < len(names):
            given.update(f"{name}*{count}" for name, count in Counter(names).items() if count > 1)
        if self.tool.given_by:
            given.update(name for name, variable in self.tool.given_by.items() if self._is_given(variable))
        return frozenset(given)

    def _is_given(self, variable: OptionVariable) -> bool:
        value = (self.environment(variable.environment) or "").lower()
        return value in variable.values if variable.values is not None else value != ""

    @cached_property
    def refused(self) -> Word | None:
        """The first word at which the tool stops because it does not understand it."""
        if self.tool.refuses_unknown_options:
            known = self.known_options
            for option in self.options:
                if option.name not in known and option.word.known:
                    return option.word
        for word in self.arguments if self.tool.refuses_arguments else ():
            if word.known and matches_any(word.value, self.tool.refuses_arguments):
                return word
        return None

    @property
    def works(self) -> bool:
        """Whether the tool does anything but print (`--help`)."""
        last = self.last(self.tool.no_work)
        # `tool --version` prints, `tool add a --version 1` does not.
        return last is None or (last.value is not None and self.known_options.get(last.name, False))

    def environment(self, name: str) -> str | None:
        """A variable that the tool reads, None when it is not set or the tool is told to ignore its variables."""
        if self.ignores_environment and name != "HOME":
            return None
        return self.command.environment(name)

    @cached_property
    def ignores_environment(self) -> bool:
        """Whether the tool is told to ignore its variables."""
        return self.last(self.tool.ignores_environment) is not None


_NOTHING: frozenset[str] = frozenset()


def _certain(word: Word) -> str:
    """An argument as the tool gets it; a pattern stands for names of files that are not known."""
    return word.value if word.glob is None else UNKNOWN


def read_invocation(tool: Tool, command: Command, version: str = "") -> Invocation:
    """The command as a call of `tool`, whose name it has, and which is of this version, if that is known."""
    reader = _Reader(tool, command.name)
    reader.read(command.words[1:])
    options, arguments = tuple(reader.options), tuple(reader.arguments)
    return Invocation(tool, command, reader.name, reader.subcommand, options, arguments, version)


class _Reader:
    """Goes once over the words of a command line."""

    def __init__(self, tool: Tool, program: str) -> None:
        self._tool = tool
        self._is_without_subcommand = matches_any(program, tool.without_subcommand)
        self.name = program if self._is_without_subcommand else ""
        self._options = tool.option_table(self.name)
        # Whether the next word that is no option is the first of what the tool hands on.
        self._hands_on = program in tool.passes_on
        self.subcommand: Word | None = None
        self.options: list[Option] = []
        self.arguments: list[Word] = []

    def read(self, words: Sequence[Word]) -> None:
        """Fill in what the words say."""
        self._read(words)
        for option in self.options if self._tool.subcommand_options else ():
            if self.subcommand is None and option.name in self._tool.subcommand_options:
                self.name, self.subcommand = option.name, option.word

    def _read(self, words: Sequence[Word]) -> None:
        following = iter(words)
        for word in following:
            value = word.value
            if value.startswith("-") and len(value) > 1:
                if value == "--" and (self.subcommand is not None or self._hands_on):
                    self.arguments.extend(following)
                elif value.startswith("--") or self._tool.single_dash:
                    self._long(word, following)
                else:
                    self._short(word, following)
            elif self._hands_on:
                self.arguments.extend((word, *following))
            elif self._tool.subcommand_options or self._is_without_subcommand:
                self.arguments.append(word)
            elif self.subcommand is None or self.name in self._tool.groups:
                self._subcommand(word)
            else:
                self.arguments.append(word)

    def _subcommand(self, word: Word) -> None:
        value = word.value
        if not self.name and matches_any(value, self._tool.before_subcommand):
            return
        self.name = f"{self.name} {value}".lstrip()
        self.subcommand = word
        self._options = self._tool.option_table(self.name)
        self._hands_on = self.name in self._tool.passes_on

    def _long(self, word: Word, following: Iterator[Word]) -> None:
        written, equals, attached = word.value.partition("=")
        name = self._full_name(written)
        if equals:
            self.options.append(Option(name, attached, word))
        elif self._options.get(name):
            self._with_next(name, word, following)
        else:
            self.options.append(Option(name, None, word))

    def _short(self, word: Word, following: Iterator[Word]) -> None:
        value = word.value
        if value in self._options and len(value) > 2:  # an option of one dash and a long name
            if self._options[value]:
                self._with_next(value, word, following)
            else:
                self.options.append(Option(value, None, word))
            return
        for index, letter in enumerate(value[1:], start=2):
            name = f"-{letter}"
            if self._options.get(name):
                if index < len(value):
                    self.options.append(Option(name, value[index:].removeprefix("="), word))
                else:
                    self._with_next(name, word, following)
                return
            self.options.append(Option(name, None, word))

    def _with_next(self, name: str, word: Word, following: Iterator[Word]) -> None:
        value = next(following, None)
        self.options.append(Option(name, value.value if value is not None else None, word))

    def _full_name(self, written: str) -> str:
        if written in self._options or not self._tool.abbreviated:
            return written
        matching = [name for name in self._options if name.startswith(written)]
        return matching[0] if len(matching) == 1 else written
