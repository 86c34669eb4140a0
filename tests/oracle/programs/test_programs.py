import tempfile
from functools import cache
from pathlib import Path

import pytest

from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.source.source import Source
from tests.oracle import measurements
from tests.oracle.case import Case
from tests.oracle.family import Family
from tests.oracle.programs.session import FAMILIES, SUITE, missing, prepared

CASES = [pytest.param(family, case, id=case.name) for family in FAMILIES for case in family.cases]


@cache
def rules() -> RuleSet:
    return load([Path(__file__).parent / "images.yaml"])


@pytest.fixture(scope="module")
def measured() -> measurements.Measurements:
    return measurements.read(SUITE.measured)


@pytest.mark.parametrize(("family", "case"), CASES)
def test_a_case_says_what_was_measured(family: Family, case: Case, measured: measurements.Measurements) -> None:
    measurement = measured.of(case)
    assert measurement is not None, "measure it: python -m tests.oracle.programs --write"
    assert measurement.lines == case.leaves
    assert family.rules


def test_nothing_is_kept_of_cases_that_are_gone(measured: measurements.Measurements) -> None:
    assert measured.cases.keys() == {case.name for family in FAMILIES for case in family.cases}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.tool)
def test_each_tool_has_cases_of_both_sides(family: Family) -> None:
    assert {bool(case.leaves) for case in family.cases} == {True, False}


@pytest.mark.parametrize(("family", "case"), CASES)
def test_layerlint_says_what_the_build_does(family: Family, case: Case) -> None:
    selection = Selection({rule.id: rule.severity for rule in rules().rules})
    report = lint(Source("Dockerfile", case.dockerfile.encode()), rules(), selection)
    found = {
        finding.instruction.line for finding in report.findings if finding.rule in family.rules and finding.instruction
    }
    assert tuple(sorted(found)) == case.blamed


@pytest.mark.build
@pytest.mark.skipif(bool(missing()), reason=missing() or "measurable")
@pytest.mark.xdist_group("build")
def test_a_new_measurement_gives_what_is_kept(measured: measurements.Measurements) -> None:
    with prepared(Path(tempfile.gettempdir()) / "layerlint-oracle") as session:
        differing = {case.name: found for case, found in session.measure(SUITE.cases) if found != measured.of(case)}
    assert not differing
