"""Compiled rules mean what they were made of, and nothing else is ever made of such bytes."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.finding import Severity
from layerlint.linting import lint
from layerlint.rules.checks.checked import check_files
from layerlint.rules.files.compiled import NotCompiledError, compile_files, read_compiled
from layerlint.rules.files.rule_files import read_rule_files
from layerlint.rules.files.unread import unread
from layerlint.rules.loading import shipped_folder
from layerlint.rules.model import Case, Example, Rule, VariableWhen, When
from layerlint.rules.ruleset import make_ruleset
from layerlint.rules.selection import select
from layerlint.source.source import Source
from layerlint.tools.tool import OptionNames, Tool

SHIPPED = check_files(read_rule_files([shipped_folder()], []), [])
RULE = next(rule for rule in SHIPPED if isinstance(rule, Rule))

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
texts = st.lists(text, max_size=3).map(tuple)
options = st.builds(OptionNames, switches=texts, values=texts)
tools = st.builds(Tool, tool=text, names=texts, abbreviated=st.booleans(), options=options,
                  subcommands=st.dictionaries(text, options, max_size=3))  # fmt: skip
whens = st.builds(When, tool=st.none() | text, value=texts, mounted=st.none() | st.booleans(),
                  variable=st.none() | st.builds(VariableWhen, names=texts))  # fmt: skip
rules = st.builds(
    Rule, id=text, name=text, severity=st.sampled_from(Severity), summary=text, message=text, advice=text, note=text,
    when=st.none() | whens, cases=st.lists(st.builds(Case, when=whens), max_size=2).map(tuple), aliases=texts,
    examples=st.lists(st.builds(Example, at=st.none() | text | texts), max_size=2).map(tuple),
)  # fmt: skip


@given(st.lists(rules | tools, max_size=3))
def test_what_is_read_is_what_was_compiled(meanings: list[object]) -> None:
    assert read_compiled(compile_files(meanings)) == meanings


def test_the_shipped_rules_are_what_they_were() -> None:
    assert read_compiled(compile_files(SHIPPED)) == SHIPPED


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda rule: rule, id="as it is"),
        pytest.param(lambda rule: pickle.loads(pickle.dumps(rule)), id="pickled"),
        pytest.param(copy.copy, id="copied"),
        pytest.param(lambda rule: replace(rule, id=RULE.id), id="replaced"),
        pytest.param(lambda rule: (rule.note, rule)[1], id="looked at"),
        pytest.param(lambda rule: (repr(rule), rule)[1], id="shown"),
    ],
)
def test_a_rule_that_is_not_read_yet_is_a_rule(use) -> None:
    (rule,) = read_compiled(compile_files([RULE]))
    (other,) = read_compiled(compile_files([RULE]))
    assert isinstance(rule, Rule)
    used = use(rule)
    assert (used == RULE, used == other, type(used)) == (True, True, Rule)
    assert replace(RULE, id="OTHER01") != used


@dataclass(frozen=True)
class Thing:
    name: str
    heavy: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        return len(self.heavy)


def test_what_is_at_hand_is_not_read() -> None:
    reads: list[int] = []

    def read() -> Thing:
        reads.append(1)
        return Thing("a", ("b", "c"))

    thing = unread(Thing, {"name": "a"}, read)
    assert (thing.name, isinstance(thing, Thing), len(reads)) == ("a", True, 0)
    assert (thing.weight, thing.heavy, hash(thing) == hash(read()), len(reads)) == (2, ("b", "c"), True, 2)
    assert type(thing) is Thing


def test_what_a_file_does_not_concern_is_not_read() -> None:
    rules = make_ruleset(read_compiled(compile_files(SHIPPED)))
    dockerfile = Source("Dockerfile", b"FROM python:3.13-slim\nRUN pip install flask\n")
    selection = select(rules.names, ())
    (finding,) = lint(dockerfile, rules, selection).findings
    assert finding.rule == "PIP001"
    assert [tool.tool for tool in rules.tools if type(tool) is Tool] == ["pip"]
    assert {rule.id.rstrip("0123456789") for rule in rules.rules if type(rule) is Rule} == {"PIP"}


def test_an_object_that_no_file_can_mean_is_refused() -> None:
    with pytest.raises(TypeError, match="a rule file cannot mean a set"):
        compile_files([replace(RULE, aliases={"a"})])  # type: ignore[arg-type]


def lines(classes: list[str], *values: object) -> bytes:
    return "\n".join(json.dumps(line) for line in (classes, [None] * len(values), *values)).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\n\n", id="no text"),
        pytest.param(b"[]\n[]\n[]", id="more objects than there are"),
        pytest.param(b"[]\n[null]\n" + b"[" * 100_000, id="deep"),
        pytest.param(lines(["layerlint.rules.model:Rule"], {"": 0}), id="fields are missing"),
        pytest.param(lines(["layerlint.tools.tool:OptionNames"], {"": 0, "color": "red"}), id="a field too many"),
        pytest.param(lines([], {"": 7}), id="no such class"),
        pytest.param(lines(["os:system"], {"": 0, "command": "touch hacked"}), id="a function of another's"),
        pytest.param(lines(["subprocess:Popen"], {"": 0, "args": ["touch", "hacked"]}), id="a class of another's"),
        pytest.param(lines(["layerlint.cli.commands:main"], {"": 0}), id="a function of ours"),
        pytest.param(
            lines(["layerlint.system.terminal:Output"], {"": 0, "path": "hacked"}), id="a class that is no data"
        ),
        pytest.param(lines(["layerlint.rules.model:re.compile"], {"": 0, "pattern": "x"}), id="a way through a module"),
        pytest.param(lines(["antigravity:x"], {"": 0}), id="a module that is not there yet"),
    ],
)
def test_what_was_not_compiled_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotCompiledError):
        read_compiled(data)
    assert not list(tmp_path.iterdir())
    assert "antigravity" not in sys.modules
