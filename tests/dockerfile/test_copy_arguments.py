"""COPY and ADD taken apart: sources, target and flags, as BuildKit has them."""

from __future__ import annotations

import pytest

from layerlint.dockerfile.build_state import build_states
from layerlint.dockerfile.copy_arguments import CopyArguments, copy_words, read_copy
from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.stages import ImageFacts, stages
from layerlint.source.source import Source


def read(text: str) -> CopyArguments | None:
    """The arguments of the last instruction of a stage in /w that knows A=/a and does not know TARGETOS."""
    dockerfile = parse(Source("Dockerfile", f"FROM x\nENV A=/a\nARG TARGETOS\nWORKDIR /w\n{text}\n".encode()))
    all_stages = stages(dockerfile, lambda _: ImageFacts())
    (states,) = build_states(dockerfile, all_stages)
    return read_copy(dockerfile.instructions[-1], states[-1], dockerfile.escape)


@pytest.mark.parametrize(
    ("text", "sources", "target", "into_folder"),
    [
        pytest.param("COPY a /b", ("a",), "/b", False, id="two words"),
        pytest.param("ADD a b c/", ("a", "b"), "/w/c", True, id="several sources, a relative target"),
        pytest.param("COPY a .", ("a",), "/w", True, id="the working directory"),
        pytest.param("COPY a ..", ("a",), "/", True, id="the folder above"),
        pytest.param("COPY a //x/./y/../z", ("a",), "/x/z", False, id="a path that is not normal"),
        pytest.param('COPY ["a b", "/c"]', ("a b",), "/c", False, id="blanks in exec form"),
        pytest.param('COPY ["$A/b", "c"]', ("/a/b",), "/w/c", False, id="variables in exec form"),
        pytest.param('COPY "a b" /c', (None, None), "/c", True, id="blanks in quotes are blanks all the same"),
        pytest.param("COPY \"a\" '/b'", ("a",), "/b", False, id="quotes come off"),
        pytest.param("COPY $A/b $A", ("/a/b",), "/a", False, id="variables"),
        pytest.param("COPY $TARGETOS x", (None,), "/w/x", False, id="a source that is not known"),
        pytest.param("COPY x /$TARGETOS", ("x",), None, False, id="a target that is not known"),
        pytest.param("WORKDIR $TARGETOS\nCOPY x y", ("x",), None, False, id="relative to what is not known"),
        pytest.param("WORKDIR $TARGETOS\nCOPY x /y", ("x",), "/y", False, id="not relative to it"),
        pytest.param("COPY --chown=a x\\ y", ("x",), "/w/y", False, id="an escaped blank separates too"),
    ],
)
def test_paths(text: str, sources: tuple[str | None, ...], target: str | None, into_folder: bool) -> None:
    assert read(text) == CopyArguments(sources, target, into_folder)


@pytest.mark.parametrize(
    ("flags", "parents", "excluded"),
    [
        pytest.param("--link --chown=a", False, (), id="others"),
        pytest.param("--parents", True, (), id="parents"),
        pytest.param("--parents=false", False, (), id="no parents"),
        pytest.param("--exclude=*.o --exclude=$A", False, ("*.o", "$A"), id="patterns, in which nothing is replaced"),
    ],
)
def test_flags(flags: str, parents: bool, excluded: tuple[str, ...]) -> None:
    assert read(f"COPY {flags} x /y") == CopyArguments(("x",), "/y", False, parents, excluded)


@pytest.mark.parametrize("text", ["COPY x", 'COPY ["x"]', "COPY"])
def test_too_few(text: str) -> None:
    assert read(text) is None


def test_words_are_as_written() -> None:
    dockerfile = parse(Source("Dockerfile", b"FROM x\nCOPY  'a'\t$B  c\n"))
    assert copy_words(dockerfile.instructions[1]) == ("'a'", "$B", "c")
