"""One file, from its bytes to its report."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from layerlint.caches.build import read_runs
from layerlint.dockerfile.instruction import Dockerfile
from layerlint.dockerfile.parser import parse
from layerlint.finding import FILE_HAS_ERRORS, FileError, FileReport, Finding
from layerlint.image.copying import BuildContext
from layerlint.rules.matching import Matching, instruction_place
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.rules.templates import fill
from layerlint.shell.syntax import NotFollowedError
from layerlint.source.source import Source

if TYPE_CHECKING:
    from layerlint.suppression.comments import Unused

_ALSO_FOR_SILENCED = "its fix would also change what a comment says is to stay"


def lint(source: Source, rules: RuleSet, selection: Selection, context: BuildContext | None = None) -> FileReport:
    """All that the selected rules say of one file, and what in it cannot be read. Raises nothing.

    `context` is where COPY finds files; without it what they hold is not known.
    """
    dockerfile = parse(source)
    errors = [_error(source, problem.span.start, problem.message) for problem in dockerfile.problems]
    reported: list[Finding] = []
    try:
        runs = read_runs(dockerfile, rules.knowledge, context)
        matching = Matching(rules.cases(selection.ids), selection, rules.knowledge, dockerfile, runs)
        reported.extend(matching.of_caches())
        reported.extend(matching.of_parts())
    except NotFollowedError as error:
        errors.append(_error(source, error.span.start if error.span else 0, str(error)))
    if b"lint" in source.data.lower():
        reported = _suppressed(dockerfile, reported, rules, selection)
    if errors:
        # What --fix will not do is not offered.
        reported = [
            replace(finding, fixes=(), unfixable=FILE_HAS_ERRORS) if finding.fixes else finding for finding in reported
        ]
    reported.sort(key=lambda finding: (finding.span.start, finding.span.end, finding.rule))
    return FileReport(source.path, source, tuple(reported), tuple(errors))


def _error(source: Source, offset: int, message: str) -> FileError:
    position = source.position(offset)
    return FileError(source.path, position.line, position.column, message)


def _suppressed(dockerfile: Dockerfile, findings: list[Finding], rules: RuleSet, selection: Selection) -> list[Finding]:
    """The findings that no comment silences, and those about the comments."""
    from layerlint.suppression.comments import suppress  # few files have any

    kept, unused = suppress(dockerfile, findings, rules.names, selection.severities)
    if len(kept) < len(findings):
        kept = _without_fixes_of_silenced(findings, kept)
    return [*kept, *_report_unused(dockerfile, unused, rules, selection)]


def _without_fixes_of_silenced(findings: Collection[Finding], kept: Collection[Finding]) -> tuple[Finding, ...]:
    """`kept` without the fixes that would also mend a finding that a comment silences: there the cache is wanted."""
    shown = set(kept)
    wanted = {edit for finding in findings if finding not in shown for fix in finding.fixes for edit in fix.edits}
    result = []
    for finding in kept:
        fixes = tuple(fix for fix in finding.fixes if wanted.isdisjoint(fix.edits))
        reason = finding.unfixable if fixes or not finding.fixes else _ALSO_FOR_SILENCED
        result.append(replace(finding, fixes=fixes, unfixable=reason))
    return tuple(result)


def _sentence(text: str) -> str:
    """The text with a capital letter and, unless it ends in a question, a full stop."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith(("?", ".")) else ".")


def _report_unused(
    dockerfile: Dockerfile, unused: Collection[Unused], rules: RuleSet, selection: Selection
) -> Iterator[Finding]:
    if not unused:
        return
    starts = [instruction.span.start for instruction in dockerfile.instructions]
    for rule in rules.rules:
        if rule.id not in selection.severities or not any(case.when.suppression for case in rule.all_cases):
            continue
        for suppression in unused:
            index = bisect_right(starts, suppression.span.start) - 1
            around = dockerfile.instructions[index] if index >= 0 else None
            if around is not None and suppression.span.start >= around.span.end:
                around = None
            yield Finding(
                rule=rule.id,
                name=rule.name,
                severity=selection.severities[rule.id],
                message=fill(rule.message, {"suppression": suppression.message}),
                span=suppression.span,
                instruction=instruction_place(around) if around is not None else None,
                advice=_sentence(suppression.advice) or rule.advice,
            )
