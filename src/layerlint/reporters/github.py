"""GitHub workflow commands: each finding becomes an annotation on its line in a pull request.

The form, its escapes and the order are those of `command.ts` and `core.ts` in GitHub's actions toolkit.
"""

from __future__ import annotations

from layerlint.finding import FileError, FileReport, Finding, Severity, Summary
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.source.source import Source
from layerlint.visible import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


class GithubReporter:
    """Prints one workflow command for each finding and each error."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write

    def add(self, report: FileReport) -> None:
        """Print the file's annotations."""
        for error in report.errors:
            self._write(_error_command(error))
        if report.source is not None:
            for finding in report.findings:
                self._write(_finding_command(report.source, finding))

    def finish(self, summary: Summary) -> None:
        """Nothing comes last."""


def _finding_command(source: Source, finding: Finding) -> str:
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    properties: dict[str, str | int] = {"title": f"{finding.rule} {finding.name}", "file": source.path}
    properties |= {"line": start.line, "endLine": end.line}
    if start.line == end.line:
        # GitHub refuses columns for an annotation of several lines.
        properties |= {"col": start.column, "endColumn": end.column}
    message = finding.message if not finding.advice else f"{finding.message}\n{finding.advice}"
    return _command(_COMMANDS[finding.severity], properties, message)


def _error_command(error: FileError) -> str:
    properties: dict[str, str | int] = {"title": "layerlint could not check this file", "file": error.path}
    if error.line:
        properties["line"] = error.line
        if error.column:
            properties["col"] = error.column
    return _command("error", properties, error.message)


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(visible(message, keep=chr(10)))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
