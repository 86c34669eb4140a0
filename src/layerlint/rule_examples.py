"""A rule's own examples, run: they are its tests and its documentation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layerlint.finding import Finding
from layerlint.fixing import fix_until_stable
from layerlint.linting import lint
from layerlint.rules.model import Example, Rule
from layerlint.rules.ruleset import RuleSet
from layerlint.selection import Selection
from layerlint.source import Source, decode, encode


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
    if example.fixed is not None:
        fixed = decode(fix_until_stable(source, lambda s: lint(s, rules, selection), unsafe=False).source.data)
        if fixed != example.fixed:
            return Result(Outcome.WRONG_FIX, f"it becomes:\n{fixed}\nexpected:\n{example.fixed}")
    return Result(Outcome.AS_EXPECTED)


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
