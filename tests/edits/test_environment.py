"""One more variable of a stage: on the line of the others as long as that is no longer than people write lines."""

from __future__ import annotations

import pytest

from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.stages import ImageFacts, stages
from layerlint.edits.environment import set_variable
from layerlint.source.source import Source


def with_variable(text: str) -> str:
    """The file with `X=1` set in its last stage from the last instruction on."""
    source = Source("Dockerfile", text.encode())
    dockerfile = parse(source)
    stage = stages(dockerfile, lambda _: ImageFacts())[-1]
    edit = set_variable(stage, stage.instructions[-1], "X=1", source, "\\")
    return text[: edit.start] + edit.text + text[edit.end :]


@pytest.mark.parametrize(
    ("length", "joined"), [(115, " X=1"), (116, " X=1"), (117, " \\\n    X=1")], ids=["shorter", "just", "longer"]
)
@pytest.mark.parametrize("above", ["", "# " + "x" * 500 + "\n"], ids=["first", "far down"])
def test_a_line_is_not_made_too_long(length: int, joined: str, above: str) -> None:
    env = "ENV A=1 B=".ljust(length, "b")
    text = f"{above}FROM a\n{env}\nRUN b\n"
    assert with_variable(text) == f"{above}FROM a\n{env}{joined}\nRUN b\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM a\nRUN b\n", "FROM a\nENV X=1\nRUN b\n", id="behind FROM"),
        pytest.param("FROM a\n\nRUN b\n", "FROM a\n\nENV X=1\n\nRUN b\n", id="behind a blank line"),
        pytest.param("FROM a\nARG C\nRUN b\n", "FROM a\nARG C\nENV X=1\nRUN b\n", id="behind its head"),
        pytest.param("FROM a\nENV A=1\nRUN b\n", "FROM a\nENV A=1\nENV X=1\nRUN b\n", id="behind the last ENV"),
        pytest.param("FROM a\nENV A 1\nRUN b", "FROM a\nENV A 1\nENV X=1\nRUN b", id="of the old form"),
        pytest.param("from a\nrun b\n", "from a\nenv X=1\nrun b\n", id="in small letters"),
        pytest.param("FROM   a\nRUN    b\n", "FROM   a\nENV    X=1\nRUN    b\n", id="in columns"),
        pytest.param("FROM\ta\nRUN\tb\n", "FROM\ta\nENV\tX=1\nRUN\tb\n", id="in columns of tabs"),
        pytest.param(
            "FROM a\nENV     A=1\nRUN\tb\n", "FROM a\nENV     A=1\nENV     X=1\nRUN\tb\n", id="as the ENV above"
        ),
        pytest.param("FROM \\\n  a\nRUN b\n", "FROM \\\n  a\nENV X=1\nRUN b\n", id="behind a FROM of two lines"),
        pytest.param("FROM  a\nRUN  b\n", "FROM  a\nENV X=1\nRUN  b\n", id="not in columns"),
        pytest.param("FROM a\nRUN  b\n", "FROM a\nENV  X=1\nRUN  b\n", id="in columns of four letters"),
        pytest.param("FROM a\nRUN   b\n", "FROM a\nENV X=1\nRUN   b\n", id="in front of a wide gap"),
        pytest.param(
            "FROM a\nENV A=1 \\\n  B=2\nRUN b\n", "FROM a\nENV A=1 \\\n  B=2 \\\n  X=1\nRUN b\n", id="a line each"
        ),
    ],
)
def test_where_it_stands(text: str, expected: str) -> None:
    assert with_variable(text) == expected
