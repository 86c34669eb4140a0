"""SARIF 2.1.0 (OASIS), as GitHub code scanning and other viewers read it.

GitHub refuses a log beyond its limits ("SARIF support for code scanning" in its documentation), and then shows nothing
at all: results are left out to stay within them, the least severe ones, and the log says so. The other limits are out
of reach: a result has one location, and as many related ones as its rule names.
"""

from __future__ import annotations

import re
import zlib

from layerlint.finding import FileError, FileReport, Summary
from layerlint.fingerprint import fingerprints
from layerlint.reporters.json_text import json_text
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.reporters.sarif_objects import ROOT, Json, notification_object, result_object, rule_object

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Validators ask for an address of the tool; this is one that leads nowhere wrong.
_ADDRESS = "urn:layerlint:tool"

_MAX_RESULTS = 25_000
_MAX_BYTES = 9_000_000
"""Compressed by gzip. GitHub takes 10 MB; the upload action adds a fingerprint to each result before."""


class SarifReporter:
    """Prints one SARIF log with one run, a result a line, at the end: only then it is known which results it has."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._context = context
        self._rule_indexes = {rule.id: index for index, rule in enumerate(context.rules)}
        self._errors: list[FileError] = []
        # Each with its severity's rank and its number in the order of the files.
        self._results: list[tuple[int, int, str]] = []
        self._count = 0

    def add(self, report: FileReport) -> None:
        """Keep the file's results and errors."""
        self._errors.extend(report.errors)
        if report.source is None:
            return
        for finding, fingerprint in zip(report.findings, fingerprints(report), strict=True):
            result = result_object(report.source, finding, fingerprint)
            if finding.rule in self._rule_indexes:
                result["ruleIndex"] = self._rule_indexes[finding.rule]
            self._results.append((finding.severity.rank, self._count, json_text(result)))
            self._count += 1
        if len(self._results) >= 2 * _MAX_RESULTS:
            self._keep(_MAX_RESULTS)

    def finish(self, summary: Summary) -> None:  # SARIF has no place for totals
        """Print the log."""
        self._keep(_MAX_RESULTS)
        log = self._log()
        while self._results and (size := _compressed_size(log)) > _MAX_BYTES:
            self._keep(int(len(self._results) * 0.95 * _MAX_BYTES / size))
            log = self._log()
        self._write(log)
        if left_out := self._left_out():
            self._context.warn(f"the SARIF log is incomplete: {left_out}")

    def _keep(self, number: int) -> None:
        """Leave out all but the `number` most severe results, the first ones among equals."""
        if len(self._results) > number:
            self._results.sort(key=lambda result: (-result[0], result[1]))
            del self._results[number:]
            self._results.sort(key=lambda result: result[1])

    def _left_out(self) -> str:
        """A sentence on the results that were left out; empty if none was."""
        number = self._count - len(self._results)
        if not number:
            return ""
        limits = f"GitHub takes {_MAX_RESULTS:,} results and 10 MB, compressed"
        return f"{number:,} of {self._count:,} results are left out, the least severe ones; {limits}."

    def _log(self) -> str:
        invocation: Json = {"executionSuccessful": not self._errors}
        notifications = [notification_object(error) for error in self._errors]
        if left_out := self._left_out():
            notifications.append({"level": "warning", "message": {"text": left_out}})
        if notifications:
            invocation["toolExecutionNotifications"] = notifications
        results = ",".join(f"\n    {text}" for _, _, text in self._results)
        return f'{self._head()}{results}],\n   "invocations": {json_text([invocation])}}}]}}\n'

    def _head(self) -> str:
        """The log up to and including the bracket that opens the results."""
        driver: Json = {
            "name": "layerlint",
            "fullName": f"layerlint {self._context.version}",
            "informationUri": _ADDRESS,
            "version": self._context.version,
            "rules": [rule_object(rule) for rule in self._context.rules],
        }
        if re.fullmatch(r"\d+\.\d+\.\d+", self._context.version):
            driver["semanticVersion"] = self._context.version
        run: Json = {
            "tool": {"driver": driver},
            "automationDetails": {"id": "layerlint/"},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                ROOT: {"description": {"text": "The folder that layerlint ran in: the root of the repository."}}
            },
        }
        start = json_text({"$schema": _SCHEMA, "version": "2.1.0"})[:-1]
        return f'{start},\n "runs": [{json_text(run)[:-1]},\n   "results": ['


def _compressed_size(log: str) -> int:
    """How many bytes `log` has compressed, or a number that is not smaller but as good."""
    size = len(log.encode())
    return size if size <= _MAX_BYTES else len(zlib.compress(log.encode()))
