"""GitLab's Code Quality report: a finding appears in the merge request and beside its line.

The form is the one of "Code Quality report format" in GitLab's documentation. GitLab stops reading at the first entry
that lacks one of its keys, and shows entries of one fingerprint as one.
"""

from __future__ import annotations

import posixpath

from layerlint.finding import FileReport, Severity, Summary
from layerlint.fingerprint import error_fingerprints, fingerprints
from layerlint.reporters.json_text import json_text
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.reporters.sentences import message_and_advice, sentence
from layerlint.visible import visible

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "minor"}


class GitlabReporter:
    """Prints a JSON array with an entry for each finding and each error, one a line."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._before_entry = "[\n  "

    def add(self, report: FileReport) -> None:
        """Print the file's entries."""
        for error, fingerprint in zip(report.errors, error_fingerprints(report), strict=True):
            text = "layerlint could not check this file: " + visible(sentence(error.message), keep="\n")
            self._entry(text, "unchecked-file", fingerprint, "blocker", error.path, max(1, error.line))
        if report.source is None:
            return
        for finding, fingerprint in zip(report.findings, fingerprints(report), strict=True):
            # GitLab shows the description and the severity, not the name of the check.
            text = f"{finding.rule}: {message_and_advice(finding)}"
            line = report.source.line_at(finding.span.start)
            self._entry(text, finding.rule, fingerprint, _SEVERITIES[finding.severity], report.path, line)

    def finish(self, summary: Summary) -> None:  # there is no place for totals
        """Close the array."""
        self._write("[]\n" if self._before_entry.startswith("[") else "\n]\n")

    def _entry(self, description: str, check: str, fingerprint: str, severity: str, path: str, line: int) -> None:
        entry = {
            "description": description,
            "check_name": check,
            "fingerprint": fingerprint,
            "severity": severity,
            # GitLab finds the file in the repository by this text alone: `./Dockerfile` is none of it.
            "location": {"path": posixpath.normpath(path), "lines": {"begin": line}},
        }
        self._write(self._before_entry + json_text(entry))
        self._before_entry = ",\n  "
