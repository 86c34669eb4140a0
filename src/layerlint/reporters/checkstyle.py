"""Checkstyle's XML report, which editors, reviewdog and the Warnings plugin of Jenkins read.

The elements and attributes are those that Checkstyle's own `XMLLogger` writes. A file without findings is there too.
"""

from __future__ import annotations

from layerlint.finding import FileReport, Summary
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.reporters.sentences import message_and_advice, sentence
from layerlint.reporters.xml_text import DECLARATION, add_element, xml_text

# Of Checkstyle's report, since when its form has not changed.
_VERSION = "4.3"


class CheckstyleReporter:
    """Prints an element for each file, with one for each of its errors and findings in it."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._head = f'{DECLARATION}<checkstyle version="{_VERSION}">\n'

    def add(self, report: FileReport) -> None:
        """Print the file's element."""
        file = add_element(None, "file", {"name": report.path})
        for error in report.errors:
            attributes: dict[str, object] = {"line": error.line}  # 0 is Checkstyle's way to speak of the whole file
            if error.column:
                attributes["column"] = error.column
            attributes |= {
                "severity": "error",
                "message": sentence(error.message),
                "source": "layerlint.unchecked-file",
            }
            add_element(file, "error", attributes)
        if report.source is not None:
            for finding in report.findings:
                start = report.source.position(finding.span.start)
                attributes = {
                    "line": start.line,
                    "column": start.column,
                    "severity": finding.severity,
                    "message": message_and_advice(finding),
                    "source": f"layerlint.{finding.rule}",
                }
                add_element(file, "error", attributes)
        self._write(self._head + xml_text(file, level=1))
        self._head = ""

    def finish(self, summary: Summary) -> None:  # there is no place for totals
        """Close the report."""
        self._write(f"{self._head}</checkstyle>\n")
