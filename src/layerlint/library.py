"""layerlint as a library: a Dockerfile's text in, what is found in it out, with lines and columns.

The command line is the other way in; both see the same findings.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from layerlint import finding as internal
from layerlint.config.file import unknown_rule
from layerlint.errors import Mistake, UserError
from layerlint.finding import FixKind, Safety, Severity
from layerlint.image.copying import BuildContext
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Rule, RuleChoice, RuleNames
from layerlint.rules.selection import select as select_rules
from layerlint.source.source import Source, Span, encode


@dataclass(frozen=True, slots=True)
class Region:
    """A place in the text: lines and columns count from 1, columns in code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what stands in `region` by `text`. An insertion's region is empty."""

    region: Region
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend a finding: what it does, whether it may be applied without a look, and its edits in order."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding, and what it has to do with it."""

    region: Region
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place.

    `advice` is one sentence on what to write instead. `unfixable` says why there is no fix, when the rule has one in
    general; else it is empty.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    region: Region
    advice: str = ""
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    unfixable: str = ""

    @property
    def line(self) -> int:
        """The line that it begins on."""
        return self.region.line

    @property
    def column(self) -> int:
        """The column that it begins at."""
        return self.region.column


@dataclass(frozen=True, slots=True)
class ParseError:
    """What of the text could not be read as a Dockerfile, and where (0 is unknown)."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What `check` found, in the order of the text. Where there are errors, findings may be missing."""

    findings: tuple[Finding, ...] = ()
    errors: tuple[ParseError, ...] = ()


def check(
    text: str | bytes,
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    rules: Iterable[str | os.PathLike[str]] = (),
    context: str | os.PathLike[str] | None = None,
    fix_with: Literal["flag", "mount", "env"] = "flag",
) -> Result:
    """What is wrong with a Dockerfile.

    `select` and `ignore` are ids, names, aliases or prefixes of rules, as on the command line; without `select` all
    that are on by default. `rules` are files or folders with more rules. `context` is the folder that COPY copies
    from; without it what a copied configuration file says is not known. `fix_with` is the way to fix where there is a
    choice. No configuration is read.

    Raises UserError when a rule is not known or a rule file is wrong. What is wrong with the text is in the result.
    """
    rule_set = _load(tuple(Path(path) for path in rules))
    choice = RuleChoice(None if select is None else tuple(select), tuple(ignore))
    _refuse_unknown((*(choice.select or ()), *choice.ignore), rule_set.names)
    source = Source("Dockerfile", encode(text) if isinstance(text, str) else text)
    folder = BuildContext((os.path.realpath(context),)) if context is not None else None
    selection = replace(select_rules(rule_set.names, [choice]), fix_with=FixKind(fix_with))
    report = lint(source, rule_set, selection, folder)
    return Result(
        tuple(_finding(found, source) for found in report.findings),
        tuple(ParseError(error.line, error.column, error.message) for error in report.errors),
    )


@cache
def _load(paths: tuple[Path, ...]) -> RuleSet:
    return load(paths)


def _refuse_unknown(selectors: Iterable[str], names: RuleNames[Rule]) -> None:
    unknown = [selector for selector in selectors if not names.matching(selector)]
    if unknown:
        raise UserError(*(Mistake(*unknown_rule(selector, names)) for selector in unknown))


def _finding(found: internal.Finding, source: Source) -> Finding:
    return Finding(
        rule=found.rule,
        name=found.name,
        severity=found.severity,
        message=found.message,
        region=_region(found.span, source),
        advice=found.advice,
        related=tuple(Related(_region(other.span, source), other.message) for other in found.related),
        fixes=tuple(
            Fix(
                fix.title,
                fix.safety,
                tuple(Edit(_region(Span(edit.start, edit.end), source), edit.text) for edit in fix.edits),
            )
            for fix in found.fixes
        ),
        unfixable=found.unfixable,
    )


def _region(span: Span, source: Source) -> Region:
    start, end = source.position(span.start), source.position(span.end)
    return Region(start.line, start.column, end.line, end.column)
