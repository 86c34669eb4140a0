"""What is said of rule files that are wrong: all of it, at its place, before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerlint.authoring.examples import run_example
from layerlint.rules.loading import load
from tests.program import run, write
from tests.rules.bad_rules import BAD_RULES, CACHE_RULE, GOLDEN, REMOVAL_RULE, RULE, TOOL, BadRule, said_of, sections


@pytest.mark.parametrize("text", [RULE, CACHE_RULE, REMOVAL_RULE, TOOL])
def test_without_what_is_wrong_they_are_right(text: str, tmp_path: Path) -> None:
    write(str(tmp_path / "rule.yaml"), text)
    rule = load([tmp_path]).names.named("ABC001")
    assert rule is None or all(run_example(rule, each, load([tmp_path])).explanation == "" for each in rule.examples)


def test_what_is_said_of_each() -> None:
    current = "\n".join(sections())
    assert current == GOLDEN.read_text(encoding="utf-8"), "if the change is meant: python -m tests.rules.bad_rules"


@pytest.mark.parametrize("bad", BAD_RULES, ids=lambda bad: bad.name)
def test_each_has_a_place_a_cause_and_is_said_once(bad: BadRule) -> None:
    said = said_of(bad).splitlines()
    heads = [line for line in said if not line.startswith("  ")]
    assert heads
    for head in heads:
        path, line, column, kind, _ = head.split(":", 4)
        assert (path, kind) == ("rule.yaml", " error")
        assert int(line) <= bad.text.count("\n") + 1
        assert int(column) >= 1
    assert len(set(heads)) == len(heads)
    assert len(said) >= 2 * len(heads)


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len({bad.name for bad in BAD_RULES}) == len(BAD_RULES) >= 40


def test_the_run_stops_before_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile", "FROM a\nRUN pip install b\n")
    write("rules/one.yaml", BAD_RULES[0].text)
    write("rules/two.yaml", BAD_RULES[-1].text)
    status, output, errors = run("check", "--rules", "rules")
    assert (status, output) == (2, "")
    assert {line.partition(":")[0] for line in errors.splitlines() if not line.startswith("  ")} == {
        "rules/one.yaml",
        "rules/two.yaml",
    }
