"""What layerlint says of a case, in the table's terms: the only place here that calls layerlint."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from layerlint.finding import FileReport, Severity
from layerlint.image.copying import BuildContext
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.source.source import Source
from tests.oracle.case import Case

# The rules that say of a command that its cache is in a layer.
LEFT_RULES = ("PIP001", "PIP004")
# What the base images of the cases bring, as a user would tell layerlint.
IMAGES = (Path(__file__).parent / "base" / "images.yaml", Path(__file__).parent / "tools" / "base" / "images.yaml")


@cache
def _rules() -> RuleSet:
    return load([*IMAGES])


def report(case: Case) -> FileReport:
    """All that layerlint says of a case, its context beside it."""
    rules = _rules()
    selection = Selection({rule.id: rule.severity for rule in rules.rules})
    source = Source("Dockerfile", case.dockerfile.encode())
    with tempfile.TemporaryDirectory() as folder:
        for path, text in case.context.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return lint(source, rules, selection, BuildContext((folder,)))


def reported(case: Case, rules: Sequence[str] = LEFT_RULES) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The lines of the instructions that are reported to leave a cache: in the image, then only where it is built.

    `rules` are those that say it.
    """
    in_image: set[int] = set()
    wasted: set[int] = set()
    for finding in report(case).findings:
        if finding.rule in rules and finding.instruction is not None:
            is_wasted = finding.rule != "PIP004" and finding.severity is Severity.INFO
            (wasted if is_wasted else in_image).add(finding.instruction.line)
    return tuple(sorted(in_image)), tuple(sorted(wasted - in_image))
