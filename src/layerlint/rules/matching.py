"""Rules held against the facts of a file: facts in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from layerlint.caches.build import Run
from layerlint.caches.ledger import Purpose
from layerlint.dockerfile.instruction import Dockerfile
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Finding, Fix, FixKind, InstructionPlace, Related, Severity
from layerlint.rules.facts import RemovalFact, UseFact, facts_of
from layerlint.rules.fix_scene import Scene
from layerlint.rules.fixes import make_fix
from layerlint.rules.model import Case, Rule
from layerlint.rules.templates import fill
from layerlint.selection import Selection
from layerlint.source import Span

CasesByKind = Mapping[tuple[str | None, Purpose | None], Sequence[tuple[Rule, tuple[Case, ...]]]]
"""The rules that could speak of a fact, with those of their cases that could: for each tool (None: one that no rule
names) and each purpose of a use of a cache (None: for removals)."""


def by_kind(rules: Sequence[Rule]) -> CasesByKind:
    """The cases of `rules` by what they speak of."""
    tools = {case.when.tool for rule in rules for case in rule.all_cases} | {None}
    return {(tool, kind): _with_cases(rules, tool, kind) for tool in tools for kind in (*Purpose, None)}


def _with_cases(
    rules: Sequence[Rule], tool: str | None, purpose: Purpose | None
) -> list[tuple[Rule, tuple[Case, ...]]]:
    found: list[tuple[Rule, tuple[Case, ...]]] = []
    for rule in rules:
        cases = tuple(
            case
            for case in rule.all_cases
            if case.when.tool in {None, tool}
            and (case.when.removal if purpose is None else case.when.is_of_use and case.when.purpose == purpose)
        )
        if cases:
            found.append((rule, cases))
    return found


def _could_speak(cases: CasesByKind, fact: UseFact | RemovalFact) -> Sequence[tuple[Rule, tuple[Case, ...]]]:
    purpose = fact.entry.purpose if isinstance(fact, UseFact) else None
    tool = fact.entry.invocation.tool.tool
    return cases[tool if (tool, purpose) in cases else None, purpose]


def match_runs(
    cases_by_kind: CasesByKind, runs: Sequence[Run], selection: Selection, dockerfile: Dockerfile
) -> Iterator[Finding]:
    """What the selected rules report of `runs`, which are those of `dockerfile`."""
    scene = Scene(dockerfile, runs)
    for run in runs:
        for fact in facts_of(run):
            for rule, cases in _could_speak(cases_by_kind, fact):
                case = next((case for case in cases if fact.holds(case.when)), None)
                if case is not None and rule.id in selection.severities:
                    chosen = selection.severities[rule.id] if rule.id in selection.overridden else None
                    yield _report(rule, case, fact, chosen, scene, selection.fix_with)


def _report(
    rule: Rule, case: Case, fact: UseFact | RemovalFact, chosen: Severity | None, scene: Scene, fix_with: FixKind
) -> Finding:
    values = fact.values(case.when)
    span = fact.place(case.at or "command", case.when) or fact.place("command", case.when) or _whole(fact.run)
    fixes, unfixable = _fixes(case, fact, scene, fix_with)
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=_severity(rule, case, fact, chosen),
        message=fill(case.message, values),
        span=span,
        instruction=_instruction(fact.run, span),
        advice=fill(case.advice, values),
        related=tuple(
            Related(place, fill(related.message, values))
            for related in case.related or ()
            if (place := fact.place(related.place, case.when)) is not None and place != span
        ),
        fixes=fixes,
        unfixable=unfixable,
    )


def _whole(run: Run) -> Span:
    return run.run.keyword_span


def _severity(rule: Rule, case: Case, fact: UseFact | RemovalFact, chosen: Severity | None) -> Severity:
    """What the user chose counts; else what the case says, and less where only the machine that builds pays."""
    if chosen is not None:
        return chosen
    unused = isinstance(fact, UseFact) and not fact.run.reaches_image(fact.index)
    if unused and rule.severity_in_unused_stage is not None:
        return rule.severity_in_unused_stage
    return case.severity or rule.severity


def _instruction(run: Run, span: Span) -> InstructionPlace | None:
    """The instruction that the place is in: the RUN, or one before it that set a variable."""
    for instruction in (run.instruction, *run.before):
        if instruction.span.covers(span):
            return InstructionPlace(instruction.keyword, instruction.line, instruction.end_line, instruction.span)
    return None


def _fixes(case: Case, fact: UseFact | RemovalFact, scene: Scene, fix_with: FixKind) -> tuple[tuple[Fix, ...], str]:
    """The first fix that fits, and why there is none when there is one in general."""
    reasons: list[str] = []
    templates = case.fixes or ()
    chosen = [template for template in templates if fix_with in template.kinds]
    if templates and not chosen:
        others = sorted({kind for template in templates for kind in template.kinds})
        return (), f"there is none with {fix_with}; there is with {' or '.join(others)}"
    for template in chosen:
        try:
            return (make_fix(template, fact, case.when, scene),), ""
        except CannotFixError as reason:
            reasons.append(str(reason))
    return (), "; ".join(reasons)
