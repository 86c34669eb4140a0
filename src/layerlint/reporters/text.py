"""Findings for people: a headline that terminals make clickable, the lines in question, and what to do."""

from __future__ import annotations

from collections import Counter

from layerlint.finding import FileError, FileReport, Finding, Fix, Safety, Severity, Summary
from layerlint.reporters.excerpt import Row, excerpt
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.reporters.totals import Totals
from layerlint.source.source import Source, Span, encode
from layerlint.visible import visible

_BOLD = "1"
_BLUE = "34"
_GREEN = "1;32"
_CYAN = "1;36"
_SEVERITY_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: _CYAN}
_NARROWEST = 40


class TextReporter:
    """Prints a block for each finding, an empty line after it, and a summary at the end.

    With `quiet` only the headlines, without a summary; with `statistics` a count for each rule as well.
    """

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._context = context
        self._totals = Totals()
        self._rules: Counter[tuple[str, str]] = Counter()

    def add(self, report: FileReport) -> None:
        """Print the file's errors and findings."""
        self._totals.add(report)
        for error in report.errors:
            self._write(self._error_block(report.source, error))
        if report.source is None:
            return
        for finding in report.findings:
            self._rules[finding.rule, finding.name] += 1
            self._write(self._finding_block(report.source, finding))

    def finish(self, summary: Summary) -> None:
        """Print the statistics and the summary."""
        if self._context.statistics and self._rules:
            counts = sorted(self._rules.items(), key=lambda item: (-item[1], item[0]))
            width = len(str(counts[0][1]))
            longest = max(len(rule) for rule, _ in self._rules)
            lines = (
                f"{count:>{width}}  {visible(rule):<{longest}}  {visible(name)}\n" for (rule, name), count in counts
            )
            self._write("".join(lines) + ("" if self._context.quiet else "\n"))
        if not self._context.quiet:
            self._write(self._totals.sentences(summary) + "\n")

    def _finding_block(self, source: Source, finding: Finding) -> str:
        color = _SEVERITY_COLORS[finding.severity]
        place = source.position(finding.span.start)
        head = self._paint(_BOLD, visible(f"{source.path}:{place.line}:{place.column}:"))
        severity = self._paint(color, str(finding.severity))
        lines = [f"{head} {severity} {self._paint(_BOLD, finding.rule)} {visible(finding.message)}"]
        if self._context.quiet:
            return lines[0] + "\n"
        first_line = finding.instruction.line if finding.instruction else 0
        last_line = max(source.line_at(span.end) for span in (finding.span, *(other.span for other in finding.related)))
        gutter = len(str(last_line)) + 1
        width = max(_NARROWEST, self._context.width - gutter - 3)
        lines += self._rows(excerpt(source, finding.span, width=width, first_line=first_line), gutter, color)
        for related in finding.related:
            lines.append(self._note(gutter, _BLUE, "note", related.message))
            lines += self._rows(excerpt(source, related.span, width=width), gutter, _BLUE)
        if finding.advice:
            lines.append(self._note(gutter, _CYAN, "help", finding.advice))
        lines += (self._note(gutter, _GREEN, "fix", _fix_text(fix)) for fix in finding.fixes)
        if finding.unfixable:
            lines.append(self._note(gutter, _CYAN, "no fix", finding.unfixable))
        return "\n".join(lines) + "\n\n"

    def _error_block(self, source: Source | None, error: FileError) -> str:
        color = _SEVERITY_COLORS[Severity.ERROR]
        head = (
            f"{self._paint(_BOLD, visible(error.place) + ':')} {self._paint(color, 'error:')} {visible(error.message)}"
        )
        lines = [head]
        if self._context.quiet:
            return head + "\n"
        if source is not None and 0 < error.line <= len(source.line_starts):
            gutter = len(str(error.line)) + 1
            width = max(_NARROWEST, self._context.width - gutter - 3)
            lines += self._rows(excerpt(source, _error_span(source, error), width=width), gutter, color)
        return "\n".join(lines) + "\n\n"

    def _rows(self, rows: list[Row], gutter: int, color: str) -> list[str]:
        lines = []
        below = self._paint(_BLUE, f"{'':>{gutter}} |")
        for row in rows:
            if not row.line:
                lines.append(self._paint(_BLUE, "..."))
                continue
            lines.append(f"{self._paint(_BLUE, f'{row.line:>{gutter}} |')} {row.text}".rstrip())
            if row.marks:
                lines.append(f"{below} {self._mark(row.marks, color)}")
        return lines

    def _mark(self, marks: str, color: str) -> str:
        carets = marks.lstrip(" ")
        return marks[: len(marks) - len(carets)] + self._paint(color, carets)

    def _note(self, gutter: int, color: str, label: str, text: str) -> str:
        return f"{'':>{gutter}} {self._paint(_BLUE, '=')} {self._paint(color, label + ':')} {visible(text)}"

    def _paint(self, color: str, text: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self._context.color else text


def _fix_text(fix: Fix) -> str:
    return f"{fix.title} (--fix)" if fix.safety is Safety.SAFE else f"{fix.title} (--fix --unsafe-fixes)"


def _error_span(source: Source, error: FileError) -> Span:
    """The character that `error` points to, the whole line when it names no column."""
    place = source.line_span(error.line)
    if not error.column:
        return Span(place.start, place.end)
    text = source.text(place)
    start = place.start + len(encode(text[: error.column - 1]))
    return Span(start, min(place.end, start + len(encode(text[error.column - 1 : error.column]))))
