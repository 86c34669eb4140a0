"""What must hold of rule files beyond the shape of their keys: ids, names in texts, examples, clashes between files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields

from layerlint.errors import Mistake
from layerlint.lazy_pattern import lazy_pattern
from layerlint.positions import Location, Lookup
from layerlint.rules.condition_checks import ConditionChecks, tools_asked_for
from layerlint.rules.model import Case, Example, FixTemplate, Rule
from layerlint.rules.templates import known_names, names_in
from layerlint.tools.tool import Location as CacheLocation
from layerlint.tools.tool import Tool, Use
from layerlint.yaml_model import kebab_case

ID = lazy_pattern(r"[A-Z]{2,}[0-9]{3,4}")
# What a fix inserts is a word as it stands: no quotes, no white space, nothing that a shell or Docker would expand.
_OPTION = lazy_pattern(r"--?[A-Za-z0-9][\w.,:/=+-]*", re.ASCII)
_ASSIGNMENT = lazy_pattern(r"[A-Za-z_]\w*=[\w.,:/=+-]*", re.ASCII)
# One simple command of plain words: a name, then options and paths, which may be patterns, or what another one prints.
_WORDS = r"(?:\{program\}|[A-Za-z0-9][\w.-]*)(?: (?:[\w./:,=+*?-]|\{directory\}%s)+)*"
_COMMAND = lazy_pattern(_WORDS % rf'|"\$\({_WORDS % ""}\)"', re.ASCII)
_ACTIONS = (
    "insert-option", "complete-with", "insert-variable", "add-mount", "own-mount", "append-command", "set-environment",
    "replace", "remove",
)  # fmt: skip
_PLACE = lazy_pattern(r"[1-9][0-9]{0,5}:[1-9][0-9]{0,5}")


def check_file(file: object, lookup: Lookup, path: str) -> list[Mistake]:
    """What is wrong with one file that has the right shape."""
    if isinstance(file, Rule):
        # What a rule says for all of its cases is wrong once.
        mistakes = dict.fromkeys(_check_rule(file, lookup, path))
        return sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column))
    if isinstance(file, Tool):
        return list(_check_tool(file, lookup, path))
    return []


def check_together(read: Sequence[tuple[object, Lookup, str]]) -> list[Mistake]:
    """What is wrong between files: two of one id or name, a rule about a tool that there is not."""
    mistakes: list[Mistake] = []
    first: dict[tuple[str, str], str] = {}
    tools = sorted(file.tool for file, _, _ in read if isinstance(file, Tool))
    for file, lookup, path in read:
        checks = ConditionChecks(lookup, path)
        for key, name in _names(file):
            other = first.setdefault((key, name.casefold()), path)
            if other != path:
                title, cause = f'{key} "{name}" is taken', f"{other} has it too"
                mistakes.append(checks.mistake((key,), title, cause, "choose another one"))
        for location, case in _cases(file) if isinstance(file, Rule) else ():
            for place, tool in tools_asked_for(case.when, (*location, "when")):
                if tool not in tools:
                    mistakes.append(checks.unknown(place, f'no tool is called "{tool}"', tool, tools))
    return mistakes


def _names(file: object) -> Iterable[tuple[str, str]]:
    """What may not be called the same in two files: each key and its value."""
    if isinstance(file, Rule):
        yield "id", file.id
        yield "name", file.name
    elif isinstance(file, Tool):
        yield "tool", file.tool


def _at(lookup: Lookup, location: tuple[str | int, ...], path: str, title: str, cause: str, step: str) -> Mistake:
    line, column = lookup(location)
    return Mistake(title, cause, step, path, line, column)


def _check_rule(rule: Rule, lookup: Lookup, path: str) -> Iterable[Mistake]:
    if not ID.fullmatch(rule.id):
        yield _at(
            lookup, ("id",), path, f'"{rule.id}" cannot be a rule\'s id',
            "an id is two or more capital letters and three or four digits", "write an id like ABC001",
        )  # fmt: skip
    checks = ConditionChecks(lookup, path)
    if not rule.all_cases:
        cause = '"when" or "cases" must say what is reported'
        yield _at(lookup, ("id",), path, "the rule would never report anything", cause, "")
    for location, fix in _fixes(rule):
        yield from _check_fix(fix, location, lookup, path)
    for location, case in _cases(rule):
        yield from checks.check(case.when, (*location, "when"))
        yield from _check_texts(rule, case, location, checks)
    for index, example in enumerate(rule.examples):
        problem = _example_problem(example, fixes=any(case.fixes for case in rule.all_cases))
        if problem:
            yield _at(lookup, ("examples", index), path, "the example cannot be tested", problem, "")


def _fixes(rule: Rule) -> Iterable[tuple[tuple[str | int, ...], FixTemplate]]:
    """The fixes of a rule and of its cases, each with its place."""
    yield from ((("fixes", index), fix) for index, fix in enumerate(rule.fixes))
    for number, case in enumerate(rule.cases):
        yield from ((("cases", number, "fixes", index), fix) for index, fix in enumerate(case.fixes or ()))


def _check_fix(fix: FixTemplate, location: tuple[str | int, ...], lookup: Lookup, path: str) -> Iterable[Mistake]:
    if fix.actions != 1:
        title = "the fix does several things" if fix.actions else "the fix does nothing"
        yield _at(lookup, location, path, title, f"name one action of: {', '.join(_ACTIONS)}", "")
    for key, text, pattern, form in (
        ("insert-option", fix.insert_option, _OPTION, "an option is one word of the shell, like --no-cache"),
        ("complete-with", fix.complete_with, _OPTION, "an option is one word of the shell, like --force"),
        ("insert-variable", fix.insert_variable, _ASSIGNMENT, "write it as NAME=value, a word of the shell"),
        ("append-command", fix.append_command, _COMMAND, "write one command of plain words, like rm -rf {directory}"),
        ("set-environment", fix.set_environment, _ASSIGNMENT, "write it as NAME=value, a word of the shell"),
    ):
        if text is not None and not pattern.fullmatch(text):
            yield _at(lookup, (*location, key), path, f'"{text}" cannot be inserted', form, "")


def _cases(rule: Rule) -> Iterable[tuple[Location, Case]]:
    """What a rule reports, with all that it says of it, and where: its cases, and the one that is the rule itself."""
    for index, case in enumerate(rule.all_cases):
        yield ("cases", index) if index < len(rule.cases) else (), case


def _check_texts(rule: Rule, case: Case, location: Location, checks: ConditionChecks) -> Iterable[Mistake]:
    """What is wrong with the texts, places and fixes of a case, for what it speaks of."""
    # What a case leaves to the rule stands there.
    own = rule.cases[location[1]] if location and isinstance(location[1], int) else None

    def place(key: str) -> Location:
        return (*location, key) if own is not None and getattr(own, key) not in {None, ""} else (key,)

    yield from checks.place(case.at, case.when, place("at"))
    texts = [(place("message"), case.message), (place("advice"), case.advice)]
    for index, related in enumerate(case.related or ()):
        texts.append(((*place("related"), index, "message"), related.message))
        yield from checks.place(related.place, case.when, (*place("related"), index, "place"))
    for index, fix in enumerate(case.fixes or ()):
        fix_place = (*place("fixes"), index)
        yield from checks.fix(fix, case.when, fix_place)
        texts.append(((*fix_place, "title"), fix.title))
        if fix.replace is not None:
            texts.append(((*fix_place, "replace", "by"), fix.replace.by))
        if fix.add_mount is not None:
            texts += [((*fix_place, "add-mount", "target"), target) for target in fix.add_mount.targets]
        if fix.append_command is not None:
            texts.append(((*fix_place, "append-command"), fix.append_command))
    known = known_names(case.when)
    for where, text in texts:
        for name in names_in(text):
            if name not in known:
                title = f'"{where[-1]}" names "{{{name}}}", which there is not'
                yield checks.unknown(where, title, name, known)


def _example_problem(example: Example, *, fixes: bool) -> str:
    if (example.reports is None) == (example.silent is None):
        return 'it must have "reports" or "silent", and not both'
    if example.silent is not None:
        return "" if example.dockerfile is not None else '"silent" says why; the Dockerfile stands in "dockerfile"'
    if not example.places:
        return '"reports" needs "at", the places that are reported, as "line:column"'
    wrong = [place for place in example.places if not _PLACE.fullmatch(place)]
    if wrong:
        return f'"{wrong[0]}" is no place, write "line:column"'
    lines = len(example.text.splitlines())
    behind = [place for place in example.places if int(place.partition(":")[0]) > lines]
    if behind:
        return f'"{behind[0]}" is behind the end of its Dockerfile'
    fixed = (example.fixed, example.fixed_unsafe, example.fixed_mount, example.fixed_env)
    return "it says how it reads once it is fixed, and the rule has no fix" if any(fixed) and not fixes else ""


def _check_tool(tool: Tool, lookup: Lookup, path: str) -> Iterable[Mistake]:
    checks = ConditionChecks(lookup, path)
    for place, use in _uses(tool):
        yield from checks.version(use.version or None, (*place, "version"))
    for number, cache in enumerate(tool.caches):
        for index, location in enumerate(cache.at):
            yield from checks.version(location.version or None, ("caches", number, "at", index, "version"))
            if _kinds(location) != 1:
                yield _at(
                    lookup, ("caches", number, "at", index), path, "the location of the cache is not clear",
                    'name one of "option", "environment", "config", "home", "prefix" and "path"', "",
                )  # fmt: skip
        for index, switch in enumerate(cache.off_by):
            if sum(map(bool, (switch.option, switch.environment, switch.config, switch.file))) != 1:
                yield _at(
                    lookup, ("caches", number, "off-by", index), path, "what turns the cache off is not clear",
                    'name one of "option", "environment", "config" and "file"', "",
                )  # fmt: skip


def _uses(tool: Tool) -> Iterable[tuple[Location, Use]]:
    """The ways of calling a tool that its caches speak of, each with its place."""
    for number, cache in enumerate(tool.caches):
        for field in fields(cache):
            value = getattr(cache, field.name)
            for index, use in enumerate(value) if isinstance(value, tuple) else ():
                if isinstance(use, Use):
                    yield ("caches", number, kebab_case(field.name), index), use


def _kinds(location: CacheLocation) -> int:
    kinds = (location.option, location.environment, location.config, location.home, location.prefix, location.path)
    return sum(map(bool, kinds))
