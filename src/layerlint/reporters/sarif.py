"""SARIF 2.1.0 (OASIS), as GitHub code scanning and other viewers read it."""

from __future__ import annotations

import re
from urllib.parse import quote

from layerlint.finding import FileError, FileReport, Finding, Fix, Severity, Summary
from layerlint.fingerprint import fingerprints
from layerlint.reporters.json_text import is_unicode, json_text
from layerlint.reporters.reporter import ReportContext, RuleDescription, Write
from layerlint.reporters.visible import visible
from layerlint.source import Source, Span, encode

Json = dict[str, object]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "layerlint/v1"
# Validators ask for an address of the tool; this is one that leads nowhere wrong.
_NO_HOMEPAGE = "urn:layerlint:tool"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# A culprit of more bytes than this is shown by its region alone.
_LONGEST_SNIPPET = 2000


class SarifReporter:
    """Prints one SARIF log with one run, a result a line, while the files come in."""

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._context = context
        self._rule_indexes = {rule.id: index for index, rule in enumerate(context.rules)}
        self._errors: list[FileError] = []
        self._separator = ""

    def add(self, report: FileReport) -> None:
        """Print the file's results; its errors come at the end."""
        self._errors.extend(report.errors)
        if report.source is None:
            return
        for finding, fingerprint in zip(report.findings, fingerprints(report), strict=True):
            result = json_text(self._result(report.source, finding, fingerprint))
            self._write(f"{self._separator or self._head()}\n    {result}")
            self._separator = ","

    def finish(self, summary: Summary) -> None:  # noqa: ARG002 - SARIF has no place for totals
        """Print what could not be checked and close the log."""
        head = "" if self._separator else self._head()
        invocation: Json = {"executionSuccessful": not self._errors}
        if self._errors:
            invocation["toolExecutionNotifications"] = [_notification(error) for error in self._errors]
        self._write(f'{head}],\n   "invocations": {json_text([invocation])}}}]}}\n')

    def _head(self) -> str:
        """The log up to and including the bracket that opens the results."""
        driver: Json = {
            "name": "layerlint",
            "fullName": f"layerlint {self._context.version}",
            "informationUri": self._context.homepage or _NO_HOMEPAGE,
            "version": self._context.version,
            "rules": [_rule(rule) for rule in self._context.rules],
        }
        if re.fullmatch(r"\d+\.\d+\.\d+", self._context.version):
            driver["semanticVersion"] = self._context.version
        run: Json = {
            "tool": {"driver": driver},
            "automationDetails": {"id": "layerlint/"},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                _ROOT: {"description": {"text": "The folder that layerlint ran in: the root of the repository."}}
            },
        }
        start = json_text({"$schema": _SCHEMA, "version": "2.1.0"})[:-1]
        return f'{start},\n "runs": [{json_text(run)[:-1]},\n   "results": ['

    def _result(self, source: Source, finding: Finding, fingerprint: str) -> Json:
        location = {"id": 0, "physicalLocation": _physical_location(source, finding.span)}
        text = finding.message if not finding.advice else f"{finding.message}. {finding.advice}"
        result: Json = {
            "ruleId": finding.rule,
            "level": _LEVELS[finding.severity],
            "message": {"text": visible(_sentence(text), keep="\n")},
            "locations": [location],
            "partialFingerprints": {_FINGERPRINT: fingerprint},
        }
        if finding.rule in self._rule_indexes:
            result["ruleIndex"] = self._rule_indexes[finding.rule]
        if finding.related:
            result["relatedLocations"] = [
                {
                    "id": number,
                    "physicalLocation": _physical_location(source, related.span),
                    "message": {"text": visible(_sentence(related.message), keep="\n")},
                }
                for number, related in enumerate(finding.related, 1)
            ]
        fixes = [_fix(source, fix) for fix in finding.fixes if all(is_unicode(edit.text) for edit in fix.edits)]
        if fixes:
            result["fixes"] = fixes
        if finding.unfixable:
            result["properties"] = {"unfixable": visible(finding.unfixable, keep="\n")}
        return result


def _rule(rule: RuleDescription) -> Json:
    help_text = "\n\n".join(part.strip() for part in (rule.note, rule.advice) if part)
    descriptor: Json = {
        "id": rule.id,
        "name": "".join(word[:1].upper() + word[1:] for word in rule.name.split("-")),
        "shortDescription": {"text": visible(_sentence(rule.summary))},
        "fullDescription": {"text": visible(_sentence(rule.note.strip() or rule.summary), keep="\n")},
        "help": {
            "text": visible("\n".join([help_text, *rule.references]), keep="\n"),
            "markdown": visible("\n".join([help_text, "", *(f"- <{page}>" for page in rule.references)]), keep="\n"),
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["dockerfile", "image-size", *rule.aliases], "precision": "very-high"},
    }
    if rule.references:
        descriptor["helpUri"] = rule.references[0]
    return descriptor


def _fix(source: Source, fix: Fix) -> Json:
    replacements = []
    for edit in fix.edits:
        replacement: Json = {"deletedRegion": _region(source, Span(edit.start, edit.end))}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        replacements.append(replacement)
    return {
        "description": {"text": visible(_sentence(fix.title))},
        "artifactChanges": [{"artifactLocation": _artifact(source.path), "replacements": replacements}],
        "properties": {"safety": str(fix.safety)},
    }


def _notification(error: FileError) -> Json:
    place: Json = {"artifactLocation": _artifact(error.path)}
    if error.line:
        place["region"] = {"startLine": error.line, **({"startColumn": error.column} if error.column else {})}
    return {
        "level": "error",
        "message": {"text": visible(_sentence(error.message), keep="\n")},
        "locations": [{"physicalLocation": place}],
    }


def _physical_location(source: Source, span: Span) -> Json:
    region = _region(source, span)
    if 0 < len(span) <= _LONGEST_SNIPPET:
        region["snippet"] = {"text": visible(source.text(span), keep="\t\r\n")}
    return {"artifactLocation": _artifact(source.path), "region": region}


def _region(source: Source, span: Span) -> Json:
    """Lines and columns count from 1, the end column is exclusive: the same in SARIF as in layerlint."""
    start, end = source.position(span.start), source.position(span.end)
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _artifact(path: str) -> Json:
    """A path as a URI: relative to the folder layerlint ran in, or a file URI when it is absolute."""
    if path.startswith("/"):
        return {"uri": "file://" + quote(encode(path))}
    if path[1:3] == ":/":
        return {"uri": "file:///" + quote(encode(path), safe="/:")}
    return {"uri": quote(encode(path)).removeprefix("./"), "uriBaseId": _ROOT}


def _sentence(text: str) -> str:
    """SARIF asks for messages that end in a full stop."""
    return text if text.endswith((".", "!", "?")) else text + "."
