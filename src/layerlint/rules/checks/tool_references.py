"""What must hold between the descriptions of tools, and between those and what rules say of the tools."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from layerlint.documents.positions import KeyPath
from layerlint.documents.yaml_model import kebab_case
from layerlint.errors import Mistake
from layerlint.globs.name_glob import is_glob, matches
from layerlint.rules.case_places import cases_of, fixes_of
from layerlint.rules.checks.file_mistakes import FileMistakes
from layerlint.rules.checks.tool_checks import unlisted
from layerlint.rules.condition_words import words_of
from layerlint.rules.conditions import CommandCondition, Condition
from layerlint.rules.model import Rule, When
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.tools.tool import Cache, Switch, Tool

# What a fix inserts is a word as it stands: no quotes, no white space, nothing that a shell or Docker would expand.
INSERTED_OPTION = lazy_pattern(r"--?[A-Za-z0-9][\w.,:/=+-]*", re.ASCII)
ASSIGNMENT = lazy_pattern(r"[A-Za-z_]\w*=[\w.,:/=+-]*", re.ASCII)
_FILLS = ("fills", "fills-again")


class ProgramNames:
    """The names of the programs of all tools that were read before, and whose they are."""

    def __init__(self) -> None:
        self._taken: list[tuple[str, str, str]] = []

    def check(self, tool: Tool, path: str, mistakes: FileMistakes) -> Iterator[Mistake]:
        """What is wrong with the names of another tool, in the file `path`."""
        for index, name in enumerate(tool.names):
            clash = next((each for each in self._taken if each[1] != tool.tool and _is_same(name, each[0])), None)
            if clash is not None:
                taken, other, where = clash
                has = f'{where} has the name "{taken}"'
                cause = has if taken == name else f"{has}: a program can have both names"
                title = f'"{name}" is a name of the tool {other} already'
                step = "take it out, or change that file: of two tools only one could be seen"
                yield from mistakes.mistake(("names", index), title, cause, step)
        self._taken += [(name, tool.tool, path) for name in tool.names]


def _is_same(name: str, taken: str) -> bool:
    """Whether one is the other, or a plain name that the other matches. Of two globs that cannot be told."""
    if is_glob(name) == is_glob(taken):
        return name == taken
    return matches(taken, name) if is_glob(name) else matches(name, taken)


def _tools_asked_for(asked: Any, location: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """The names of tools in a condition, each with its place."""
    for field in fields(asked):
        value, place = getattr(asked, field.name), (*location, kebab_case(field.name))
        if field.name == "tool":
            yield from words_of(value, place)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Condition):
                    yield from _tools_asked_for(item, (*place, index))
        elif isinstance(value, Condition | CommandCondition):
            yield from _tools_asked_for(value, place)


def check_references(
    rule: Rule, tools: Mapping[str, Tool], unread: Collection[str], mistakes: FileMistakes
) -> Iterator[Mistake]:
    """What a rule says of tools that is not so. Of those that are `unread` nothing is known but their names."""
    known = sorted({*tools, *unread})
    for location, case in cases_of(rule):
        place = (*location, "when")
        for where, tool in _tools_asked_for(case.when, place):
            if tool not in known:
                yield from mistakes.unknown(where, f'no tool is called "{tool}"', tool, known)
        asked = case.when.tool if case.when.subject is None else getattr(case.when.command, "tool", None)
        described = tools.get(asked) if isinstance(asked, str) else None
        if described is None:
            continue
        yield from _check_condition(case.when, described, place, mistakes)
        if not mistakes.is_whole(place):  # what is inserted may be right for what is meant
            continue
        for where, fix in fixes_of(rule, location, case):
            if fix.insert_option is not None and INSERTED_OPTION.fullmatch(fix.insert_option):
                yield from _check_inserted(fix.insert_option, case.when, described, where, mistakes)
            for key, assignment in (("insert-variable", fix.insert_variable), ("set-environment", fix.set_environment)):
                if assignment is not None and ASSIGNMENT.fullmatch(assignment):
                    yield from _check_variable(assignment, case.when, described, (*where, key), mistakes)


def _check_condition(when: When, tool: Tool, location: KeyPath, mistakes: FileMistakes) -> Iterator[Mistake]:
    names = [cache.name for cache in tool.caches if cache.name]
    if when.cache_name is not None and when.cache_name not in names:
        title = f'{tool.tool} has no cache "{when.cache_name}"'
        place = (*location, "cache-name")
        if names:
            yield from mistakes.unknown(place, title, when.cache_name, names)
        else:
            yield from mistakes.mistake(place, title, "its only cache has no name", 'leave "cache-name" out', key=True)
    for index, option in enumerate(when.option):
        if option.startswith("-"):
            yield from unlisted(option.partition("=")[0], tool, (*location, "option", index), mistakes)


def _check_inserted(
    option: str, when: When, tool: Tool, location: KeyPath, mistakes: FileMistakes
) -> Iterator[Mistake]:
    """Whether the tool knows an option that a fix inserts, and whether the finding is gone with it."""
    name, place = option.partition("=")[0], (*location, "insert-option")
    unknown = list(unlisted(name, tool, place, mistakes))
    yield from unknown
    caches = _caches_left(when, tool)
    if unknown or not caches:
        return
    effective = list(dict.fromkeys(option for cache in caches for option in _options_against(cache)))
    if name not in effective:
        yield from mistakes.unknown(place, _keeps_nothing_out(name, caches), name, effective)


def _check_variable(
    assignment: str, when: When, tool: Tool, place: KeyPath, mistakes: FileMistakes
) -> Iterator[Mistake]:
    """Whether the finding is gone with a variable that a fix sets, `NAME=value`."""
    caches = _caches_left(when, tool)
    if not caches:
        return
    name, _, value = assignment.partition("=")
    switches = [switch for cache in caches for switch in cache.off_by if switch.environment]
    files = tool.config.files if tool.config is not None else ()
    elsewhere = [
        *(location.environment for cache in caches for location in cache.at),
        *(file.environment for file in files),
    ]
    effective = list(dict.fromkeys(filter(None, [*(switch.environment for switch in switches), *elsewhere])))
    if name not in effective:
        yield from mistakes.unknown(place, _keeps_nothing_out(name, caches), name, effective)
        return
    own = [switch for switch in switches if switch.environment == name]
    if own and name not in elsewhere and not any(_turns_off(switch, value) for switch in own):
        words = list(dict.fromkeys(word for switch in own for word in switch.values or ("1",)))
        yield from mistakes.unknown(place, _keeps_nothing_out(assignment, caches), value, words)


def _turns_off(switch: Switch, value: str) -> bool:
    """Whether a variable that holds `value` turns the cache off."""
    word = value.lower()
    return bool(word) and word not in switch.on_values and (switch.values is None or word in switch.values)


def _caches_left(when: When, tool: Tool) -> list[Cache]:
    """The caches of which a condition says that something is left in them."""
    if not when.is_of_use or when.purpose not in _FILLS or (when.cache and "left" not in when.cache):
        return []
    return [cache for cache in tool.caches if when.cache_name in {None, cache.name}]


def _keeps_nothing_out(word: str, caches: Sequence[Cache]) -> str:
    return f'"{word}" does not keep {caches[0].title if len(caches) == 1 else "the cache"} out of the image'


def _options_against(cache: Cache) -> Iterator[str]:
    """The options with which a command leaves nothing in the cache, or leaves it elsewhere."""
    yield from (switch.option for switch in cache.off_by if switch.option)
    fills = (*cache.filled_by, *cache.completed_by)
    yield from (option.partition("=")[0] for use in fills for option in use.without_option)
    yield from (option for use in cache.emptied_by for option in use.with_option)
    yield from (location.option for location in cache.at if location.option)
