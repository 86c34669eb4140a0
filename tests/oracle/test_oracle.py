import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.oracle import measurements
from tests.oracle.case import Case, load_cases
from tests.oracle.programs.session import SUITE as PROGRAMS
from tests.oracle.session import missing, prepared
from tests.oracle.systems.session import SUITE as SYSTEMS
from tests.oracle.tools.session import SUITE as TOOLS
from tests.oracle.verdict import reported

CASES = load_cases()
MEASURABLE = [case for case in CASES if not case.reasoned]


def by_name(case: Case) -> str:
    return f"{case.family}/{case.name}"


@pytest.fixture(scope="module")
def measured() -> measurements.Measurements:
    return measurements.read()


@pytest.mark.parametrize("case", MEASURABLE, ids=by_name)
def test_a_case_says_what_was_measured(case: Case, measured: measurements.Measurements) -> None:
    measurement = measured.of(case)
    assert measurement is not None, "measure it: python -m tests.oracle --write"
    assert (measurement.lines, measurement.wasted, measurement.fails) == (case.leaves, case.wasted, case.fails)


def test_nothing_is_kept_of_cases_that_are_gone(measured: measurements.Measurements) -> None:
    assert measured.cases.keys() == {case.name for case in MEASURABLE}


def test_most_cases_are_measured_and_both_sides_are_there() -> None:
    assert len(CASES) >= 250
    assert len(MEASURABLE) >= 0.85 * len(CASES)
    left = Counter(bool(case.leaves) for case in CASES)
    assert min(left.values()) >= 0.35 * len(CASES)


def test_what_is_carried_was_left_somewhere() -> None:
    for case in CASES:
        for copied, runs in case.carried_from.items():
            assert copied in (*case.leaves, *case.wasted), case.name
            assert case.reasoned or set(runs) <= {*case.wasted, *case.leaves}, case.name


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_layerlint_says_what_the_build_does(case: Case) -> None:
    assert reported(case) == (case.blamed, case.blamed_for_the_build)


@pytest.mark.build
@pytest.mark.skipif(bool(missing()), reason=missing() or "measurable")
@pytest.mark.xdist_group("build")
def test_a_new_measurement_gives_what_is_kept(measured: measurements.Measurements) -> None:
    differing = {}
    with prepared(Path(tempfile.gettempdir()) / "layerlint-oracle", measured.versions["pip"]) as session:
        for case, result in session.measure(MEASURABLE):
            if result != measured.of(case):
                differing[case.name] = result
    assert not differing


def test_the_readme_names_what_was_measured(measured: measurements.Measurements) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    built, run = (
        sum(len(measurements.read(suite.measured).cases) for suite in suites)
        for suites in ((SYSTEMS, TOOLS), (PROGRAMS,))
    )
    said = (
        f"{len(measured.cases)} Dockerfiles were built with pip {measured.versions['pip']} and {built} with other "
        f"package managers, {run} more were run step by step"
    )
    assert said in " ".join(readme.split())
