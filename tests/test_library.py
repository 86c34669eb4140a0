from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import layerlint
from layerlint import Edit, Finding, Fix, ParseError, Region, Result, Safety, Severity, UserError
from tests.program import unmeasured

BAD = "FROM python:3.12\nRUN é=1 pip install flask\n"


def test_findings_have_lines_and_columns_in_code_points() -> None:
    (found,) = layerlint.check(BAD, select=["PIP001"]).findings
    assert isinstance(found, Finding)
    assert (found.rule, found.name, found.severity) == ("PIP001", "pip-cache-in-layer", Severity.WARNING)
    assert (found.line, found.column, found.region) == (2, 9, Region(2, 9, 2, 20))
    insert = Edit(Region(2, 20, 2, 20), " --no-cache-dir")
    assert found.fixes == (Fix("Add --no-cache-dir", Safety.SAFE, (insert,)),)
    assert "/root/.cache/pip" in found.message
    assert "--no-cache-dir" in found.advice


def test_text_and_bytes_are_the_same() -> None:
    assert layerlint.check(BAD) == layerlint.check(BAD.encode())


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        pytest.param({"select": ["PIP001"]}, ["PIP001"], id="select"),
        pytest.param({"select": ("DL3042",)}, ["PIP001"], id="by alias"),
        pytest.param({"ignore": ["PIP"]}, [], id="ignore by prefix"),
        pytest.param({"select": []}, [], id="nothing selected"),
    ],
)
def test_selection(arguments: dict[str, list[str]], rules: list[str]) -> None:
    assert [found.rule for found in layerlint.check(BAD, **arguments).findings] == rules  # type: ignore[arg-type]


def test_what_cannot_be_read_is_in_the_result() -> None:
    result = layerlint.check("FROM python:3.12\nRUN pip install a\nWRONG b\n", select=["PIP001"])
    assert [found.line for found in result.findings] == [2]
    assert [(type(error), error.line, error.column) for error in result.errors] == [(ParseError, 3, 1)]


def test_the_context_is_where_copied_files_are(tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nno-cache-dir = true\n")
    text = "FROM python:3.12\nCOPY pip.conf /etc/pip.conf\nRUN pip install flask\n"
    assert layerlint.check(text, select=["PIP001"], context=tmp_path) == Result()
    assert len(layerlint.check(text, select=["PIP001"]).findings) == 1


def test_every_unknown_rule_is_a_mistake() -> None:
    with pytest.raises(UserError) as raised:
        layerlint.check(BAD, select=["PIP01"], ignore=["nothing at all"])
    assert str(raised.value) == (
        'error: unknown rule "PIP01"\n  no rule has this id, name, alias or prefix\n  help: did you mean "PIP001"?\n'
        'error: unknown rule "nothing at all"\n  no rule has this id, name, alias or prefix\n'
        "  help: `layerlint rules` lists them all"
    )


def test_the_example_of_the_documentation() -> None:
    assert doctest.testmod(layerlint).attempted == 2
    assert doctest.testmod(layerlint).failed == 0


def test_all_that_is_promised_is_there() -> None:
    assert all(getattr(layerlint, name) is not None for name in layerlint.__all__)
    with pytest.raises(AttributeError, match="module 'layerlint' has no attribute 'chek'"):
        layerlint.chek  # noqa: B018


def test_importing_it_is_cheap() -> None:
    heavy = ("layerlint.library", "yaml", "pydantic", "tree_sitter", "typer", "dataclasses")
    script = f"import sys, layerlint; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], env=unmeasured(), capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_way_to_fix_is_chosen() -> None:
    text = "FROM python:3.12\nRUN pip install a\n"
    titles = [layerlint.check(text, fix_with=way).findings[0].fixes[0].title for way in ("flag", "mount", "env")]
    assert titles == ["Add --no-cache-dir", "Mount a cache at /root/.cache/pip", "Set PIP_NO_CACHE_DIR=1 for the stage"]
    with pytest.raises(ValueError, match="magic"):
        layerlint.check(text, fix_with="magic")  # type: ignore[arg-type]
