"""From findings to a mended file: which fixes go together, what the bytes are then, and when to stop."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from layerlint.finding import FILE_HAS_ERRORS, Edit, FileError, FileReport, Finding, Fix, Safety, Severity
from layerlint.source.source import Source, encode
from layerlint.startup.quick_dataclass import dataclass

Lint = Callable[[Source], FileReport]
Only = Callable[[FileReport], FileReport]
Check = Callable[[Source, Source, Sequence[Edit]], str | None]
"""Given the file before and after, and the edits: why the change must not be made, or None."""

MAX_ROUNDS = 10
# Finding the fixes that a check refuses takes several checks of the whole file; a file full of such fixes must not
# take time that grows with the square of its size.
_MAX_CHECKS = 64


@dataclass(frozen=True, slots=True)
class Waiting:
    """A finding whose fix is not applied now, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Fixes that can be applied together: their edits in order, each once, and the findings that they mend."""

    edits: tuple[Edit, ...]
    applied: tuple[Finding, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file after fixing.

    `report` is of the file as it is now, with `fixed` counting `applied`; a finding whose fix was refused says so in
    `unfixable`. The spans of `applied` belong to the file as it was in the round that mended them. When a rule never
    settles, `source` is the file as it was and `report.errors` names the rule.
    """

    source: Source
    report: FileReport
    applied: tuple[Finding, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def applicable(finding: Finding, *, unsafe: bool) -> Fix | None:
    """The first fix of `finding` that may be applied: a safe one, or with `unsafe` any."""
    return next((fix for fix in finding.fixes if fix.edits and (unsafe or fix.safety is Safety.SAFE)), None)


def choose(findings: Iterable[Finding], *, unsafe: bool) -> Chosen:
    """Take each finding's first applicable fix, in order, unless it touches the text of one taken before.

    A fix is taken with all its edits or not at all. Two edits touch when they replace the same byte, or when one
    inserts where the other begins or ends; an edit that two fixes have in common is applied once and serves both.
    """
    edits: list[Edit] = []
    owners: dict[Edit, Finding] = {}
    applied: list[Finding] = []
    waiting: list[Waiting] = []
    for finding in findings:
        fix = applicable(finding, unsafe=unsafe)
        if fix is None:
            continue
        new = [edit for edit in fix.edits if edit not in owners]
        taken = next((other for edit in new for other in _neighbours(edits, edit) if _touch(edit, other)), None)
        if taken is not None:
            waiting.append(Waiting(finding, f"its fix changes the same text as the fix of {owners[taken].rule}"))
            continue
        for edit in new:
            insort(edits, edit)
            owners[edit] = finding
        applied.append(finding)
    return Chosen(tuple(edits), tuple(applied), tuple(waiting))


def _neighbours(edits: list[Edit], edit: Edit) -> list[Edit]:
    """The edits on both sides of where `edit` belongs: as none of `edits` overlap, no other can touch it alone."""
    index = bisect_left(edits, edit)
    return edits[max(0, index - 1) : index + 1]


def _touch(one: Edit, other: Edit) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with `edits` made; every other byte stays. ValueError when edits overlap or lie outside of `data`."""
    pieces: list[bytes] = []
    offset = 0
    for edit in sorted(edits):
        if not offset <= edit.start <= edit.end <= len(data):
            raise ValueError(f"{edit} overlaps another edit or lies outside of the file's {len(data)} bytes")
        pieces += (data[offset : edit.start], encode(edit.text))
        offset = edit.end
    pieces.append(data[offset:])
    return b"".join(pieces)


def _changed_reading(before: Source, after: Source, edits: Sequence[Edit]) -> str | None:
    from layerlint.fixing.fix_check import changed_reading  # the patch reporter has no use for the parser

    return changed_reading(before, after, edits)


def _all(report: FileReport) -> FileReport:
    return report


def fix_until_stable(
    source: Source, lint: Lint, *, unsafe: bool, check: Check | None = _changed_reading, only: Only = _all
) -> Fixed:
    """Lint `source`, apply what `choose` takes, and again, until nothing changes; at most `MAX_ROUNDS` times.

    `check` sees the file before and after a round, and the edits; when it gives a reason, the fixes that cause it are
    dropped and their findings left, with that reason. Unless told otherwise it is `changed_reading`. Nor is a fix made
    that brings a finding which nothing mends. A file with errors is not touched: what it means is not known. What
    `only` leaves out of a report is neither fixed nor reported.
    """
    lint = _remembering(lint)
    original, first_report = source, only(lint(source))
    report = first_report
    if report.errors:
        left = [Waiting(finding, FILE_HAS_ERRORS) for finding in report.findings if finding.fixes]
        return _left(source, report, (), left)
    referee = _Referee(check, lint, unsafe=unsafe)
    applied: list[Finding] = []
    for _ in range(MAX_ROUNDS + 1):
        accepted, refused = referee.choose(source, report.findings, lint(source).findings)
        if not accepted.applied:
            return _left(source, report, applied, refused)
        applied += accepted.applied
        source = Source(source.path, apply(source.data, accepted.edits))
        report = only(lint(source))
    error = _never_settles(original, accepted.applied)
    return Fixed(original, replace(first_report, errors=(*first_report.errors, error)))


def _left(source: Source, report: FileReport, applied: Sequence[Finding], waiting: Sequence[Waiting]) -> Fixed:
    """The result, with the reasons written into the findings that were left."""
    reasons = {waiter.finding: waiter.reason for waiter in waiting}
    findings = tuple(
        replace(finding, fixes=(), unfixable=reasons[finding]) if finding in reasons else finding
        for finding in report.findings
    )
    report = replace(report, findings=findings, fixed=report.fixed + len(applied))
    return Fixed(source, report, tuple(applied), tuple(waiting))


def _never_settles(source: Source, findings: Iterable[Finding]) -> FileError:
    rules = ",".join(sorted({finding.rule for finding in findings}))
    message = (
        f"the fixes do not come to an end: {rules} still changes the file after {MAX_ROUNDS} rounds. "
        f"The file is as it was; run again with --ignore {rules}, and report the rule to its author"
    )
    return FileError(source.path, 0, 0, message)


def _remembering(lint: Lint) -> Lint:
    """`lint` that does not look again at what it has just looked at."""
    last: list[FileReport] = []

    def linted(source: Source) -> FileReport:
        if not last or last[0].source is None or last[0].source.data != source.data:
            last[:] = [lint(source)]
        return last[0]

    return linted


class _Referee:
    """Chooses fixes that a check lets through. Counts the checks, of which a file gets only so many."""

    def __init__(self, check: Check | None, lint: Lint, *, unsafe: bool) -> None:
        self._check = check
        self._lint = lint
        self._unsafe = unsafe
        self._checks_left = _MAX_CHECKS

    def choose(
        self, source: Source, findings: Sequence[Finding], all_findings: Sequence[Finding]
    ) -> tuple[Chosen, list[Waiting]]:
        """Fixes of `findings` that can be applied together, and the findings whose fixes were refused.

        A finding that waited for one whose fix is refused gets its turn.
        """
        refused: list[Waiting] = []
        while True:
            chosen = choose(findings, unsafe=self._unsafe)
            accepted, culprits = self._sift(source, all_findings, chosen.applied)
            refused += culprits
            if accepted.applied or not culprits:
                return accepted, refused
            gone = {waiter.finding for waiter in culprits}
            findings = [finding for finding in findings if finding not in gone]

    def _sift(
        self, source: Source, all_findings: Sequence[Finding], findings: Sequence[Finding]
    ) -> tuple[Chosen, list[Waiting]]:
        """Halve what is refused until the culprits stand alone; the rest is accepted, and has been seen together."""
        good: list[Finding] = []
        culprits: list[Waiting] = []
        groups = [list(findings)] if findings else []
        while groups:
            group = groups.pop()
            reason = self._refusal(source, all_findings, good + group)
            if reason is None:
                good += group
            elif len(group) == 1 or self._checks_left <= 0:
                culprits += (Waiting(finding, reason) for finding in group)
            else:
                middle = len(group) // 2
                groups += (group[middle:], group[:middle])
        return choose(good, unsafe=self._unsafe), culprits

    def _refusal(self, source: Source, all_findings: Sequence[Finding], findings: Sequence[Finding]) -> str | None:
        if self._checks_left <= 0:
            return "too many fixes of this file were refused"
        self._checks_left -= 1
        edits = choose(findings, unsafe=self._unsafe).edits
        data = apply(source.data, edits)
        if data == source.data:
            return "its fix changes nothing"
        changed = Source(source.path, data)
        reason = self._check(source, changed, edits) if self._check else None
        return reason or self._worse(all_findings, findings, self._lint(changed).findings)

    def _worse(self, before: Sequence[Finding], mended: Sequence[Finding], after: Sequence[Finding]) -> str | None:
        """What there is `after` that nothing mends, and was not `before`.

        A command that stopped and is mended may well have the findings of one that works.
        """
        if any(finding.severity is Severity.ERROR for finding in mended):
            return None
        brought = self._lasting(after) - self._lasting(before)
        return f"its fix would bring {', '.join(sorted(brought))}" if brought else None

    def _lasting(self, findings: Iterable[Finding]) -> Counter[str]:
        return Counter(finding.rule for finding in findings if applicable(finding, unsafe=self._unsafe) is None)
