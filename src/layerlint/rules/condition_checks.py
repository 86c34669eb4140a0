"""What must hold of a rule's conditions beyond the shape of their keys, and of what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from layerlint.dockerfile.keywords import KEYWORDS
from layerlint.errors import Mistake
from layerlint.positions import Location, Lookup
from layerlint.rules.conditions import (
    CommandCondition,
    Condition,
    FileCondition,
    InstructionCondition,
    Match,
    MountCondition,
    Text,
)
from layerlint.rules.model import FixTemplate, Place, When
from layerlint.rules.regular_expression import regular_expression
from layerlint.rules.regular_expression_steps import EndlessExpressionError, RegularExpressionError
from layerlint.validation import nearest
from layerlint.versions import VersionRangeError, version_bounds
from layerlint.yaml_model import kebab_case

_MOUNT_TYPES = ("bind", "cache", "secret", "ssh", "tmpfs")
_OF_CACHES = ("command", "setting", "mount", "missed-mount", "variable", "option", "removal", "copy")
_OF_STAGE = ("base", "stage-name")
_OF_INSTRUCTION = ("keyword", "value", "flag", "instruction")
# The places of each part, those of what it is in included.
_PLACES: Mapping[str | None, tuple[str, ...]] = {
    None: _OF_CACHES,
    "command": ("command", "option", "argument", "wrapper", "mount", *_OF_INSTRUCTION, *_OF_STAGE),
    "mount": ("mount", "command", "option", "argument", "wrapper", *_OF_INSTRUCTION, *_OF_STAGE),
    "instruction": (*_OF_INSTRUCTION, "mount", "command", "option", "argument", "wrapper", *_OF_STAGE),
    "stage": (*_OF_STAGE, *_OF_INSTRUCTION, "mount", "command", "option", "argument", "wrapper"),
    "file": (*_OF_INSTRUCTION, "mount", "command", "option", "argument", "wrapper"),
}
# Places that are only there if the condition asks for them, and what asks.
_ASKED: Mapping[str, tuple[str, str]] = {
    "option": ("command", "option"),
    "argument": ("command", "argument"),
    "wrapper": ("command", "wrapper"),
    "flag": ("instruction", "flag"),
}

_REMOVABLE = ("instruction", "option", "mount")
_REMOVABLE_OF_CACHES = ("command", "setting", "mount")


class ConditionChecks:
    """Makes mistakes about one file of rules."""

    def __init__(self, lookup: Lookup, path: str) -> None:
        self._lookup = lookup
        self._path = path

    def mistake(self, location: Location, title: str, cause: str, step: str = "", *, key: bool = False) -> Mistake:
        """A mistake at the value at `location`, or at its key."""
        line, column = self._lookup(location, key=key)
        return Mistake(title, cause, step, self._path, line, column)

    def unknown(self, location: Location, title: str, word: str, known: Sequence[str]) -> Mistake:
        """A mistake about a word that is none of those that are known."""
        near = nearest(word, known)
        return self.mistake(
            location,
            title,
            f"known: {', '.join(known)}" if known else "there is none",
            f'did you mean "{near}"?' if near else "",
        )

    def check(self, when: When, location: Location) -> Iterator[Mistake]:
        """What is wrong with a condition."""
        spoken_of = [bool(when.is_of_use), bool(when.removal), bool(when.suppression), when.subject is not None]
        if not any(spoken_of) or (when.subject is not None and _is_empty(when)):
            cause = (
                'it must say of what it speaks: "command", "mount", "instruction", "stage" or "file", with something '
                'that is asked of it; or "cache", "variable", "option", "unknown-option", "removal" or "suppression"'
            )
            yield self.mistake(location, "the rule would report everything", cause)
        elif sum(spoken_of) > 1:
            cause = "a use of a cache, a removal and a suppression are never the same thing"
            yield self.mistake(location, "the rule would never report anything", cause, "make cases of it")
        yield from self.version(when.version, (*location, "version"))
        yield from self._parts(when, location)

    def _parts(self, asked: Any, location: Location) -> Iterator[Mistake]:
        """What is wrong with all that is asked in a condition, and in those in it."""
        for field in fields(asked):
            value, place = getattr(asked, field.name), (*location, kebab_case(field.name))
            if isinstance(value, Match):
                yield from self._match(value, place)
            elif isinstance(value, tuple) and value and is_dataclass(value[0]):
                for index, item in enumerate(value):
                    yield from self._inner(item, (*place, index), field.name)
            elif is_dataclass(value):
                yield from self._inner(value, place, field.name)
            for kind, name, check in _WORDS:
                if isinstance(asked, kind) and field.name == name:
                    yield from check(self, value, place)
        if isinstance(asked, CommandCondition) and asked.subcommand is not None and asked.tool is None:
            cause, step = (
                "only the description of a tool says which word is its subcommand",
                'name the "tool", or ask for an "argument"',
            )
            yield self.mistake((*location, "subcommand"), '"subcommand" without "tool"', cause, step, key=True)

    def _inner(self, asked: Any, location: Location, name: str) -> Iterator[Mistake]:
        if isinstance(asked, Condition) and _is_empty(asked):
            cause = "a condition without keys always holds"
            yield self.mistake(location, f'"{kebab_case(name)}" asks nothing', cause)
        yield from self._parts(asked, location)

    def _match(self, match: Match, location: Location) -> Iterator[Mistake]:
        if not match.glob and match.regex is None and match.version is None and match.not_ is None:
            cause = 'name one of "glob", "regex", "version" and "not"'
            yield self.mistake(location, f'"{location[-1]}" is compared with nothing', cause)
        if match.regex is not None:
            try:
                regular_expression(match.regex)
            except EndlessExpressionError as error:
                title, step = "this regular expression could take forever", 'do without, or with "not" beside it'
                yield self.mistake((*location, "regex"), title, str(error), step)
            except RegularExpressionError as error:
                yield self.mistake((*location, "regex"), "this regular expression cannot be used", str(error))
        yield from self.version(match.version, (*location, "version"))
        if isinstance(match.not_, Match):
            yield from self._match(match.not_, (*location, "not"))

    def version(self, bounds: str | None, location: Location) -> Iterator[Mistake]:
        """Of a range of versions."""
        if bounds is None:
            return
        try:
            version_bounds(bounds)
        except VersionRangeError as error:
            yield self.mistake(location, f'"{bounds}" is no range of versions', str(error))

    def keywords(self, text: Text | None, location: Location) -> Iterator[Mistake]:
        """Of an instruction's keyword."""
        for place, word in _words(text, location):
            if word not in KEYWORDS:
                yield self.unknown(place, f'no instruction is called "{word}"', word, sorted(KEYWORDS))

    def mount_types(self, text: Text | None, location: Location) -> Iterator[Mistake]:
        """Of the type of a mount."""
        for place, word in _words(text, location):
            if word not in _MOUNT_TYPES:
                yield self.unknown(place, f'no mount is of the type "{word}"', word, _MOUNT_TYPES)

    def options(self, text: Text | None, location: Location) -> Iterator[Mistake]:
        """Of an option or a flag."""
        for place, word in _words(text, location):
            if not word.startswith("-"):
                dashes = "-" if len(word) == 1 else "--"
                title = f'"{word}" cannot be {"a flag" if location[-1] == "flag" else "an option"}'
                yield self.mistake(place, title, "it begins with a dash", f'write "{dashes}{word}"')

    def counts(self, text: Text | None, location: Location) -> Iterator[Mistake]:
        """Of a number of things."""
        for place, word in _words(text, location):
            if not (word.isascii() and word.isdigit()):
                cause = 'it is compared as text, and with bounds as {version: ">1"}'
                yield self.mistake(place, f'"{word}" is no number of things', cause)

    def place(self, place: Place | None, when: When, location: Location) -> Iterator[Mistake]:
        """What is wrong with a place, for what a condition speaks of."""
        if place is None or when.suppression is not None:
            return
        known = _PLACES[when.subject]
        if place not in known:
            what = f"a {when.subject}" if when.subject is not None else "a cache"
            near = nearest(place, known)
            cause = f"places of {what}: {', '.join(known)}"
            yield self.mistake(
                location, f'{what} has no place "{place}"', cause, f'did you mean "{near}"?' if near else ""
            )
        elif when.subject is not None and place in _ASKED:
            part, name = _ASKED[place]
            asked = getattr(when, part)
            if asked is None or getattr(asked, name) is None:
                cause = f'"when" does not say which {place} is meant'
                yield self.mistake(location, f"no {place} is asked for", cause, f'name "{name}" in "{part}"')

    def _removal(self, place: Place, when: When, location: Location) -> Iterator[Mistake]:
        """What is wrong with a place that is to be taken out."""
        mistakes = list(self.place(place, when, location))
        yield from mistakes
        removable = _REMOVABLE_OF_CACHES if when.subject is None else _REMOVABLE
        if not mistakes and place not in removable:
            cause = f"what can be: {', '.join(removable)}"
            yield self.mistake(location, f'"{place}" cannot be taken out', cause)

    def fix(self, fix: FixTemplate, when: When, location: Location) -> Iterator[Mistake]:
        """Whether a fix can do what it says with what the condition speaks of."""
        yield from self.version(fix.version, (*location, "version"))
        if fix.version is not None and not when.is_of_use:
            cause = "only of what uses a cache a version is known"
            yield self.mistake((*location, "version"), '"version" needs a use of a cache', cause, key=True)
        if fix.replace is not None:
            yield from self.place(fix.replace.place, when, (*location, "replace", "place"))
        if fix.remove is not None:
            yield from self._removal(fix.remove, when, (*location, "remove"))
        for name in ("add_mount", "own_mount", "set_environment", "complete_with"):
            if getattr(fix, name) and when.subject is not None:
                key = kebab_case(name)
                cause = 'the rule does not speak of one; it can "replace", "remove", "insert-option", "insert-variable"'
                yield self.mistake((*location, key), f'"{key}" needs a cache', cause, key=True)
        for name in ("insert_option", "insert_variable"):
            has_command = when.subject is None or when.subject == "command" or when.command is not None
            if getattr(fix, name) and not has_command:
                key = kebab_case(name)
                article = "an" if str(when.subject)[:1] in "aeiou" else "a"
                cause = f"the rule speaks of {article} {when.subject}"
                yield self.mistake((*location, key), f'"{key}" needs a command', cause, key=True)


_WORDS: tuple[tuple[type, str, Callable[[ConditionChecks, Text | None, Location], Iterator[Mistake]]], ...] = (
    (InstructionCondition, "keyword", ConditionChecks.keywords),
    (InstructionCondition, "flag", ConditionChecks.options),
    (InstructionCondition, "count", ConditionChecks.counts),
    (FileCondition, "stages", ConditionChecks.counts),
    (CommandCondition, "option", ConditionChecks.options),
    (MountCondition, "type", ConditionChecks.mount_types),
)


def tools_asked_for(asked: Any, location: Location) -> Iterator[tuple[Location, str]]:
    """The names of tools in a condition, each with its place."""
    for field in fields(asked):
        value, place = getattr(asked, field.name), (*location, kebab_case(field.name))
        if field.name == "tool":
            yield from _words(value, place)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Condition):
                    yield from tools_asked_for(item, (*place, index))
        elif isinstance(value, Condition | CommandCondition):
            yield from tools_asked_for(value, place)


def _words(text: Text | None, location: Location) -> Iterator[tuple[Location, str]]:
    """The texts that something must be equal to, each with its place."""
    if isinstance(text, str):
        yield location, text
    elif isinstance(text, tuple):
        yield from (((*location, index), word) for index, word in enumerate(text))
    elif text is not None and text.not_ is not None:
        yield from _words(text.not_, (*location, "not"))


def _is_empty(asked: Any) -> bool:
    """Whether a condition asks nothing, in none of its parts."""
    for field in fields(asked):
        value = getattr(asked, field.name)
        if value is None or value == () or field.name == "purpose":
            continue
        if not is_dataclass(value) or isinstance(value, Match) or not _is_empty(value):
            return False
    return True
