"""JUnit's XML report, for what shows the results of tests: Jenkins, GitLab, Azure Pipelines, CircleCI and others.

A file is a suite. Its first test passes if the file can be checked; each rule that found something in it is one more.
So a test keeps its name when lines move, which is how these programs tell new failures from old ones, and no two tests
of a suite share a name, of which GitLab would show one alone. The form is what the xUnit plugin of Jenkins insists on
(its `junit-10.xsd`), the strictest of the readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from layerlint.finding import FileReport, Finding, Severity, Summary
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.reporters.sentences import message_and_advice, sentence
from layerlint.reporters.xml_text import DECLARATION, add_element, xml_text
from layerlint.source.source import Source
from layerlint.visible import visible

_CHECKED = "can be checked"
_COUNTS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


@dataclass(frozen=True, slots=True)
class _Test:
    """A test and why it did not pass: `messages`, the same with their places in `lines`; no outcome means it passed."""

    name: str
    outcome: Literal["", "failure", "error", "skipped"] = ""
    kind: str = ""
    messages: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class JunitReporter:
    """Prints a suite for each file."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._context = context
        self._head = f'{DECLARATION}<testsuites name="layerlint">\n'

    def add(self, report: FileReport) -> None:
        """Print the file's suite."""
        tests = [_reading(report), *_rules(report)]
        counts = {plural: sum(test.outcome == outcome for test in tests) for outcome, plural in _COUNTS.items()}
        suite = add_element(None, "testsuite", {"name": report.path, "tests": len(tests), **counts})
        for test in tests:
            case = add_element(suite, "testcase", {"name": test.name, "classname": report.path})
            if test.outcome:
                more = f" (and {len(test.messages) - 1} more)" if len(test.messages) > 1 else ""
                attributes = {"type": test.kind, "message": test.messages[0] + more}
                add_element(case, test.outcome, attributes, "\n".join(test.lines))
        self._write(self._head + xml_text(suite, level=1))
        self._head = ""

    def finish(self, summary: Summary) -> None:  # the readers count for themselves
        """Close the report."""
        self._write(f"{self._head}</testsuites>\n")


def _reading(report: FileReport) -> _Test:
    if not report.errors:
        return _Test(_CHECKED)
    messages = tuple(sentence(error.message) for error in report.errors)
    lines = tuple(visible(f"{error.place}: error: {said}") for error, said in zip(report.errors, messages, strict=True))
    return _Test(_CHECKED, "error", str(Severity.ERROR), messages, lines)


def _rules(report: FileReport) -> Iterator[_Test]:
    fail_on = report.fail_on
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding)
    for rule, findings in found.items():
        worst = max((finding.severity for finding in findings), key=lambda severity: severity.rank)
        # Red only if the run is; what does not fail it is skipped, as pytest has it for failures that are expected.
        fails = fail_on is not None and worst.rank >= fail_on.rank
        messages = tuple(message_and_advice(finding) for finding in findings)
        lines = tuple(_line(report.source, finding) for finding in findings if report.source is not None)
        yield _Test(f"{rule} {findings[0].name}", "failure" if fails else "skipped", str(worst), messages, lines)


def _line(source: Source, finding: Finding) -> str:
    start = source.position(finding.span.start)
    return visible(f"{source.path}:{start.line}:{start.column}: {finding.severity} {message_and_advice(finding)}")
