"""Findings for the reporters' tests, made without rules: each `pip install` in a file is one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from layerlint.finding import (
    Edit,
    FileError,
    FileReport,
    Finding,
    Fix,
    InstructionPlace,
    Related,
    Safety,
    Severity,
    Summary,
)
from layerlint.fixing import fixer
from layerlint.reporters import ReportContext, create
from layerlint.source.source import Source, Span, encode


@dataclass(frozen=True)
class Rule:
    id: str
    name: str
    severity: Severity
    summary: str
    note: str = "Why it matters.\nIn two lines."
    advice: str = "Do it otherwise"
    aliases: tuple[str, ...] = ()
    default: bool = True
    tags: tuple[str, ...] = ("image-size",)
    references: tuple[str, ...] = ()


PIP001 = Rule(
    "PIP001",
    "pip-cache-in-layer",
    Severity.WARNING,
    "pip leaves its cache in the layer",
    aliases=("DL3042",),
    references=("pip's source: pip/_internal/x.py, no_cache", "https://docs.docker.com/build/cache/"),
)
LL001 = Rule("LL001", "unused-suppression", Severity.INFO, "a suppression suppresses nothing")
RULES = (LL001, PIP001)


def finding_at(source: Source, text: str, **fields: Any) -> Finding:
    """A finding at the first place where `text` stands, with a safe fix that inserts the flag after it."""
    start = source.data.index(encode(text))
    span = Span(start, start + len(encode(text)))
    line = source.line_at(start)
    fix = Fix("Add --no-cache-dir", Safety.SAFE, (Edit(span.end, span.end, " --no-cache-dir"),))
    return Finding(
        **{
            "rule": "PIP001",
            "name": "pip-cache-in-layer",
            "severity": Severity.WARNING,
            "message": "pip install leaves /root/.cache/pip in this layer",
            "span": span,
            "instruction": InstructionPlace("RUN", line, line, span),
            "advice": "Add --no-cache-dir",
            "fixes": (fix,),
            **fields,
        }
    )


def related_to(source: Source, text: str, message: str) -> Related:
    start = source.data.index(encode(text))
    return Related(Span(start, start + len(encode(text))), message)


def lint(source: Source) -> FileReport:
    """What a rule would find that looks for `pip install` without the flag."""
    findings = []
    for match in re.finditer(rb"pip install(?! --no-cache-dir)", source.data):
        span = Span(match.start(), match.end())
        line = source.line_at(span.start)
        fix = Fix("Add --no-cache-dir", Safety.SAFE, (Edit(span.end, span.end, " --no-cache-dir"),))
        place = InstructionPlace("RUN", line, line, span)
        message = "pip install leaves /root/.cache/pip in this layer"
        findings.append(
            Finding("PIP001", "pip-cache-in-layer", Severity.WARNING, message, span, place, fixes=(fix,)),
        )
    edits = [edit for finding in findings for fix in finding.fixes for edit in fix.edits]
    return FileReport(source.path, source, tuple(findings), mended=fixer.apply(source.data, edits))


def report(path: str, data: bytes | str) -> FileReport:
    return lint(Source(path, data if isinstance(data, bytes) else data.encode()))


def failed(path: str, message: str, line: int = 0, column: int = 0) -> FileReport:
    return FileReport(path, None, errors=(FileError(path, line, column, message),))


def render(format_name: str, *reports: FileReport, **context: Any) -> str:
    """What the format prints for the reports."""
    pieces: list[str] = []
    reporter = create(format_name, pieces.append, ReportContext(**{"version": "1.2.3", "rules": RULES, **context}))
    for each in reports:
        reporter.add(each)
    findings = sum(len(each.findings) for each in reports)
    fixed = sum(each.fixed for each in reports)
    reporter.finish(Summary(len(reports), findings, fixed, sum(len(each.errors) for each in reports)))
    return "".join(pieces)
