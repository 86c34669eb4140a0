"""What fixes are worth in real builds: how it is judged, the README's table, and the builds themselves."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.builds import KEPT, PROJECTS, WAYS, Built, Project, fixed, measure, prepared, problems, report
from tests.oracle.session import missing
from tests.readme import README

BEFORE = Built("", 9_000_000, ("/root/.cache/pip",), "a==1\n", 5.0, 1_000_000)
AFTER = replace(BEFORE, size=8_000_000, caches=())
GOOD = {"": BEFORE, "flag": AFTER, "mount": replace(AFTER, fetched=0, seconds=4.0), "env": AFTER}


def by_name(project: Project) -> str:
    return project.name


@pytest.mark.parametrize(
    ("way", "built", "said"),
    [
        pytest.param("", replace(BEFORE, caches=()), ["there was no cache to begin with"], id="nothing to fix"),
        pytest.param("env", replace(AFTER, packages=""), ["env: other packages\na==1\n\n"], id="other packages"),
        pytest.param("flag", replace(AFTER, caches=("/c",)), ["flag: a cache in /c"], id="a cache is left"),
        pytest.param("env", replace(AFTER, size=9_000_000), ["env: 9000000 bytes, 9000000 before"], id="no smaller"),
        pytest.param("mount", replace(AFTER, fetched=1), ["mount: 1 bytes fetched again"], id="fetched again"),
        pytest.param("env", AFTER, [], id="as it should be"),
    ],
)
def test_what_is_not_as_it_should_be_is_said(way: str, built: Built, said: list[str]) -> None:
    assert problems({**GOOD, way: built}) == said


def test_the_table() -> None:
    assert report({"a 1": GOOD}) == (
        "| installed | fix     | image, MB | rebuild: MB fetched | rebuild: CPU s |\n"
        "| --------- | ------- | --------: | ------------------: | -------------: |\n"
        "| a 1       | none    |      9.00 |                1.00 |           5.00 |\n"
        "| a 1       | `flag`  |      8.00 |                1.00 |           5.00 |\n"
        "| a 1       | `mount` |      8.00 |                   0 |           4.00 |\n"
        "| a 1       | `env`   |      8.00 |                1.00 |           5.00 |"
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("project", PROJECTS, ids=by_name)
def test_every_project_is_fixed_in_every_way(project: Project, way: str, tmp_path: Path) -> None:
    text = fixed(project, way, tmp_path)
    flag = "PIP_NO_CACHE_DIR=off /opt/venv" if project.name == "source" else "pip install --no-cache-dir "
    written = {"flag": flag, "mount": "RUN --mount=type=cache,target=/", "env": "ENV PIP_NO_CACHE_DIR=off\n"}
    assert [each for each in WAYS if written[each] in text] == [way]
    assert ("uid=1500" in text) == (project.name == "data" and way == "mount")


def test_the_readme_has_the_figures_of_every_project_and_way() -> None:
    text = README.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) +\| `?(none|flag|mount|env)`? +\| +(\S+) \| +(\S+) \| +\S+ \|$", text, re.MULTILINE)
    assert [row[:2] for row in rows] == [(each.packages, way or "none") for each in PROJECTS for way in ("", *WAYS)]
    size_before = 0.0
    for _, way, size, fetched in rows:
        if way == "none":
            size_before = float(size)
        else:
            assert float(size) < size_before
        assert (float(fetched) == 0) == (way == "mount")


@pytest.mark.build
@pytest.mark.skipif(bool(missing()), reason=missing() or "can be built")
@pytest.mark.xdist_group("build")
def test_fixes_take_the_cache_and_nothing_else_and_a_mount_fetches_nothing_again() -> None:
    with prepared(KEPT, PROJECTS) as builder:
        assert {project.name: problems(measure(builder, project)) for project in PROJECTS} == {
            project.name: [] for project in PROJECTS
        }
