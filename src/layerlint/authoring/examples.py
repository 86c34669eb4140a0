"""A rule's own examples, run: they are its tests and its documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from functools import partial

from layerlint.finding import FileReport, Finding, FixKind
from layerlint.fixing.fixer import Fixed, applicable, fix_until_stable
from layerlint.linting import lint
from layerlint.reporters.patch import unified_diff
from layerlint.rules.model import Example, Rule
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.source.source import Source, encode
from layerlint.startup.quick_dataclass import dataclass


class Outcome(StrEnum):
    """What came of an example."""

    AS_EXPECTED = "as expected"
    NOISY = "noisy"
    """Something is reported that should not be."""
    MISSING = "missing"
    """Something is not reported that should be."""
    WRONG_PLACE = "wrong place"
    WRONG_SEVERITY = "wrong severity"
    WRONG_FIX = "wrong fix"
    UNREADABLE = "unreadable"
    """Its Dockerfile is none."""


@dataclass(frozen=True, slots=True)
class Result:
    """An example's outcome and, if it is not as expected, what was expected and what came."""

    outcome: Outcome
    explanation: str = ""


def run_example(rule: Rule, example: Example, rules: RuleSet) -> Result:
    """Lint an example with its rule, and mend it where it says how it reads then."""
    source = Source("Dockerfile", encode(example.text))
    selection = _selection(rule, rules)
    report = lint(source, rules, selection)
    if report.errors:
        return Result(Outcome.UNREADABLE, report.errors[0].message)
    findings = [finding for finding in report.findings if finding.rule == rule.id]
    found = [_place(source, finding) for finding in findings]
    expected = list(example.places)
    if found != expected:
        return Result(_difference(found, expected), f"reported at {_listed(found)}, expected at {_listed(expected)}")
    for finding in findings:
        if example.severity is not None and finding.severity is not example.severity:
            return Result(Outcome.WRONG_SEVERITY, f"{finding.severity}, expected {example.severity}")
    return _fixed_as_expected(example, source, rules, selection)


def _fixed_as_expected(example: Example, source: Source, rules: RuleSet, selection: Selection) -> Result:
    ways = (
        ("fixed", example.fixed, FixKind.FLAG, False),
        ("fixed-unsafe", example.fixed_unsafe, FixKind.FLAG, True),
        ("fixed-mount", example.fixed_mount, FixKind.MOUNT, True),
        ("fixed-env", example.fixed_env, FixKind.ENV, True),
    )
    for key, expected, fix_with, unsafe in ways:
        if expected is None:
            continue
        chosen = replace(selection, fix_with=fix_with)
        fixed = fix_until_stable(source, partial(_lint, rules, chosen), unsafe=unsafe)
        if fixed.source.data != encode(expected):
            lines = [f'"{key}" is not what it becomes (- expected, + is):']
            lines += "".join(_hunks(encode(expected), fixed.source.data)).splitlines()
            return Result(Outcome.WRONG_FIX, "\n".join([*lines, *_why(fixed, unsafe=unsafe)]))
    return Result(Outcome.AS_EXPECTED)


def _hunks(expected: bytes, found: bytes) -> list[str]:
    return list(unified_diff("Dockerfile", expected, found))[1:]  # without the names of the files


def _why(fixed: Fixed, *, unsafe: bool) -> Iterator[str]:
    """Why what is left was not fixed, a line each."""
    yield from (error.message for error in fixed.report.errors)
    for finding in () if fixed.report.errors else fixed.report.findings:
        reason = finding.unfixable
        if not reason and applicable(finding, unsafe=unsafe) is None:
            reason = "it has only an unsafe fix" if finding.fixes else "the rule has no fix for it"
        if reason:
            yield f"not fixed at {_place(fixed.source, finding)}: {reason}"


def _lint(rules: RuleSet, selection: Selection, source: Source) -> FileReport:
    return lint(source, rules, selection)


def _selection(rule: Rule, rules: RuleSet) -> Selection:
    """The rule alone; one about suppressions needs the others, whose findings are suppressed."""
    about_others = any(case.when.suppression is not None for case in rule.all_cases)
    needed = rules.rules if about_others else (rule,)
    return Selection({other.id: other.severity for other in needed})


def _place(source: Source, finding: Finding) -> str:
    position = source.position(finding.span.start)
    return f"{position.line}:{position.column}"


def _difference(found: list[str], expected: list[str]) -> Outcome:
    if len(found) > len(expected):
        return Outcome.NOISY
    return Outcome.MISSING if len(found) < len(expected) else Outcome.WRONG_PLACE


def _listed(places: list[str]) -> str:
    return ", ".join(places) or "no place"
