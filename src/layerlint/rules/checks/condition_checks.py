"""What must hold of a rule's conditions beyond the shape of their keys, and of what follows from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from layerlint.dockerfile.keywords import KEYWORDS
from layerlint.dockerfile.mounts import MOUNT_TYPES
from layerlint.documents.positions import KeyPath
from layerlint.documents.validation import nearest
from layerlint.documents.yaml_model import kebab_case
from layerlint.errors import Mistake
from layerlint.globs.name_glob import is_glob
from layerlint.rules.checks.file_mistakes import FileMistakes
from layerlint.rules.condition_words import words_of
from layerlint.rules.conditions import (
    NARROWEST_FIRST,
    CommandCondition,
    Condition,
    EnvironmentCondition,
    FileCondition,
    InstructionCondition,
    Match,
    MountCondition,
    Text,
    unasked,
)
from layerlint.rules.model import OF_USE, FixTemplate, Place, VariableWhen, When
from layerlint.rules.regular_expressions.expression import regular_expression
from layerlint.rules.regular_expressions.steps import EndlessExpressionError, RegularExpressionError
from layerlint.rules.templates import ALL_NAMES, known_names, names_in, names_of
from layerlint.shell.builtins import BUILTINS

_OF_CACHES = ("command", "setting", "mount", "missed-mount", "variable", "option", "removal", "copy", "needed-by")
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
# What each part is, and what it always is in; a cache is used by a command.
_AROUND: Mapping[str | None, tuple[str, ...]] = {
    None: ("command", "instruction", "stage", "file"),
    "command": ("command", "instruction", "stage", "file"),
    "mount": ("mount", "instruction", "stage", "file"),
    "instruction": ("instruction", "stage", "file"),
    "stage": ("stage", "file"),
    "file": ("file",),
}
_OF_PARTS = ("file", "stage", "instruction", "mount", "command", "environment", "all", "any", "not_")
_ALWAYS_HOLDS = "a condition without keys always holds"
# What can be asked of a cache and of a part of the file.
_PARTS_THAT_SAY = {"tool": "command", "in_image": "stage"}
_REMOVABLE = ("instruction", "option", "mount")
_REMOVABLE_OF_CACHES = ("command", "setting", "mount")


class ConditionChecks(FileMistakes):
    """Makes mistakes about the conditions in one file of rules."""

    def check(self, when: When, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with a condition."""
        spoken_of = [bool(when.is_of_use), bool(when.removal), bool(when.suppression), when.subject is not None]
        if not any(spoken_of) or (when.subject is not None and _is_empty(when)):
            cause = (
                'it must say of what it speaks: "command", "mount", "instruction", "stage" or "file", with something '
                'that is asked of it; or "cache", "variable", "option", "unknown-option", "removal" or "suppression"'
            )
            yield from self.mistake(location, "the rule would report everything", cause)
        elif sum(spoken_of) > 1:
            cause = "a use of a cache, a removal and a suppression are never the same thing"
            yield from self.mistake(location, "the rule would never report anything", cause, "make cases of it")
        else:
            yield from self._unheard(when, location)
            # To name a part says that it is what is spoken of, and what that is may have been left out.
            around = set(_AROUND[when.subject]) - {when.subject} if self.is_whole(location) else ()
            yield from self._empty_parts(when, location, around)
        yield from self.version(when.version, (*location, "version"))
        yield from self._parts(when, location, _AROUND[when.subject])

    def _unheard(self, when: When, location: KeyPath) -> Iterator[Mistake]:
        """Keys that nothing is done with, as the condition speaks of something that they say nothing of."""
        if when.is_of_use:
            return
        spoken_of = "removal" if when.removal else "comment" if when.suppression else str(when.subject)
        of_caches = [name for name in ("tool", *OF_USE) if getattr(when, name) not in {None, ()}]
        if when.removal:
            of_caches = [name for name in of_caches if name != "tool"]
        if when.purpose != "fills":
            of_caches.append("purpose")
        of_parts = [name for name in _named(when) if name in _OF_PARTS]
        rule = f"the rule speaks of {_with_article(spoken_of)}"
        for name in of_caches:
            cause = f"it says something of {'a use of a cache' if when.removal else 'a cache'}, and {rule}"
            part = _PARTS_THAT_SAY.get(name) if when.subject is not None else None
            key = kebab_case(name)
            step = f'write it in "{part}", or leave it out' if part is not None else "leave it out"
            yield from self._unheard_key((*location, key), cause, step)
        for name in of_parts if when.suppression else ():
            cause = f"it says something of a part of the file, and {rule}"
            yield from self._unheard_key((*location, kebab_case(name)), cause, "leave it out")

    def _unheard_key(self, location: KeyPath, cause: str, step: str) -> tuple[Mistake, ...]:
        title = f'"{location[-1]}" narrows nothing here'
        return self.mistake(location, title, cause, step, key=True, given=[location[:-1]])

    def _parts(self, asked: Any, location: KeyPath, around: Collection[str]) -> Iterator[Mistake]:
        """What is wrong with all that is asked in a condition, and in those in it.

        `around` are the kinds of parts of which there always is one: what is spoken of, and what it is in.
        """
        for field in fields(asked):
            value, place = getattr(asked, field.name), (*location, kebab_case(field.name))
            if isinstance(value, Match):
                yield from self._match(value, place)
            elif isinstance(value, tuple) and value and is_dataclass(value[0]):
                for index, item in enumerate(value):
                    yield from self._inner(item, (*place, index), field.name, around)
            elif is_dataclass(value):
                yield from self._inner(value, place, field.name, around)
            elif value == () and field.default != ():
                yield from self._compared_with_nothing(place, "nothing is one of an empty list")
            for kind, name, check in _WORDS:
                if isinstance(asked, kind) and field.name == name:
                    yield from check(self, value, place)
        if isinstance(asked, CommandCondition) and asked.wrapper is None:
            yield from self._builtins(asked.name, (*location, "name"), (*location, "wrapper"))
        if isinstance(asked, CommandCondition) and asked.subcommand is not None and asked.tool is None:
            cause, step = (
                "only the description of a tool says which word is its subcommand",
                'name the "tool", or ask for an "argument"',
            )
            place, given = (*location, "subcommand"), [(*location, "tool")]
            yield from self.mistake(place, '"subcommand" without "tool"', cause, step, key=True, given=given)

    def _inner(self, asked: Any, location: KeyPath, name: str, around: Collection[str]) -> Iterator[Mistake]:
        if isinstance(asked, Condition):
            if not _named(asked):
                yield from self.mistake(location, f'"{kebab_case(name)}" asks nothing', _ALWAYS_HOLDS)
            yield from self._empty_parts(asked, location, around)
        yield from self._parts(asked, location, around)

    def _empty_parts(self, asked: Condition, location: KeyPath, around: Collection[str]) -> Iterator[Mistake]:
        """The parts of which a condition asks nothing, where there is one anyway."""
        for kind in NARROWEST_FIRST:
            part = getattr(asked, kind)
            if kind in around and part is not None and not _named(part):
                step = f'say what is asked of the {kind}, or leave "{kind}" out'
                yield from self.mistake((*location, kind), f'"{kind}" asks nothing', _ALWAYS_HOLDS, step, key=True)

    def _compared_with_nothing(self, location: KeyPath, cause: str) -> tuple[Mistake, ...]:
        return self.mistake(location, f'"{location[-1]}" is compared with nothing', cause)

    def _match(self, match: Match, location: KeyPath) -> Iterator[Mistake]:
        if not match.glob and match.regex is None and match.version is None and match.not_ is None:
            yield from self._compared_with_nothing(location, 'name one of "glob", "regex", "version" and "not"')
        if isinstance(match.glob, str):
            yield from self.glob((*location, "glob"), match.glob)
        else:
            yield from self.globs((*location, "glob"), match.glob)
        if match.regex is not None:
            try:
                regular_expression(match.regex)
            except EndlessExpressionError as error:
                title, step = "this regular expression could take forever", 'do without, or with "not" beside it'
                yield from self.mistake((*location, "regex"), title, str(error), step)
            except RegularExpressionError as error:
                yield from self.mistake((*location, "regex"), "this regular expression cannot be used", str(error))
        yield from self.version(match.version, (*location, "version"))
        if isinstance(match.not_, Match):
            yield from self._match(match.not_, (*location, "not"))
        elif match.not_ == ():
            yield from self._compared_with_nothing((*location, "not"), "nothing is one of an empty list")

    def programs(self, text: Text | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with the name of a program that starts another one."""
        for place, word in words_of(text, location):
            yield from self.program(place, word)

    def _builtins(self, text: Text | None, location: KeyPath, wrapper: KeyPath) -> Iterator[Mistake]:
        """What is wrong with the name of a command that nothing but a shell starts."""
        for place, word in words_of(text, location):
            if word in BUILTINS:
                cause = "the shell does it itself, and commands are what it starts"
                value = f"{{regex: '(^|[ ;&]){re.escape(word)}( |$)'}}"
                step = f'ask for an "instruction" with the "value" {value}; or name the "wrapper" that starts it'
                yield from self.mistake(place, f'"{word}" is no command here', cause, step, given=[wrapper])

    def users(self, text: Text | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with the name of a user."""
        for place, word in words_of(text, location):
            if not word:
                cause = "there always is one; it is root unless something else is said"
                yield from self.mistake(place, '"" cannot be a user', cause, 'write "root"')

    def variables(self, text: Text | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with the name of a variable."""
        for place, word in words_of(text, location):
            yield from self.variable(place, word)

    def unknown_options(self, globs: tuple[str, ...], location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with globs for options."""
        yield from self.globs(location, globs)
        for index, glob in enumerate(globs):
            if not is_glob(glob[:1]):
                yield from self.option((*location, index), glob)

    def keywords(self, text: Text | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with an instruction's keyword."""
        for place, word in words_of(text, location):
            if word not in KEYWORDS:
                yield from self.unknown(place, f'no instruction is called "{word}"', word, sorted(KEYWORDS))

    def mount_types(self, text: Text | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with the type of a mount."""
        for place, word in words_of(text, location):
            if word not in MOUNT_TYPES:
                yield from self.unknown(place, f'no mount is of the type "{word}"', word, sorted(MOUNT_TYPES))

    def options(self, text: Text | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with an option or a flag."""
        for place, word in words_of(text, location):
            yield from self.option(place, word, "a flag" if location[-1] == "flag" else "an option")

    def counts(self, text: Text | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with a number of things."""
        for place, word in words_of(text, location):
            if not (word.isascii() and word.isdigit()):
                cause = 'it is compared as text, and with bounds as {version: ">1"}'
                yield from self.mistake(place, f'"{word}" is no number of things', cause)

    def place(self, place: Place | None, when: When, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with a place, for what a condition speaks of."""
        if place is None or when.suppression is not None:
            return
        known = _PLACES[when.subject]
        if place not in known:
            what = f"a {when.subject}" if when.subject is not None else "a cache"
            near = nearest(place, known)
            cause = f"places of {what}: {', '.join(known)}"
            yield from self.mistake(
                location, f'{what} has no place "{place}"', cause, f'did you mean "{near}"?' if near else ""
            )
        elif when.subject is not None:
            yield from self._unasked(location, place, when, f"no {place} is asked for")

    def _unasked(self, location: KeyPath, name: str, when: When, title: str) -> Iterator[Mistake]:
        """That a condition does not say which of several things is meant, if it does not."""
        missing = unasked(when, name)
        if missing is not None:
            part, key = missing
            cause = f'"when" does not {f"say which {name} is meant" if key else f"speak of a {part}"}'
            yield from self.mistake(location, title, cause, f'name "{key or part}" in "{part if key else "when"}"')

    def text(self, text: str, when: When | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with the names in a text, for what a condition speaks of. None is one that is not known."""
        for name in names_in(text):
            known = known_names(when) if when is not None else ALL_NAMES
            if name in known:
                continue
            title = f'"{location[-1]}" names "{{{name}}}", '
            if when is not None and name in names_of(when):
                yield from self._unasked(location, name, when, f"{title}and no {name} is asked for")
            else:
                yield from self.unknown(location, f"{title}which there is not", name, known)

    def _removal(self, place: Place, when: When, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with a place that is to be taken out."""
        mistakes = list(self.place(place, when, location))
        yield from mistakes
        removable = _REMOVABLE_OF_CACHES if when.subject is None else _REMOVABLE
        if not mistakes and place not in removable:
            cause = f"what can be: {', '.join(removable)}"
            yield from self.mistake(location, f'"{place}" cannot be taken out', cause)

    def fix(self, fix: FixTemplate, when: When, location: KeyPath) -> Iterator[Mistake]:
        """Whether a fix can do what it says with what the condition speaks of."""
        yield from self.version(fix.version, (*location, "version"))
        if fix.version is not None and not when.is_of_use:
            cause = "only of what uses a cache a version is known"
            yield from self.mistake((*location, "version"), '"version" needs a use of a cache', cause, key=True)
        if fix.replace is not None:
            yield from self.place(fix.replace.place, when, (*location, "replace", "place"))
        if fix.remove is not None:
            yield from self._removal(fix.remove, when, (*location, "remove"))
        if when.removal or when.suppression:
            yield from self._fix_of_no_part(fix, when, location)
        for name in ("add_mount", "own_mount", "append_command", "join_next", "set_environment", "complete_with"):
            if getattr(fix, name) and when.subject is not None:
                key = kebab_case(name)
                cause = 'the rule does not speak of one; it can "replace", "remove", "insert-option", "insert-variable"'
                yield from self.mistake((*location, key), f'"{key}" needs a cache', cause, key=True)
        for name in ("insert_option", "insert_variable"):
            has_command = when.subject is None or when.subject == "command" or when.command is not None
            if getattr(fix, name) and not has_command:
                key = kebab_case(name)
                cause = f"the rule speaks of {_with_article(str(when.subject))}"
                yield from self.mistake((*location, key), f'"{key}" needs a command', cause, key=True)

    def _fix_of_no_part(self, fix: FixTemplate, when: When, location: KeyPath) -> Iterator[Mistake]:
        """Whether a fix is one for a removal or a comment."""
        for name in fix.actions if len(fix.actions) == 1 else ():
            key = kebab_case(name)
            if when.suppression or name != "replace":
                what = "removal" if when.removal else "comment"
                cause = (
                    'what can be done about one is to "replace" it' if when.removal else "nothing can be done about one"
                )
                yield from self.mistake((*location, key), f'"{key}" does nothing about a {what}', cause, key=True)


_WORDS: tuple[tuple[type, str, Callable[[ConditionChecks, Any, KeyPath], Iterator[Mistake]]], ...] = (
    (InstructionCondition, "keyword", ConditionChecks.keywords),
    (InstructionCondition, "flag", ConditionChecks.options),
    (InstructionCondition, "count", ConditionChecks.counts),
    (FileCondition, "stages", ConditionChecks.counts),
    (CommandCondition, "name", ConditionChecks.programs),
    (CommandCondition, "option", ConditionChecks.options),
    (CommandCondition, "wrapper", ConditionChecks.programs),
    (CommandCondition, "input_from", ConditionChecks.programs),
    (CommandCondition, "user", ConditionChecks.users),
    (EnvironmentCondition, "name", ConditionChecks.variables),
    (VariableWhen, "names", ConditionChecks.variables),
    (When, "option", ConditionChecks.options),
    (When, "unknown_option", ConditionChecks.unknown_options),
    (MountCondition, "type", ConditionChecks.mount_types),
)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _named(asked: Any) -> list[str]:
    """The fields of a condition that ask something."""
    return [field.name for field in fields(asked) if getattr(asked, field.name) not in {None, ()}]


def _is_empty(asked: Any) -> bool:
    """Whether a condition asks nothing, in none of its parts."""
    for field in fields(asked):
        value = getattr(asked, field.name)
        if value is None or value == () or field.name == "purpose":
            continue
        if not is_dataclass(value) or isinstance(value, Match) or not _is_empty(value):
            return False
    return True
