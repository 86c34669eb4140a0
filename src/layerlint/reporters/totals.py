"""What a run found, in a sentence or two, for the formats that people read."""

from __future__ import annotations

from collections import Counter

from layerlint.finding import FileReport, Safety, Severity, Summary


class Totals:
    """Counts what reports hold."""

    def __init__(self) -> None:
        self._severities: Counter[Severity] = Counter()
        self._files = 0
        self._unchecked = 0
        self._fixable: Counter[Safety] = Counter()

    def add(self, report: FileReport) -> None:
        """Count a file."""
        self._unchecked += bool(report.errors)
        self._files += bool(report.findings)
        for finding in report.findings:
            self._severities[finding.severity] += 1
            safeties = {fix.safety for fix in finding.fixes}
            if safeties:
                self._fixable[Safety.SAFE if Safety.SAFE in safeties else Safety.UNSAFE] += 1

    def sentences(self, summary: Summary, *, errors: str = "above") -> str:
        """The totals of the whole run; `summary` counts the same files. `errors` is where the reader finds those."""
        sentences = []
        if summary.fixed:
            sentences.append(f"Fixed {count(summary.fixed, 'finding')}.")
        if summary.comments:
            sentences.append(f"Wrote {count(summary.comments, 'comment')}.")
        if summary.findings:
            severities = ", ".join(
                _severity_count(severity, self._severities[severity])
                for severity in sorted(self._severities, key=lambda severity: -severity.rank)
            )
            left = " left" if summary.fixed or summary.comments else ""
            all_files = count(summary.files, "file")
            files = all_files if self._files == summary.files else f"{self._files} of {all_files}"
            sentences.append(f"{count(summary.findings, 'finding')}{left} in {files} ({severities}).")
            sentences += self._fixable_sentences()
        elif summary.files == 0:
            sentences.append("There was no file to check.")
        elif summary.baselined or summary.unchanged:
            sentences.append(f"Nothing new in {count(summary.files, 'file')}.")
        elif not self._unchecked:
            sentences.append(f"All clear: {count(summary.files, 'file')}, nothing left in a layer.")
        elif summary.files > self._unchecked:
            sentences.append(f"No findings in {count(summary.files - self._unchecked, 'file')}.")
        if summary.baselined:
            sentences.append(f"{count(summary.baselined, 'finding')} in the baseline.")
        if summary.unchanged:
            sentences.append(f"{count(summary.unchanged, 'finding')} on lines that did not change.")
        if self._unchecked:
            sentences.append(f"{count(self._unchecked, 'file')} could not be checked in full: see the errors {errors}.")
        return " ".join(sentences)

    def _fixable_sentences(self) -> list[str]:
        safe, unsafe = self._fixable[Safety.SAFE], self._fixable[Safety.UNSAFE]
        if safe and unsafe:
            return [f"{safe} fixable with --fix, {unsafe} more with --fix --unsafe-fixes."]
        if safe:
            return [f"{safe} fixable with --fix."]
        return [f"{unsafe} fixable with --fix --unsafe-fixes."] if unsafe else []


def count(number: int, noun: str) -> str:
    """A number of things: `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _severity_count(severity: Severity, number: int) -> str:
    return f"{number} info" if severity is Severity.INFO else count(number, str(severity))
