"""A table for a comment on a pull request, or for the summary of a job."""

from __future__ import annotations

from layerlint.finding import FileReport, Severity, Summary
from layerlint.reporters.markdown_text import code, markdown
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.reporters.sentences import message_and_advice, sentence
from layerlint.reporters.totals import Totals
from layerlint.visible import visible

_TABLE = "| Severity | Place | Rule | Finding |\n| --- | --- | --- | --- |\n"

_MAX_BYTES = 65_000
"""GitHub refuses a comment of more than 65,536 characters. The rest is for what others put around the table."""


class MarkdownReporter:
    """Prints the totals and below them a row for each error and each finding, as many as fit in a comment."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._warn = context.warn
        self._totals = Totals()
        self._rows: list[tuple[Severity, str]] = []

    def add(self, report: FileReport) -> None:
        """Keep the file's rows."""
        self._totals.add(report)
        for error in report.errors:
            self._add_row(Severity.ERROR, error.path, error.line, "", sentence(error.message))
        if report.source is not None:
            for finding in report.findings:
                line = report.source.line_at(finding.span.start)
                self._add_row(finding.severity, report.path, line, finding.rule, message_and_advice(finding))

    def _add_row(self, severity: Severity, path: str, line: int, rule: str, text: str) -> None:
        place = code(f"{visible(path)}:{line}" if line else visible(path))
        self._rows.append((severity, f"| {severity} | {place} | {code(rule)} | {markdown(text)} |\n"))

    def finish(self, summary: Summary) -> None:
        """Print all of it."""
        self._write(f"**layerlint**: {markdown(self._totals.sentences(summary, errors='below'))}\n")
        if not self._rows:
            return
        kept = self._kept()
        self._write("\n" + _TABLE + "".join(self._rows[index][1] for index in sorted(kept)))
        left_out = len(self._rows) - len(kept)
        if left_out:
            rows = f"{left_out} of {len(self._rows)} rows do not fit in a comment"
            self._write(f"\n{rows}, the least severe ones.\n")
            self._warn(f"{rows} and are left out of the markdown report")

    def _kept(self) -> list[int]:
        """The indexes of the rows that fit, the most severe first, then in the order of the files."""
        by_severity = sorted(range(len(self._rows)), key=lambda index: -self._rows[index][0].rank)
        room = _MAX_BYTES
        kept = []
        for index in by_severity:
            size = len(self._rows[index][1].encode())
            # One row that is too long does not keep the others out.
            if size <= room:
                room -= size
                kept.append(index)
        return kept
