"""ONBUILD: a trigger runs in a build that uses the image, also in a stage of the same file that is built on its own."""

from pathlib import Path

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.image.copying import BuildContext
from layerlint.rules.facts.cache_facts import variable_place
from layerlint.rules.loading import load
from layerlint.source.source import Source
from tests.caches.verdicts import verdicts

RULES = load()

NO_CACHE = ["<<E /etc/pip.conf", "[global]", "no-cache-dir = true", "E"]
LEFT = ["left /root/.cache/pip"]
OFF = ["off /root/.cache/pip"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["ONBUILD RUN pip config set global.no-cache-dir 1", "RUN pip install x"], LEFT, id="a setting"),
        pytest.param([f"ONBUILD COPY {NO_CACHE[0]}", *NO_CACHE[1:], "RUN pip install x"], LEFT, id="a file"),
        pytest.param(["ONBUILD ENV PIP_NO_CACHE_DIR=1", "RUN pip install x"], LEFT, id="a variable"),
        pytest.param(
            ["ONBUILD RUN useradd -m -d /data app", "USER app", "RUN pip install x"],
            ["left /home/app/.cache/pip"],
            id="a user",
        ),
    ],
)
def test_nothing_of_it_is_in_its_own_stage(lines: list[str], expected: list[str]) -> None:
    assert verdicts(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["ENV PIP_NO_CACHE_DIR=1", "ONBUILD RUN pip install x"], OFF, id="what stands before it"),
        pytest.param(["ONBUILD RUN pip install x", "ENV PIP_NO_CACHE_DIR=1"], OFF, id="and what stands behind it"),
        pytest.param(
            ["ONBUILD RUN pip install x", "RUN pip config set global.no-cache-dir true"], OFF, id="a file behind it"
        ),
        pytest.param(["ONBUILD RUN pip install x", "USER app"], ["left /home/app/.cache/pip"], id="the last user"),
        pytest.param(["ONBUILD ENV PIP_NO_CACHE_DIR=1", "ONBUILD RUN pip install x"], OFF, id="another trigger"),
        pytest.param([f"ONBUILD COPY {NO_CACHE[0]}", *NO_CACHE[1:], "ONBUILD RUN pip install x"], OFF, id="its file"),
        pytest.param(["ONBUILD RUN pip install x", "ONBUILD ENV PIP_NO_CACHE_DIR=1"], LEFT, id="not a later trigger"),
        pytest.param(["ONBUILD RUN pip install x", "RUN pip install y"], [*LEFT, *LEFT], id="in the file's order"),
    ],
)
def test_a_trigger_finds_what_its_image_holds_in_the_end(lines: list[str], expected: list[str]) -> None:
    assert verdicts(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["ONBUILD RUN pip config set global.no-cache-dir true"], OFF, id="a setting"),
        pytest.param([f"ONBUILD COPY {NO_CACHE[0]}", *NO_CACHE[1:]], OFF, id="a file"),
        pytest.param(["ONBUILD ENV PIP_NO_CACHE_DIR=1"], OFF, id="a variable"),
        pytest.param(["ONBUILD USER app"], ["left /home/app/.cache/pip"], id="who runs it"),
        pytest.param(
            ["ONBUILD ENV PIP_NO_CACHE_DIR=1", "FROM b AS c", "ENV PIP_NO_CACHE_DIR=", "FROM c"],
            LEFT,
            id="once, and not again in what is built on that",
        ),
        pytest.param(["ONBUILD ENV PIP_NO_CACHE_DIR=1", "FROM b AS c", "FROM c"], OFF, id="which has what it left"),
    ],
)
def test_a_stage_that_is_built_on_it_begins_with_it(lines: list[str], expected: list[str]) -> None:
    after = ["FROM b"] if "FROM c" not in lines else []
    assert verdicts("FROM python:3.12 AS b", *lines, *after, "RUN pip install x") == expected


def carried(text: str) -> list[bool]:
    """For each use of a cache, whether a COPY takes what it leaves into the image."""
    return [
        index in run.carried
        for run in read_runs(parse(Source("Dockerfile", text.encode())), RULES.knowledge)
        for index in range(len(run.entries))
    ]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        pytest.param("FROM python:3.12 AS b\nONBUILD RUN pip install x\n", [False], id="a cache that is not there"),
        pytest.param(
            "FROM python:3.12 AS b\nRUN pip install x\nONBUILD RUN rm -rf /root/.cache\n", [True], id="one that is"
        ),
        pytest.param(
            "FROM python:3.12 AS a\nONBUILD RUN pip install x\nFROM a AS b\n", [True], id="one of the stage below"
        ),
        pytest.param(
            "FROM python:3.12 AS a\nRUN pip install x\nONBUILD RUN rm -rf /root/.cache\nFROM a AS b\n",
            [False],
            id="one that the stage below removes",
        ),
    ],
)
def test_what_a_copy_takes_along(stage: str, expected: list[bool]) -> None:
    assert carried(f"{stage}FROM python:3.12\nCOPY --from=b /root /root\n") == expected


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        pytest.param("FROM python:3.12\n{}\nONBUILD RUN pip install x\n", "left", id="another build's folder"),
        pytest.param("FROM python:3.12 AS b\n{}\nFROM b\nRUN pip install x\n", "off", id="this build's"),
    ],
)
def test_a_trigger_copies_from_the_folder_of_the_build_that_it_runs_in(
    stages: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nno-cache-dir = true\n")
    dockerfile = parse(Source("Dockerfile", stages.format("ONBUILD COPY pip.conf /etc/pip.conf").encode()))
    (run,) = read_runs(dockerfile, RULES.knowledge, BuildContext((str(tmp_path),)))
    assert [entry.verdict for entry in run.entries] == [expected]


def test_a_variable_that_a_trigger_finds_may_stand_behind_it() -> None:
    text = "FROM python:3.12\nONBUILD RUN pip install x\nENV PIP_NO_CACHE_DIR=1\n"
    source = Source("Dockerfile", text.encode())
    (run,) = read_runs(parse(source), RULES.knowledge)
    place = variable_place(run, run.commands[0], "PIP_NO_CACHE_DIR")
    assert place is not None
    assert text[place.start : place.end] == "PIP_NO_CACHE_DIR=1"
