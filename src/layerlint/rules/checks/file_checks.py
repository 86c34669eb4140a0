"""What must hold of rule files beyond the shape of their keys: ids, names in texts, examples, clashes between files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

from layerlint.documents.positions import KeyPath, Lookup
from layerlint.documents.yaml_model import kebab_case
from layerlint.errors import Mistake
from layerlint.image.image_checks import wrong_in_image
from layerlint.rules.case_places import cases_of, fixes_of, place_of
from layerlint.rules.checks.condition_checks import ConditionChecks
from layerlint.rules.checks.file_mistakes import FileMistakes
from layerlint.rules.checks.tool_checks import check_tool
from layerlint.rules.checks.tool_references import ASSIGNMENT, INSERTED_OPTION, ProgramNames, check_references
from layerlint.rules.model import ACTIONS, Case, Example, FixTemplate, ImagesFile, Rule
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass
from layerlint.tools.tool import Tool

ID = lazy_pattern(r"[A-Z]{2,}[0-9]{3,4}")
_NAME = lazy_pattern(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# One simple command of plain words: a name, then options and paths, which may be patterns, or what another one prints.
_WORDS = r"(?:\{program\}|[A-Za-z0-9][\w.-]*)(?: (?:[\w./:,=+*?-]|\{directory\}%s)+)*"
_COMMAND = lazy_pattern(_WORDS % rf'|"\$\({_WORDS % ""}\)"', re.ASCII)
PLACE = lazy_pattern(r"[1-9][0-9]{0,5}:[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file says, where its keys are, what of it was left out, and whether nothing at all is wrong with it."""

    meaning: object
    lookup: Lookup
    path: str
    is_right: bool
    left_out: Collection[KeyPath] = ()


def check_file(file: object, lookup: Lookup, path: str, left_out: Collection[KeyPath] = ()) -> list[Mistake]:
    """What is wrong with one file beyond the shape of its keys; `left_out` is what did not have the right one."""
    if isinstance(file, Rule):
        found = _check_rule(file, ConditionChecks(lookup, path, left_out))
    elif isinstance(file, Tool):
        found = check_tool(file, FileMistakes(lookup, path, left_out))
    elif isinstance(file, ImagesFile):
        found = _check_images(file, FileMistakes(lookup, path, left_out))
    else:
        return []
    return list(dict.fromkeys(found))  # what a rule says for all of its cases is wrong once


def check_together(read: Sequence[ReadFile], other_tools: Collection[str] = ()) -> list[Mistake]:
    """What is wrong between files: two of one id or name, a rule about a tool that there is not.

    `other_tools` are those whose files cannot be read: they are there, and nothing is said of them.
    """
    mistakes: list[Mistake] = []
    first: dict[tuple[type, str], str] = {}
    programs = ProgramNames()
    described = [file.meaning for file in read if file.is_right and isinstance(file.meaning, Tool)]
    tools = {tool.tool: tool for tool in reversed(described)}  # of two, which is a mistake, the first
    names = {file.meaning.tool for file in read if isinstance(file.meaning, Tool)}
    for file in read:
        makes = FileMistakes(file.lookup, file.path, file.left_out)
        for what, place, name in _names(file.meaning):
            if not makes.is_whole(place):
                continue
            other = first.setdefault((type(file.meaning), name.casefold()), file.path)
            if other != file.path:
                title, cause = f'{what} "{name}" is taken', f"{other} has it too"
                mistakes += makes.mistake(place, title, cause, "choose another one")
        if isinstance(file.meaning, Tool):
            mistakes += programs.check(file.meaning, file.path, makes)
        elif isinstance(file.meaning, Rule):
            mistakes += dict.fromkeys(check_references(file.meaning, tools, {*names, *other_tools}, makes))
    return mistakes


def _names(file: object) -> Iterable[tuple[str, KeyPath, str]]:
    """What may not be called the same in two files of a kind: what it is, where it is, and the name."""
    if isinstance(file, Rule):
        yield "id", ("id",), file.id
        yield "name", ("name",), file.name
        yield from (("alias", ("aliases", index), alias) for index, alias in enumerate(file.aliases))
    elif isinstance(file, Tool):
        yield "tool", ("tool",), file.tool


def _check_rule(rule: Rule, checks: ConditionChecks) -> Iterator[Mistake]:
    if not ID.fullmatch(rule.id):
        title, cause = (
            f'"{rule.id}" cannot be a rule\'s id',
            "an id is two or more capital letters and three or four digits",
        )
        yield from checks.mistake(("id",), title, cause, "write an id like ABC001")
    if not _NAME.fullmatch(rule.name):
        cause = "a name is words of small letters and digits with a dash between two"
        near = "-".join(re.findall(r"[a-z0-9]+", rule.name.lower()))
        step = f'write "{near}"' if _NAME.fullmatch(near) else "write a name like no-such-option"
        yield from checks.mistake(("name",), f'"{rule.name}" cannot be a rule\'s name', cause, step)
    if not rule.summary.strip():
        yield from checks.mistake(("summary",), '"summary" is empty', "the list of rules would say nothing of it")
    if not rule.all_cases:
        title, cause = "the rule would never report anything", '"when" or "cases" must say what is reported'
        yield from checks.mistake(("id",), title, cause, given=[("when",), ("cases",)])
    for location, fix in _fixes(rule):
        yield from _check_fix(fix, location, checks)
    for location, case in cases_of(rule):
        yield from checks.check(case.when, (*location, "when"))
        yield from _check_texts(rule, case, location, checks)
    for index, example in enumerate(rule.examples):
        problem = _example_problem(example, fixes=any(case.fixes for case in rule.all_cases))
        if problem:
            given = [("fixes",), ("cases",)]
            yield from checks.mistake(("examples", index), "the example cannot be tested", problem, given=given)


def _fixes(rule: Rule) -> Iterable[tuple[KeyPath, FixTemplate]]:
    """The fixes of a rule and of its cases, each with its place."""
    yield from ((("fixes", index), fix) for index, fix in enumerate(rule.fixes))
    for number, case in enumerate(rule.cases):
        yield from ((("cases", number, "fixes", index), fix) for index, fix in enumerate(case.fixes or ()))


def _check_fix(fix: FixTemplate, location: KeyPath, checks: ConditionChecks) -> Iterator[Mistake]:
    if len(fix.actions) != 1:
        title = "the fix does several things" if fix.actions else "the fix does nothing"
        yield from checks.mistake(location, title, f"name one action of: {', '.join(map(kebab_case, ACTIONS))}")
    for key, text, pattern, form in (
        ("insert-option", fix.insert_option, INSERTED_OPTION, "an option is one word of the shell, like --no-cache"),
        ("complete-with", fix.complete_with, INSERTED_OPTION, "an option is one word of the shell, like --force"),
        ("insert-variable", fix.insert_variable, ASSIGNMENT, "write it as NAME=value, a word of the shell"),
        ("append-command", fix.append_command, _COMMAND, "write one command of plain words, like rm -rf {directory}"),
        ("join-next", fix.join_next, _COMMAND, "write one command of plain words, like rm -rf {directory}"),
        ("set-environment", fix.set_environment, ASSIGNMENT, "write it as NAME=value, a word of the shell"),
    ):
        if text is not None and not pattern.fullmatch(text):
            yield from checks.mistake((*location, key), f'"{text}" cannot be inserted', form)


def _check_texts(rule: Rule, case: Case, location: KeyPath, checks: ConditionChecks) -> Iterator[Mistake]:
    """What is wrong with the texts, places and fixes of a case, for what it speaks of."""
    place = partial(place_of, rule, location)
    when = case.when if checks.is_whole((*location, "when")) else None
    if when is not None:
        yield from _check_places(rule, case, location, checks)
    texts = [(place("message"), case.message), (place("advice"), case.advice)]
    if rule.others_in_run:
        texts.append((("others-in-run",), rule.others_in_run))
    for index, related in enumerate(case.related or ()):
        texts.append(((*place("related"), index, "message"), related.message))
    for fix_place, fix in fixes_of(rule, location, case):
        texts.append(((*fix_place, "title"), fix.title))
        if fix.replace is not None:
            texts.append(((*fix_place, "replace", "by"), fix.replace.by))
        if fix.add_mount is not None:
            texts += [((*fix_place, "add-mount", "target"), target) for target in fix.add_mount.targets]
        for key, command in (("append-command", fix.append_command), ("join-next", fix.join_next)):
            if command is not None:
                texts.append(((*fix_place, key), command))
    if not case.message.strip():
        yield from checks.mistake(place("message"), '"message" is empty', "a finding must say what was found")
    for where, text in texts:
        yield from checks.text(text, when, where)


def _check_places(rule: Rule, case: Case, location: KeyPath, checks: ConditionChecks) -> Iterator[Mistake]:
    """What is wrong with the places and the fixes of a case, for what it speaks of."""
    place = partial(place_of, rule, location)
    yield from checks.place(case.at, case.when, place("at"))
    for index, related in enumerate(case.related or ()):
        yield from checks.place(related.place, case.when, (*place("related"), index, "place"))
    for fix_place, fix in fixes_of(rule, location, case):
        yield from checks.fix(fix, case.when, fix_place)


def _example_problem(example: Example, *, fixes: bool) -> str:
    if (example.reports is None) == (example.silent is None):
        return 'it must have "reports" or "silent", and not both'
    if example.silent is not None:
        return "" if example.dockerfile is not None else '"silent" says why; the Dockerfile stands in "dockerfile"'
    if not example.places:
        return '"reports" needs "at", the places that are reported, as "line:column"'
    wrong = [place for place in example.places if not PLACE.fullmatch(place)]
    if wrong:
        return f'"{wrong[0]}" is no place, write "line:column"'
    lines = len(example.text.splitlines())
    behind = [place for place in example.places if int(place.partition(":")[0]) > lines]
    if behind:
        return f'"{behind[0]}" is behind the end of its Dockerfile'
    fixed = (example.fixed, example.fixed_unsafe, example.fixed_mount, example.fixed_env)
    return "it says how it reads once it is fixed, and the rule has no fix" if any(fixed) and not fixes else ""


def _check_images(file: ImagesFile, makes: FileMistakes) -> Iterator[Mistake]:
    for index, image in enumerate(file.images):
        for location, title, cause, is_key in wrong_in_image(image):
            yield from makes.mistake(("images", index, *location), title, cause, key=is_key)
