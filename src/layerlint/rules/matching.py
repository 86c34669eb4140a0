"""Rules held against the facts of a file: facts in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from layerlint.caches.build import Run
from layerlint.caches.knowledge import Knowledge
from layerlint.caches.ledger import Purpose, Verdict
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.edits.refusal import CannotFixError, NotMeantError
from layerlint.errors import shortened
from layerlint.finding import Finding, Fix, FixKind, InstructionPlace, Related, Safety, Severity
from layerlint.rules.conditions import NARROWEST_FIRST, PartKind
from layerlint.rules.facts.cache_facts import RemovalFact, UseFact, facts_of
from layerlint.rules.facts.scene import Scene
from layerlint.rules.facts.uses import Uses
from layerlint.rules.fixes.make import make_fix
from layerlint.rules.model import Case, FixTemplate, Rule, When
from layerlint.rules.selection import Selection
from layerlint.rules.templates import MAX_SAID_LENGTH, fill, in_short
from layerlint.source.source import Span
from layerlint.startup.quick_property import cached_property

if TYPE_CHECKING:
    from layerlint.rules.facts.part_conditions import Title
    from layerlint.rules.facts.part_facts import PartFact
    from layerlint.rules.facts.parts import FilePart

RuleCases = Sequence[tuple[Rule, tuple[Case, ...]]]
"""Rules, with those of their cases that could speak of something."""


class Cases:
    """The cases of the rules that are on, by what they speak of. What no rule speaks of need not be looked at."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._of_uses: dict[tuple[str | None, Purpose, Verdict], RuleCases] = {}
        self._of_removals: dict[str | None, RuleCases] = {}
        self._tools = {tool for rule in self._rules for tool in rule.tools}
        self.of_parts = self._by_part()
        self._fixes: dict[tuple[int, FixKind], Sequence[FixTemplate]] = {}
        # The same few programs and instructions come again and again.
        self.of_part = lru_cache(maxsize=1024)(self._of_part)

    def of_fact(self, fact: UseFact | RemovalFact) -> RuleCases:
        """Those that could speak of the fact."""
        tool = fact.entry.invocation.tool.tool
        known = tool if tool in self._tools else None
        if isinstance(fact, RemovalFact):
            if known not in self._of_removals:
                self._of_removals[known] = _with_cases(self._of_tool(known), partial(_speaks_of_removal, known))
            return self._of_removals[known]
        key = (known, fact.entry.purpose, fact.entry.verdict)
        if key not in self._of_uses:
            self._of_uses[key] = _with_cases(self._of_tool(known), partial(_speaks_of_use, *key))
        return self._of_uses[key]

    def fixes(self, case: Case, fix_with: FixKind) -> Sequence[FixTemplate]:
        """The fixes of one of the cases that are what the user has chosen.

        Where no variable would do, an option is the next best thing to one: neither needs BuildKit.
        """
        key = id(case), fix_with
        if key not in self._fixes:
            ways = (FixKind.ENV, FixKind.FLAG) if fix_with is FixKind.ENV else (fix_with,)
            found = ([template for template in case.fixes or () if _is_chosen(template, case, way)] for way in ways)
            self._fixes[key] = next(filter(None, found), [])
        return self._fixes[key]

    def _of_part(self, kind: PartKind, title: Title) -> RuleCases:
        """Those that could speak of a part of this kind and title."""
        from layerlint.rules.facts.part_conditions import may_hold  # rules on by default need none

        found = (
            (rule, tuple(case for case in cases if may_hold(case.when, kind, title)))
            for rule, cases in self.of_parts[kind]
        )
        return [(rule, cases) for rule, cases in found if cases]

    def _of_tool(self, tool: str | None) -> Iterator[Rule]:
        return (rule for rule in self._rules if not {tool, None}.isdisjoint(rule.tools))

    def _by_part(self) -> Mapping[PartKind, RuleCases]:
        of_parts = [rule for rule in self._rules if rule.parts]
        kinds = {kind for rule in of_parts for kind in rule.parts}
        return {
            kind: _with_cases(of_parts, partial(_speaks_of_part, kind)) for kind in NARROWEST_FIRST if kind in kinds
        }


def _speaks_of_use(tool: str | None, purpose: Purpose, verdict: Verdict, when: When) -> bool:
    if not when.is_of_use or when.tool not in {None, tool} or when.purpose != purpose:
        return False
    return not when.cache or verdict in when.cache


def _speaks_of_removal(tool: str | None, when: When) -> bool:
    return bool(when.removal) and when.tool in {None, tool}


def _speaks_of_part(kind: PartKind, when: When) -> bool:
    return when.subject == kind


def _with_cases(rules: Iterable[Rule], could_speak: Callable[[When], bool]) -> RuleCases:
    found = ((rule, tuple(case for case in rule.all_cases if could_speak(case.when))) for rule in rules)
    return [(rule, cases) for rule, cases in found if cases]


class Matching:
    """One file, held against the rules that are on."""

    def __init__(
        self, cases: Cases, selection: Selection, knowledge: Knowledge, dockerfile: Dockerfile, runs: Sequence[Run]
    ) -> None:
        """`runs` are those of `dockerfile`."""
        self._cases = cases
        self._selection = selection
        self._knowledge = knowledge
        self._scene = Scene(dockerfile, runs, knowledge.removers_by_name)

    @cached_property
    def _file(self) -> FilePart:
        """The parts of the file, for conditions about them."""
        from layerlint.rules.facts.parts import FilePart  # as above

        return FilePart(self._scene.dockerfile, self._knowledge, self._scene.runs)

    def of_caches(self) -> Iterator[Finding]:
        """What they report of caches."""
        return _each_once(self._of_caches())

    def of_parts(self) -> Iterator[Finding]:
        """What they report of other parts of the file. Raises `NotFollowedError`."""
        return _each_once(self._of_parts())

    def _of_caches(self) -> Iterator[tuple[Finding, str]]:
        uses = Uses(self._scene.runs)
        for run in self._scene.runs:
            found: dict[Hashable, tuple[Finding, str]] = {}
            others: dict[Hashable, dict[Span, Related]] = {}
            for rule, case, fact in self._reported(run, uses):
                key: Hashable = (rule.id, fact.entry.directory) if rule.others_in_run else len(found)
                if key not in found:
                    found[key] = self._report(rule, case, fact), fact.entry.cache.title
                elif (span := fact.place(case.at, case.when)) is not None:
                    message = fill(rule.others_in_run, in_short(fact.values(case.when)))
                    others.setdefault(key, {}).setdefault(span, Related(span, message))
            for at, (finding, title) in found.items():
                yield _with_related(finding, others[at]) if at in others else finding, title

    def _reported(self, run: Run, uses: Uses) -> Iterator[tuple[Rule, Case, UseFact | RemovalFact]]:
        """What is reported of a RUN, with the first case of the rule that holds."""
        for fact in facts_of(run, uses):
            for rule, cases in self._cases.of_fact(fact):
                for case in cases:
                    if fact.holds(case.when) and self._rest_holds(case.when, fact):
                        yield rule, case, fact
                        break

    def _rest_holds(self, when: When, fact: UseFact | RemovalFact) -> bool:
        """Whether what a condition asks of more than the fact alone is true."""
        if when.version is not None:
            everywhere = "variable" in when.origin  # it may be set for several calls
            if not self._scene.is_in_range(fact.run, fact.entry.invocation, when.version, everywhere=everywhere):
                return False
        return not when.asks_of_parts or self._parts_hold(when, fact)

    def _parts_hold(self, when: When, fact: UseFact | RemovalFact) -> bool:
        """Whether what a condition says of the command, instruction, stage and file of a fact is true of it."""
        from layerlint.rules.facts.part_conditions import holds  # as above

        command = fact.entry.invocation.command if isinstance(fact, UseFact) else fact.removed.command
        return holds(when, self._file.command(fact.run, command))

    def _of_parts(self) -> Iterator[tuple[Finding, str]]:
        if not self._cases.of_parts:
            return
        from layerlint.rules.facts.part_conditions import holds, title_of  # rules on by default need none
        from layerlint.rules.facts.part_facts import PartFact
        from layerlint.rules.facts.parts import inside

        for kind in self._cases.of_parts:
            for part in inside(self._file, kind):
                for rule, cases in self._cases.of_part(kind, title_of(part)):
                    case = next((case for case in cases if holds(case.when, part)), None)
                    if case is not None:
                        yield self._report(rule, case, PartFact(part)), ""

    def _report(self, rule: Rule, case: Case, fact: Fact) -> Finding:
        values = fact.values(case.when)
        said = in_short(values)
        span = fact.place(case.at, case.when) or fact.place(None, case.when) or _whole(fact)
        fixes, unfixable = self._fixes(case, fact, values)
        return Finding(
            rule=rule.id,
            name=rule.name,
            severity=self._severity(rule, case, fact),
            message=fill(case.message, said),
            span=span,
            instruction=_instruction(fact, span),
            advice=fill(case.advice, said),
            related=tuple(
                Related(place, fill(related.message, said))
                for related in case.related or ()
                if (place := fact.place(related.place, case.when)) is not None and place != span
            ),
            fixes=fixes,
            unfixable=unfixable,
        )

    def _severity(self, rule: Rule, case: Case, fact: Fact) -> Severity:
        """What the user chose counts; else what the case says, and less where only the machine that builds pays."""
        if rule.id in self._selection.overridden:
            return self._selection.severities[rule.id]
        if rule.severity_in_unused_stage is not None and not fact.reaches_image:
            return rule.severity_in_unused_stage
        return case.severity or rule.severity

    def _fixes(self, case: Case, fact: Fact, values: Mapping[str, str]) -> tuple[tuple[Fix, ...], str]:
        """The first fix that fits, and why there is none when there is one in general."""
        reasons: list[str] = []
        not_meant: list[str] = []
        fix_with = self._selection.fix_with
        chosen = self._cases.fixes(case, fix_with)
        if case.fixes and not chosen:
            return (), f"there is one only with {_ways(case.fixes)}"
        for template in chosen:
            try:
                return (make_fix(template, fact, case.when, values, self._scene),), ""
            except NotMeantError as reason:
                not_meant.append(str(reason))
            except CannotFixError as reason:
                reasons.append(str(reason))
        return (), "; ".join(shortened(reason, MAX_SAID_LENGTH) for reason in dict.fromkeys(reasons or not_meant))


if TYPE_CHECKING:
    Fact = UseFact | RemovalFact | PartFact


def _each_once(reports: Iterable[tuple[Finding, str]]) -> Iterator[Finding]:
    """The findings, each with the cache that it is about: of one cache only the first at a place.

    A command in a loop or in a function that is called twice is gone through several times.
    """
    seen: set[tuple[str, int, int, str]] = set()
    for finding, cache in reports:
        key = (finding.rule, finding.span.start, finding.span.end, cache)
        if key not in seen:
            seen.add(key)
            yield finding


def _with_related(finding: Finding, others: Mapping[Span, Related]) -> Finding:
    """A finding that names other places too, of those that it does not name yet."""
    named = {finding.span, *(related.span for related in finding.related)}
    return replace(finding, related=(*finding.related, *(other for span, other in others.items() if span not in named)))


def _is_chosen(template: FixTemplate, case: Case, fix_with: FixKind) -> bool:
    """Whether a template is what the user has chosen, where there is a choice or the template says so."""
    return fix_with in template.kinds or (not case.when.leaves_a_choice and not template.fix_with)


def _ways(fixes: Sequence[FixTemplate]) -> str:
    """The options that a user has to choose to get one of some fixes."""
    kinds = sorted({kind for template in fixes for kind in template.kinds})
    safe = {kind for template in fixes for kind in template.kinds if template.safety is Safety.SAFE}
    ways = [f"--fix-with {kind}" if kind in safe else f"--fix-with {kind} --unsafe-fixes" for kind in kinds]
    return " or ".join(ways)


def _whole(fact: Fact) -> Span:
    return fact.run.run.keyword_span if isinstance(fact, UseFact | RemovalFact) else fact.whole


def instruction_place(instruction: Instruction) -> InstructionPlace:
    """The place of an instruction, for a finding that is in it."""
    return InstructionPlace(instruction.keyword, instruction.line, instruction.end_line, instruction.span)


def _instruction(fact: Fact, span: Span) -> InstructionPlace | None:
    """The instruction that the place is in: the RUN, or one before it that set a variable."""
    candidates: Iterable[Instruction] = (
        (fact.run.instruction, *fact.run.before) if isinstance(fact, UseFact | RemovalFact) else fact.instructions
    )
    for instruction in candidates:
        if instruction.span.covers(span):
            return instruction_place(instruction)
    return None
