from __future__ import annotations

import time

import pytest

from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.stages import ImageFacts, Stage, stages
from layerlint.source.source import Source


def read(text: str) -> tuple[Stage, ...]:
    return stages(parse(Source("Dockerfile", text.encode())), lambda reference: ImageFacts(user=f"user of {reference}"))


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        pytest.param("FROM a", [("a", None, None)], id="image"),
        pytest.param("FROM a AS b", [("a", None, "b")], id="name"),
        pytest.param("from a as B", [("a", None, "b")], id="lower-case keywords, upper-case name"),
        pytest.param("FROM a AS b\nFROM B", [("a", None, "b"), ("B", 0, None)], id="names are compared in lower case"),
        pytest.param("FROM a\nFROM 0", [("a", None, None), ("0", None, None)], id="FROM takes no index"),
        pytest.param("FROM b\nFROM a AS b", [("b", None, None), ("a", None, "b")], id="a later stage is no stage yet"),
        pytest.param("FROM a AS a", [("a", None, "a")], id="a stage is not its own base"),
        pytest.param(
            "FROM a AS x\nFROM b AS x\nFROM x",
            [("a", None, "x"), ("b", None, "x"), ("x", 1, None)],
            id="the last of a name",
        ),
        pytest.param("ARG v=3\nFROM a:$v", [("a:3", None, None)], id="global argument"),
        pytest.param("ARG v\nFROM a:${v:-4}", [("a:4", None, None)], id="global argument without default"),
        pytest.param("ARG v=3\nARG w=a:$v\nFROM $w", [("a:3", None, None)], id="argument made of another"),
        pytest.param("ARG v=3 w=a:$v\nFROM $w", [("a:3", None, None)], id="of another in the same ARG"),
        pytest.param(
            "FROM a\nARG v=3\nFROM a:$v", [("a", None, None), ("a:", None, None)], id="not a stage's argument"
        ),
        pytest.param("FROM --platform=$BUILDPLATFORM a", [("a", None, None)], id="platform"),
        pytest.param("FROM a-$TARGETARCH", [(None, None, None)], id="the platform is not known"),
        pytest.param("FROM scratch", [("scratch", None, None)], id="scratch"),
        pytest.param('FROM "a"', [("a", None, None)], id="quotes"),
        pytest.param("FROM", [(None, None, None)], id="nothing"),
    ],
)
def test_bases(text: str, bases: list[tuple[str | None, int | None, str | None]]) -> None:
    assert [(stage.base, stage.base_stage, stage.name) for stage in read(text)] == bases


def test_facts_are_those_of_the_image_at_the_end_of_the_chain() -> None:
    users = [stage.image.user for stage in read("FROM a AS b\nFROM b AS c\nFROM c\nFROM scratch\nFROM x$TARGETOS\n")]
    assert users == ["user of a", "user of a", "user of a", "", ""]


@pytest.mark.parametrize(
    ("text", "reaching"),
    [
        pytest.param("FROM a", [True], id="one stage"),
        pytest.param("FROM a AS x\nFROM b", [False, True], id="the last alone"),
        pytest.param("FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z", [True, False, True, True], id="a chain"),
        pytest.param("FROM a AS x\nFROM b\nCOPY --from=x c d", [False, True], id="a copy takes only what it copies"),
    ],
)
def test_which_stages_reach_the_image(text: str, reaching: list[bool]) -> None:
    assert [stage.reaches_image for stage in read(text)] == reaching


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x", (0, None), id="name"),
        pytest.param("X", (0, None), id="name in upper case"),
        pytest.param("0", (0, None), id="index"),
        pytest.param("$v", (0, None), id="variable"),
        pytest.param("1", (None, "1"), id="its own index"),
        pytest.param("y", (None, "y"), id="its own name"),
        pytest.param("z", (None, "z"), id="a later stage"),
        pytest.param("a:3", (None, "a:3"), id="image"),
        pytest.param("a-$TARGETARCH", (None, None), id="not known"),
        pytest.param("9" * 5000, (None, "9" * 5000), id="a long number"),
    ],
)
def test_copies_from(source: str, expected: tuple[int | None, str | None]) -> None:
    read_stages = read(
        f"ARG v=x\nFROM a AS x\nFROM b AS y\nCOPY . .\nCOPY --chown=1 --from={source} c d\nFROM y AS z\n"
    )
    assert [(copy.stage, copy.image) for copy in read_stages[1].copies_from] == [expected]
    assert [copy.instruction.line for copy in read_stages[1].copies_from] == [5]


def test_instructions_belong_to_the_stage_that_they_follow() -> None:
    read_stages = read("ARG a\nFROM b\nRUN c\nFROM d\nFROM e\nRUN f\nRUN g\n")
    assert [[each.line for each in stage.instructions] for stage in read_stages] == [[3], [], [6, 7]]
    assert [stage.from_instruction.line for stage in read_stages] == [2, 4, 5]


def test_ten_thousand_stages() -> None:
    text = "FROM a AS s0\n" + "".join(
        f"FROM s{index} AS s{index + 1}\nCOPY --from=s{index} a b\n" for index in range(10_000)
    )
    dockerfile = parse(Source("Dockerfile", text.encode()))
    started = time.process_time()
    read_stages = stages(dockerfile, lambda _: ImageFacts())
    assert time.process_time() - started < 3
    assert all(stage.reaches_image for stage in read_stages)
