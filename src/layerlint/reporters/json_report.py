"""JSON for scripts: version 1 of the contract that the README describes. Keys are added, never changed or removed."""

from __future__ import annotations

from layerlint.finding import FileError, FileReport, Finding, Fix, Summary
from layerlint.reporters.json_text import is_unicode, json_text
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.reporters.visible import visible
from layerlint.source import Source, Span

_CONTRACT_VERSION = 1


class JsonReporter:
    """Prints one JSON object, a finding a line, while the files come in."""

    def __init__(self, write: Write, context: ReportContext) -> None:  # noqa: ARG002 - every reporter is made alike
        self._write = write
        self._errors: list[FileError] = []
        self._before_finding = f'{{"version": {_CONTRACT_VERSION},\n "findings": [\n  '

    def add(self, report: FileReport) -> None:
        """Print the file's findings; its errors come at the end."""
        self._errors.extend(report.errors)
        if report.source is not None:
            for finding in report.findings:
                self._write(self._before_finding + json_text(finding_object(report.source, finding)))
                self._before_finding = ",\n  "

    def finish(self, summary: Summary) -> None:
        """Print the errors and the summary."""
        any_finding = self._before_finding.startswith(",")
        head = "\n " if any_finding else self._before_finding.rstrip()
        errors = ",\n  ".join(json_text(_error_object(error)) for error in self._errors)
        totals = {
            "files": summary.files,
            "findings": summary.findings,
            "fixed": summary.fixed,
            "errors": summary.errors,
        }
        listed = f"\n  {errors}\n " if errors else ""
        self._write(f'{head}],\n "errors": [{listed}],\n "summary": {json_text(totals)}}}\n')


def finding_object(source: Source, finding: Finding) -> dict[str, object]:
    """A finding as the contract has it; lines and columns count from 1, ends are exclusive."""
    instruction = finding.instruction
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": str(finding.severity),
        "message": visible(finding.message, keep="\n"),
        "path": source.path,
        **_region(source, finding.span),
        "instruction": instruction
        and {"keyword": instruction.keyword, "line": instruction.line, "end_line": instruction.end_line},
        "advice": visible(finding.advice, keep="\n"),
        "related": [
            {"message": visible(related.message, keep="\n"), **_region(source, related.span)}
            for related in finding.related
        ],
        # Text that is not UTF-8 cannot be said in JSON, and a fix that is nearly right is wrong.
        "fixes": [
            _fix_object(source, fix) for fix in finding.fixes if all(is_unicode(edit.text) for edit in fix.edits)
        ],
        "unfixable": visible(finding.unfixable, keep="\n"),
    }


def _fix_object(source: Source, fix: Fix) -> dict[str, object]:
    return {
        "title": visible(fix.title),
        "safety": str(fix.safety),
        "edits": [{**_region(source, Span(edit.start, edit.end)), "text": edit.text} for edit in fix.edits],
    }


def _error_object(error: FileError) -> dict[str, object]:
    return {
        "path": error.path,
        "line": error.line,
        "column": error.column,
        "message": visible(error.message, keep="\n"),
    }


def _region(source: Source, span: Span) -> dict[str, int]:
    start, end = source.position(span.start), source.position(span.end)
    return {"line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column}
