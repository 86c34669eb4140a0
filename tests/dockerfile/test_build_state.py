from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.dockerfile.build_state import BuildState, build_states
from layerlint.dockerfile.environment import Variables
from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.stages import ImageFacts, stages
from layerlint.source.source import Source
from tests.program import timed

IMAGES = {
    "python": ImageFacts(environment={"PATH": "/usr/bin", "LANG": "C"}, workdir="/srv"),
    "app": ImageFacts(user="app:staff", shell=("/bin/bash", "-c")),
}


def read(text: str) -> tuple[tuple[BuildState, ...], ...]:
    dockerfile = parse(Source("Dockerfile", text.encode()))
    return build_states(dockerfile, stages(dockerfile, lambda reference: IMAGES.get(reference, ImageFacts())))


def last(text: str) -> BuildState:
    return read(text)[-1][-1]


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        pytest.param("FROM a\nENV A=1 B=2", {"A": "1", "B": "2"}, id="pairs"),
        pytest.param("FROM a\nENV A 1  2", {"A": "1  2"}, id="the old form"),
        pytest.param("FROM a\nENV A='1 2' B=\"$A\"x\\ y", {"A": "1 2", "B": "x y"}, id="quotes and escapes"),
        pytest.param(
            "FROM a\nENV A=1\nENV A=2 B=$A", {"A": "2", "B": "1"}, id="values are those before the instruction"
        ),
        pytest.param("FROM python\nENV PATH=/x:$PATH", {"PATH": "/x:/usr/bin", "LANG": "C"}, id="the image's"),
        pytest.param("FROM a AS x\nENV A=1\nFROM x\nENV B=$A", {"A": "1", "B": "1"}, id="a base stage's"),
        pytest.param("FROM a AS x\nENV A=1\nFROM b\nENV B=$A", {"B": ""}, id="not another stage's"),
        pytest.param("FROM a\nONBUILD ENV A=1\nENV B=$A", {"B": ""}, id="no trigger's, in its own stage"),
        pytest.param("FROM a AS x\nONBUILD ENV A=$B\nENV B=1\nFROM x", {"A": "1", "B": "1"}, id="a base's triggers'"),
        pytest.param("FROM a AS x\nONBUILD ENV A=1\nFROM x AS y\nENV A=2\nFROM y", {"A": "2"}, id="which run once"),
        pytest.param("FROM a\nARG A=1\nENV A=$A", {"A": "1"}, id="from an argument of the same name"),
        pytest.param("FROM a\nENV A=1\nARG A=2\nENV B=$A", {"A": "1", "B": "1"}, id="ENV wins over ARG"),
        pytest.param("FROM a\nARG TARGETARCH\nENV A=x-$TARGETARCH", {"A": None}, id="not known"),
        pytest.param("FROM a\nENV A=${A", {"A": None}, id="what Docker refuses"),
        pytest.param("FROM a\nARG N=A\nENV $N=1", {"A": "1"}, id="a name made of a variable"),
        pytest.param("# escape=`\nFROM a\nENV A=b`$c D=e\\f", {"A": "b$c", "D": "e\\f"}, id="a backtick escapes"),
    ],
)
def test_environment(text: str, environment: dict[str, str | None]) -> None:
    assert dict(last(text).environment) == environment


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        pytest.param("ARG A=1\nFROM a", {}, id="a global argument is not in scope"),
        pytest.param("ARG A=1\nFROM a\nARG A", {"A": "1"}, id="until it is declared again"),
        pytest.param("ARG A=1\nFROM a\nARG A=2", {"A": "2"}, id="the stage's default comes first"),
        pytest.param("FROM a\nARG A", {}, id="without a default it is unset"),
        pytest.param("FROM a\nARG A=1\nARG A", {"A": "1"}, id="declaring again unsets nothing"),
        pytest.param("FROM a\nARG A=1 B=$A", {"A": "1", "B": ""}, id="values are those before the instruction"),
        pytest.param("FROM a\nARG TARGETOS", {"TARGETOS": None}, id="a platform argument is set and not known"),
        pytest.param("FROM a\nENV http_proxy=x\nARG HTTP_PROXY", {}, id="proxy arguments are like others"),
        pytest.param("FROM a AS x\nARG A=1\nFROM x", {"A": "1"}, id="a base stage's"),
        pytest.param("FROM a AS x\nARG A=1\nFROM b", {}, id="not another stage's"),
    ],
)
def test_arguments(text: str, arguments: dict[str, str | None]) -> None:
    assert dict(last(text).arguments) == arguments


@pytest.mark.parametrize(
    ("text", "overridable"),
    [
        pytest.param("FROM a\nENV A=1", {}, id="no argument"),
        pytest.param("FROM a\nARG A=1 B", {"A": "1", "B": ""}, id="with a default and without"),
        pytest.param("ARG A=1\nFROM a\nARG A", {"A": "1"}, id="with a default in front of the stages"),
        pytest.param("FROM a\nARG A=1\nARG A", {"A": "1"}, id="declared again"),
        pytest.param("FROM a\nENV A=1\nARG A=2 A", {}, id="hidden by ENV"),
        pytest.param("FROM a\nARG A=2\nENV A=1", {"A": None}, id="hidden by a later ENV"),
        pytest.param("FROM a\nARG A=1\nENV B=x$A C=x", {"A": "1", "B": "x1"}, id="in the value of ENV"),
        pytest.param("FROM a\nARG A=1\nENV B=$A\nENV B=$X", {"A": "1", "B": None}, id="in it no more"),
        pytest.param("FROM a\nARG A\nENV A=${A:-x}", {"A": "x"}, id="in the value of ENV of that name"),
        pytest.param("FROM a AS x\nARG A=1\nFROM x", {"A": "1"}, id="a base stage's"),
        pytest.param("FROM a AS x\nARG A=1\nFROM b", {}, id="not another stage's"),
    ],
)
def test_what_a_build_argument_changes(text: str, overridable: dict[str, str | None]) -> None:
    assert dict(last(text).overridable) == overridable


@pytest.mark.parametrize(
    ("text", "user", "group"),
    [
        pytest.param("FROM a", "", "", id="root"),
        pytest.param("FROM app", "app", "staff", id="the image's"),
        pytest.param("FROM app\nUSER root", "root", "", id="USER"),
        pytest.param("FROM a\nUSER 1000:50", "1000", "50", id="group"),
        pytest.param("FROM a\nENV U=me\nUSER ${U:-you}", "me", "", id="variable"),
        pytest.param("FROM a\nARG TARGETOS\nUSER $TARGETOS", None, "", id="not known"),
        pytest.param("FROM a AS x\nUSER b\nFROM x", "b", "", id="a base stage's"),
    ],
)
def test_user(text: str, user: str | None, group: str) -> None:
    state = last(text)
    assert (state.user, state.group) == (user, group)


@pytest.mark.parametrize(
    ("text", "workdir"),
    [
        pytest.param("FROM a", "/", id="the root"),
        pytest.param("FROM python", "/srv", id="the image's"),
        pytest.param("FROM python\nWORKDIR a/./b/\nWORKDIR ../c", "/srv/a/c", id="relative"),
        pytest.param("FROM python\nWORKDIR //x//y", "/x/y", id="absolute"),
        pytest.param("FROM a\nWORKDIR ../..", "/", id="above the root"),
        pytest.param("FROM a\nENV D=/d\nWORKDIR $D/e", "/d/e", id="variable"),
        pytest.param("FROM a\nARG TARGETOS\nWORKDIR $TARGETOS\nWORKDIR x", None, id="relative to what is not known"),
        pytest.param("FROM a\nARG TARGETOS\nWORKDIR $TARGETOS\nWORKDIR /x", "/x", id="absolute after that"),
    ],
)
def test_workdir(text: str, workdir: str | None) -> None:
    assert last(text).workdir == workdir


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        pytest.param("FROM a", ("/bin/sh", "-c"), id="default"),
        pytest.param("FROM app", ("/bin/bash", "-c"), id="the image's"),
        pytest.param(
            'FROM a\nSHELL ["/bin/bash", "-euo", "pipefail", "-c"]', ("/bin/bash", "-euo", "pipefail", "-c"), id="SHELL"
        ),
        pytest.param("FROM a\nSHELL /bin/bash -c", ("/bin/sh", "-c"), id="SHELL must be JSON"),
        pytest.param('FROM a AS x\nSHELL ["b"]\nFROM x', ("b",), id="a base stage's"),
        pytest.param('FROM a AS x\nSHELL ["b"]\nFROM a', ("/bin/sh", "-c"), id="not another stage's"),
    ],
)
def test_shell(text: str, shell: tuple[str, ...]) -> None:
    assert last(text).shell == shell


def test_state_is_that_before_each_instruction_and_shared_while_nothing_changes() -> None:
    ((first, second, third, after),) = read("FROM a\nENV A=1\nRUN b\nRUN c\n")
    assert dict(first.environment) == {}
    assert dict(second.environment) == {"A": "1"}
    assert second is third is after


def test_a_trigger_finds_the_end_of_its_stage_and_what_triggers_before_it_did() -> None:
    ((_, first, second, after),) = read("FROM a\nWORKDIR /a\nONBUILD WORKDIR b\nONBUILD RUN c\n")
    assert (first.workdir, second.workdir, after.workdir) == ("/a", "/a/b", "/a")
    ((first, second, _),) = read("FROM a\nONBUILD RUN c\nUSER b\n")
    assert (first.user, second.user) == ("b", "")


def test_variables_are_the_environment_before_the_arguments() -> None:
    state = last("FROM a\nENV A=1\nARG A=2\nARG B=3\n")
    assert dict(state.variables) == {"A": "1", "B": "3"}


@timed
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\n" + "".join(f"ENV A{index}=$A{index - 1}x\n" for index in range(10_000)), id="ENVs"),
        pytest.param("FROM a\n" + "ENV A=$A$A$Ax\n" * 10_000, id="a value that grows"),
        pytest.param("FROM a\n" + "WORKDIR a\n" * 10_000, id="a path that grows"),
        pytest.param(
            "FROM a AS s0\n" + "".join(f"FROM s{index} AS s{index + 1}\nENV A{index}=$A0\n" for index in range(10_000)),
            id="stages",
        ),
        pytest.param(
            "FROM a AS s0\n"
            + "".join(
                f"FROM s{i} AS t{i}\nENV B{i}=$A0\nFROM s{i} AS s{i + 1}\nENV A{i}=$A0$B0\n" for i in range(5_000)
            ),
            id="stages that branch",
        ),
    ],
)
def test_time_and_memory_grow_with_the_size_and_not_its_square(text: str) -> None:
    dockerfile = parse(Source("Dockerfile", text.encode()))
    started = time.process_time()
    build_states(dockerfile, stages(dockerfile, lambda _: ImageFacts()))
    assert time.process_time() - started < 5


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20),
            st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["1", "2", None])), max_size=2),
        ),
        max_size=60,
    )
)
def test_variables_are_never_changed(steps: list[tuple[int, list[tuple[str, str | None]]]]) -> None:
    versions: list[tuple[Variables, dict[str, str | None]]] = [(Variables({"a": "0"}), {"a": "0"})]
    for index, values in steps:
        variables, expected = versions[index % len(versions)]
        versions.append((variables.updated(values), expected | dict(values)))
    for variables, expected in versions:
        assert dict(variables) == expected
        assert len(variables) == len(expected)
        assert [name in variables for name in "abcd"] == [name in expected for name in "abcd"]
