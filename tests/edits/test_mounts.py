"""Mounts of a RUN: one more, one with other fields, one less."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.parser import parse
from layerlint.edits.mounts import add_mounts, remove_flag, set_fields
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.source.source import Source

CACHE = {"type": "cache", "target": "/c"}


def read(run: str) -> tuple[Source, Instruction]:
    source = Source("Dockerfile", f"FROM a\nRUN {run}\n".encode())
    return source, parse(source).instructions[1]


def applied(source: Source, edits: Iterable[Edit]) -> str:
    data = source.data.decode()
    for edit in sorted(edits, reverse=True):
        data = data[: edit.start] + edit.text + data[edit.end :]
    return data.partition("RUN ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param("a", "--mount=type=cache,target=/c \\\n    a", id="the first flag"),
        pytest.param("--network=none a", "--network=none --mount=type=cache,target=/c a", id="behind another"),
        pytest.param("--network=none   a", "--network=none --mount=type=cache,target=/c   a", id="behind wide gaps"),
        pytest.param(
            "--network=none \\\n  a", "--network=none \\\n  --mount=type=cache,target=/c \\\n  a", id="a line each"
        ),
        pytest.param('["a"]', '--mount=type=cache,target=/c ["a"]', id="of an exec form"),
    ],
)
def test_one_more(run: str, expected: str) -> None:
    source, instruction = read(run)
    assert applied(source, [add_mounts(instruction, [CACHE], source, "\\")]) == expected


@pytest.mark.parametrize(
    ("mount", "fields", "expected"),
    [
        pytest.param("type=cache,target=/c", {"target": "/d"}, "type=cache,target=/d", id="another value"),
        pytest.param("type=cache,dst=/c", {"target": "/d"}, "type=cache,dst=/d", id="under its other name"),
        pytest.param("type=cache,DST=/c", {"target": "/d"}, "type=cache,DST=/d", id="in capitals"),
        pytest.param("type=cache,target=/c", {"uid": "7"}, "type=cache,target=/c,uid=7", id="one more"),
        pytest.param("type=cache,target=/c", {"target": "/c"}, "type=cache,target=/c", id="as it is"),
    ],
)
def test_other_fields(mount: str, fields: dict[str, str], expected: str) -> None:
    source, instruction = read(f"--mount={mount} a")
    assert applied(source, set_fields(instruction.flags[0], fields, source)) == f"--mount={expected} a"


@pytest.mark.parametrize(
    ("mount", "fields", "reason"),
    [
        pytest.param("type=cache,target=/c", {"target": "/a b"}, "cannot hold `/a b` as it is", id="a blank"),
        pytest.param("type=cache,target=/c", {"target": "$X"}, r"cannot hold `\$X` as it is", id="a variable"),
        pytest.param('type=cache,target="/c"', {"uid": "7"}, "written with quotes", id="quotes"),
        pytest.param(
            'type=cache,target=\\"/c', {"uid": "7"}, "written with quotes", id="a quote that stands for itself"
        ),
        pytest.param("type=cache,target=/c,dst=/d", {"target": "/e"}, "two fields for target", id="twice"),
    ],
)
def test_fields_that_cannot_be_set(mount: str, fields: dict[str, str], reason: str) -> None:
    source, instruction = read(f"--mount={mount} a")
    with pytest.raises(CannotFixError, match=reason):
        set_fields(instruction.flags[0], fields, source)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param("--mount=type=cache,target=/c  a", "a", id="alone"),
        pytest.param("--mount=type=cache,target=/c --network=none a", "--network=none a", id="the first"),
        pytest.param("--network=none --mount=type=cache,target=/c \\\n  a", "--network=none a", id="the last"),
        pytest.param('--mount=type=cache,target=/c ["a"]', '["a"]', id="of an exec form"),
    ],
)
def test_one_less(run: str, expected: str) -> None:
    source, instruction = read(run)
    flag = next(flag for flag in instruction.flags if flag.name == "mount")
    assert applied(source, [remove_flag(flag, instruction, source)]) == expected


def test_a_comment_behind_a_mount_is_kept() -> None:
    source, instruction = read("--mount=type=cache,target=/c \\\n# why\n  a")
    with pytest.raises(CannotFixError, match="there is a comment behind the mount"):
        remove_flag(instruction.flags[0], instruction, source)
