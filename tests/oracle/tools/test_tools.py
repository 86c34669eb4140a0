import pytest

from tests.oracle import measurements
from tests.oracle.case import Case
from tests.oracle.family import Family
from tests.oracle.tools.session import FAMILIES, SUITE
from tests.oracle.verdict import reported

CASES = [pytest.param(family, case, id=case.name) for family in FAMILIES for case in family.cases]


@pytest.fixture(scope="module")
def measured() -> measurements.Measurements:
    return measurements.read(SUITE.measured)


@pytest.mark.parametrize(("family", "case"), CASES)
def test_a_case_says_what_was_measured(family: Family, case: Case, measured: measurements.Measurements) -> None:
    measurement = measured.of(case)
    assert case.reasoned or measurement is not None, "measure it: python -m tests.oracle.tools --write"
    if measurement is not None:
        assert (measurement.lines, measurement.wasted, measurement.fails) == (case.leaves, case.wasted, case.fails)
        assert family.rules


def test_nothing_is_kept_of_cases_that_are_gone(measured: measurements.Measurements) -> None:
    assert measured.cases.keys() == {case.name for family in FAMILIES for case in family.cases if not case.reasoned}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.tool)
def test_each_tool_has_cases_of_both_sides(family: Family) -> None:
    assert {bool(case.leaves) for case in family.cases} == {True, False}


@pytest.mark.parametrize(("family", "case"), CASES)
def test_layerlint_says_what_the_build_does(family: Family, case: Case) -> None:
    assert reported(case, family.rules) == (case.blamed, case.blamed_for_the_build)
