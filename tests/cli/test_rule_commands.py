"""`layerlint rules` and `layerlint explain` as a user runs them."""

# ruff: noqa: E501

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.program import ALL_RULES, check, run, write


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_rules() -> None:
    status, output, errors = run("rules")
    assert (status, errors) == (0, "")
    lines = output.splitlines()
    assert lines[0].split() == ["ID", "NAME", "SEVERITY", "FIXABLE", "SUMMARY"]
    by_id = {line.split()[0]: line for line in lines[1:]}
    assert list(by_id) == sorted(by_id)
    assert lines[0].index("SUMMARY") == by_id["LL001"].index("a comment that suppresses a finding suppresses nothing")
    assert by_id["LL001"].split()[:4] == ["LL001", "unused-suppression", "info", "no"]
    assert by_id["PIP001"].split()[:4] == ["PIP001", "pip-cache-in-layer", "warning", "yes"]
    assert by_id["DF001"].split()[:5] == ["DF001", "apt-without-yes", "off", "(warning)", "yes"]
    listed = json.loads(run("rules", "--format", "json")[1])
    assert next(rule for rule in listed["rules"] if rule["id"] == "PIP001") == {
        "id": "PIP001",
        "name": "pip-cache-in-layer",
        "severity": "warning",
        "fixable": True,
        "fix": "safe",
        "default": True,
        "aliases": ["DL3042"],
        "summary": "pip's cache stays in a layer of the image",
    }
    write("extra.yaml", ALL_RULES)
    assert ["XTR001", "everything"] in [
        line.split()[:2] for line in run("rules", "--rules", "extra.yaml")[1].splitlines()
    ]


@pytest.mark.parametrize(
    ("config", "arguments"),
    [
        pytest.param("rules: [team]\n", [], id="in the configuration"),
        pytest.param("rules: [team]\n", ["--rules", "team"], id="and on the command line, which is no second rule"),
        pytest.param("", ["--rules", "team/extra.yaml"], id="on the command line"),
        pytest.param("", ["--config", "other.yaml"], id="in another configuration"),
    ],
)
def test_every_command_knows_the_rules_that_check_knows(config: str, arguments: list[str]) -> None:
    write("team/extra.yaml", ALL_RULES)
    write(".layerlint.yaml", config)
    write("other.yaml", "rules: [team]\n")
    write("Dockerfile")
    assert "Dockerfile:2 error XTR001" in check(*arguments)[1]
    assert run("explain", "XTR001", *arguments)[1].startswith("XTR001 everything\n")
    assert re.search(r"^XTR001 +everything ", run("rules", *arguments)[1], re.MULTILINE)
    for words in (["rules", "new", "XTR001", *arguments], ["rules", *arguments, "new", "XTR001"]):
        status, _, errors = run(*words)
        assert status == 2
        assert errors.startswith('layerlint: error: id "XTR001" is taken\n  the rule everything has it\n')
    assert not Path("XTR001.yaml").exists()
    assert run("explain", "XTR001", "--isolated")[0] == 2
    assert "XTR001" not in run("rules", "--isolated")[1]


@pytest.mark.parametrize("words", [["explain", "PIP001"], ["rules"], ["rules", "test", "extra.yaml"]], ids=str)
def test_a_wrong_configuration_stops_every_command(words: list[str]) -> None:
    write(".layerlint.yaml", "selct: []\n")
    write("Dockerfile")
    write("extra.yaml", ALL_RULES)
    assert run(*words)[0::2] == (2, run("check")[2])
    assert run(*words, "--isolated")[2] == ""
    assert "exclude each other" in run(*words, "--isolated", "--config", "x")[2]


@pytest.mark.parametrize("word", ["XTR001", "xtr001", "everything", "XY1"])
def test_explain(word: str) -> None:
    example = "examples:\n- {reports: 'RUN pip install a', at: '1:5', fixed: 'RUN b', fixed-unsafe: 'RUN c'}\n- {silent: no pip, dockerfile: 'RUN c'}\n"
    fixes = "fixes: [{title: Look at it, safety: unsafe, insert-option: --no-cache-dir}]\n"
    write("extra.yaml", ALL_RULES + "aliases: [XY1]\nreferences: [The book of words]\n" + fixes + example)
    status, output, errors = run("explain", word, "--rules", "extra.yaml")
    assert (status, errors) == (0, "")
    assert output == (
        "XTR001 everything\n\n"
        "severity error, fixable with --unsafe-fixes, also known as XY1\n\n"
        "pip is used\n\n"
        "Why\n  Because.\n\n"
        "How to fix it\n  do not\n\n"
        "Reported\n  RUN pip install a\n\n"
        "Fixed\n  RUN b\n\n"
        "Fixed with --unsafe-fixes\n  RUN c\n\n"
        "Not reported: no pip\n  RUN c\n\n"
        "Where it comes from\n  The book of words\n"
    )


@pytest.mark.parametrize(
    ("fixes", "told", "column", "values"),
    [
        pytest.param("", "no automatic fix", "no", (False, None), id="none"),
        pytest.param(
            "fixes: [{title: t, safety: unsafe, insert-option: --no-cache-dir}]\n",
            "fixable with --unsafe-fixes",
            "unsafe",
            (False, "unsafe"),
            id="an unsafe one",
        ),
        pytest.param(
            "fixes: [{title: t, safety: unsafe, insert-option: --no-cache-dir}, {title: u, safety: safe, insert-option: --no-cache-dir}]\n",
            "fixable",
            "yes",
            (True, "safe"),
            id="one of both kinds",
        ),
    ],
)
def test_whether_a_rule_has_fixes(fixes: str, told: str, column: str, values: tuple[bool, str | None]) -> None:
    write("extra.yaml", ALL_RULES + fixes)
    write(".layerlint.yaml", "rules: [extra.yaml]\n")
    assert f"severity error, {told}\n" in run("explain", "XTR001")[1]
    assert re.search(rf"^XTR001 +everything +error +{column} ", run("rules")[1], re.MULTILINE)
    (listed,) = [rule for rule in json.loads(run("rules", "-f", "json")[1])["rules"] if rule["id"] == "XTR001"]
    assert (listed["fixable"], listed["fix"]) == values


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        pytest.param("PIP", "PIP001", "PIPX004", id="a prefix"),
        pytest.param("pip00", "PIP001", "PIP009", id="one that ends in the number, in another case"),
        pytest.param("all", "APK001", "ZYP003", id="all of them"),
    ],
)
def test_explain_lists_the_rules_with_a_prefix(word: str, first: str, last: str) -> None:
    status, output, errors = run("explain", word)
    assert (status, errors) == (0, "")
    ids = [line.split()[0] for line in output.splitlines()]
    assert ids[0] == "ID"
    assert (ids[1], ids[-1]) == (first, last)


def test_every_rule_can_be_explained() -> None:
    for rule in json.loads(run("rules", "--format", "json")[1])["rules"]:
        status, output, errors = run("explain", rule["id"])
        assert (status, errors) == (0, "")
        assert output.startswith(f"{rule['id']} {rule['name']}\n")
        assert "{" not in output.split("Reported")[0]
