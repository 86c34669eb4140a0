import tempfile
from pathlib import Path

import pytest

from tests.oracle import measurements
from tests.oracle.case import Case, load_cases
from tests.oracle.session import missing
from tests.oracle.systems.session import prepared
from tests.oracle.systems.verdict import reported

FOLDER = Path(__file__).parent
CASES = load_cases(FOLDER / "cases")
MEASURABLE = [case for case in CASES if not case.reasoned]


def by_name(case: Case) -> str:
    return f"{case.family}/{case.name}"


@pytest.fixture(scope="module")
def measured() -> measurements.Measurements:
    return measurements.read(FOLDER / "measured.json")


@pytest.mark.parametrize("case", MEASURABLE, ids=by_name)
def test_a_case_says_what_was_measured(case: Case, measured: measurements.Measurements) -> None:
    measurement = measured.of(case)
    assert measurement is not None, "measure it: python -m tests.oracle --systems --write"
    assert (measurement.lines, measurement.wasted, measurement.fails) == (case.leaves, case.wasted, case.fails)


def test_nothing_is_kept_of_cases_that_are_gone(measured: measurements.Measurements) -> None:
    assert measured.cases.keys() == {case.name for case in MEASURABLE}


def test_each_system_shows_both_sides() -> None:
    for family in {case.family for case in CASES}:
        left = {bool(case.leaves) for case in CASES if case.family == family}
        assert left == {True, False}, family


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_layerlint_says_what_the_build_does(case: Case) -> None:
    assert reported(case) == case.blamed


@pytest.mark.build
@pytest.mark.skipif(bool(missing()), reason=missing() or "measurable")
@pytest.mark.xdist_group("build")
def test_a_new_measurement_gives_what_is_kept(measured: measurements.Measurements) -> None:
    with prepared(Path(tempfile.gettempdir()) / "layerlint-oracle") as session:
        differing = {case.name: result for case, result in session.measure(MEASURABLE) if result != measured.of(case)}
    assert not differing
