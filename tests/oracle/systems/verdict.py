"""What layerlint says of a case, in the table's terms."""

from functools import cache
from pathlib import Path

from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.source.source import Source
from tests.oracle.case import Case

# The rules that say of a command that its cache is in a layer.
LEFT_RULES = ("APT001", "DNF001", "PAC001", "ZYP001")
IMAGES = Path(__file__).parent / "base" / "images.yaml"


@cache
def _rules() -> RuleSet:
    return load([IMAGES])


def reported(case: Case) -> tuple[int, ...]:
    """The lines of the instructions that are reported to leave a cache."""
    rules = _rules()
    selection = Selection({rule: rules.names.named(rule).severity for rule in LEFT_RULES})  # type: ignore[union-attr]
    findings = lint(Source("Dockerfile", case.dockerfile.encode()), rules, selection).findings
    return tuple(sorted({finding.instruction.line for finding in findings if finding.instruction is not None}))
