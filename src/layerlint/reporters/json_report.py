"""JSON for scripts, in the form of `json_model.py`."""

from __future__ import annotations

from layerlint import finding as internal
from layerlint.finding import FileReport
from layerlint.reporters.json_model import VERSION, Edit, Error, Finding, Fix, Instruction, Related, Summary
from layerlint.reporters.json_text import is_unicode, json_text
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.source.source import Source, Span
from layerlint.visible import visible

_Place = tuple[int, int, int, int]


class JsonReporter:
    """Prints one JSON object, a finding a line, while the files come in."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._errors: list[internal.FileError] = []
        self._before_finding = f'{{"version": {VERSION},\n "findings": [\n  '

    def add(self, report: FileReport) -> None:
        """Print the file's findings; its errors come at the end."""
        self._errors.extend(report.errors)
        if report.source is not None and report.findings:
            texts = [json_text(_finding(report.source, finding)) for finding in report.findings]
            self._write(self._before_finding + ",\n  ".join(texts))
            self._before_finding = ",\n  "

    def finish(self, summary: internal.Summary) -> None:
        """Print the errors and the summary."""
        any_finding = self._before_finding.startswith(",")
        head = "\n " if any_finding else self._before_finding.rstrip()
        errors = ",\n  ".join(json_text(_error(error)) for error in self._errors)
        totals = Summary(summary.files, summary.findings, summary.fixed, summary.errors)
        listed = f"\n  {errors}\n " if errors else ""
        self._write(f'{head}],\n "errors": [{listed}],\n "summary": {json_text(totals)}}}\n')


def _finding(source: Source, finding: internal.Finding) -> Finding:
    line, column, end_line, end_column = _place(source, finding.span)
    place = finding.instruction
    return Finding(
        rule=finding.rule,
        name=finding.name,
        severity=finding.severity,
        message=visible(finding.message, keep="\n"),
        path=source.path,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        instruction=Instruction(place.keyword, place.line, place.end_line) if place else None,
        advice=visible(finding.advice, keep="\n"),
        related=tuple(
            Related(visible(related.message, keep="\n"), *_place(source, related.span)) for related in finding.related
        ),
        # Text that is not UTF-8 cannot be said in JSON, and a fix that is nearly right is wrong.
        fixes=tuple(_fix(source, fix) for fix in finding.fixes if all(is_unicode(edit.text) for edit in fix.edits)),
        unfixable=visible(finding.unfixable, keep="\n"),
    )


def _fix(source: Source, fix: internal.Fix) -> Fix:
    edits = tuple(Edit(*_place(source, Span(edit.start, edit.end)), edit.text) for edit in fix.edits)
    return Fix(visible(fix.title), fix.safety, edits)


def _error(error: internal.FileError) -> Error:
    return Error(error.path, error.line, error.column, visible(error.message, keep="\n"))


def _place(source: Source, span: Span) -> _Place:
    start = source.position(span.start)
    end = source.position(span.end) if len(span) else start
    return start.line, start.column, end.line, end.column
