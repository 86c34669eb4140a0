"""What a finding is recognised by when its file has changed elsewhere: for SARIF and for baselines."""

from __future__ import annotations

import hashlib
import posixpath
from collections import Counter
from collections.abc import Iterable

from layerlint.finding import FileReport
from layerlint.source.source import Source, encode

_MAX_LINE_LENGTH = 4096


def fingerprints(report: FileReport) -> tuple[str, ...]:
    """One fingerprint for each finding of `report`, in order: 32 hexadecimal digits, a colon and a number.

    The digits stand for the rule, the path and the line that the finding starts on, whatever its indentation, its
    white space and its continuation are; the number tells equal ones apart in the order of the file. So a finding
    keeps its fingerprint when lines around it come, go or move, and loses it when its own line changes.
    """
    if report.source is None:
        return ()
    path = encode(posixpath.normpath(report.path))
    texts: dict[int, bytes] = {}
    digits = []
    for finding in report.findings:
        line = report.source.line_at(finding.span.start)
        if line not in texts:
            texts[line] = _normalised_line(report.source, line)
        digits.append(_digits(finding.rule.encode(), path, texts[line]))
    return _numbered(digits)


def error_fingerprints(report: FileReport) -> tuple[str, ...]:
    """One fingerprint for each error of `report`, in the same form, for its path and message wherever it stands."""
    return _numbered(
        _digits(b"", encode(posixpath.normpath(error.path)), encode(error.message)) for error in report.errors
    )


def _digits(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


def _numbered(all_digits: Iterable[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    result = []
    for digits in all_digits:
        seen[digits] += 1
        result.append(f"{digits}:{seen[digits]}")
    return tuple(result)


def _normalised_line(source: Source, line: int) -> bytes:
    span = source.line_span(line)
    data = source.data[span.start : min(span.end, span.start + _MAX_LINE_LENGTH)]
    # What joins the line to the next one goes: a command appended to a RUN must not make the last line before it new.
    return b" ".join(data.rstrip(b" \t\r;&|\\`").split())
