"""RUNs that become one: a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from layerlint.finding import FixKind, Safety
from layerlint.linting import lint
from layerlint.rules.model import FixTemplate
from layerlint.source.source import Source
from tests.case_files import read_cases
from tests.fixed_files import RULES, assert_fixed_well, selection

CASES: list[dict[str, Any]] = read_cases(Path(__file__).parent / "joining.yaml")


@pytest.mark.parametrize("fix_with", [FixKind.FLAG, FixKind.ENV])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_reads_as_it_should(case: dict[str, Any], fix_with: FixKind) -> None:
    source = Source("Dockerfile", case["dockerfile"].encode())
    result = assert_fixed_well(source, fix_with, unsafe=False)
    fixed = case.get("fixed", case["dockerfile"])
    if fix_with is FixKind.ENV and "pip" in case["name"]:
        fixed = fixed.replace("--no-cache-dir ", "").replace("debian\n", "debian\nENV PIP_NO_CACHE_DIR=1\n")
    assert result.source.data.decode() == fixed
    assert [finding.unfixable for finding in result.report.findings if finding.rule == "APT001"] == case.get(
        "stays", []
    )


def test_what_no_later_run_needs_is_not_joined() -> None:
    """Of a rule that joins whatever comes."""
    rule = RULES.names.named("PIP001")
    assert rule is not None
    fix = FixTemplate(title="Join them", safety=Safety.SAFE, join_next="pip cache purge")
    rules = replace(RULES, rules=(replace(rule, fixes=(fix,)),))
    source = Source("Dockerfile", b"FROM python\nRUN pip install a\nRUN pip install b\n")
    findings = lint(source, rules, selection(FixKind.FLAG)).findings
    assert {finding.unfixable for finding in findings} == {"no later RUN needs it"}


def test_the_keys_of_the_table_are_those_that_the_test_reads() -> None:
    assert {key for case in CASES for key in case} <= {"name", "dockerfile", "fixed", "stays"}
    assert len({case["name"] for case in CASES}) == len(CASES)
