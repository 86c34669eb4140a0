from __future__ import annotations

import pytest

from layerlint.finding import Severity
from layerlint.rules.selection import RuleChoice, RuleNames, select
from tests.sample_rules import RULES, SampleRule

NAMES = RuleNames(RULES)


@pytest.mark.parametrize(
    ("selector", "rules"),
    [
        pytest.param("TST001", {"TST001"}, id="id"),
        pytest.param("tst001", {"TST001"}, id="id in another case"),
        pytest.param("bad-word", {"TST001"}, id="name"),
        pytest.param("DL3042", {"TST001"}, id="alias"),
        pytest.param("TST", {"TST001", "TST002", "TST100"}, id="prefix"),
        pytest.param("TST0", {"TST001", "TST002"}, id="prefix into the number"),
        pytest.param("ALL", {"TST001", "TST002", "TST100", "LL001"}, id="all"),
        pytest.param("DL3", set(), id="no prefix of an alias"),
        pytest.param("TST0010", set(), id="longer than an id"),
        pytest.param("", set(), id="empty"),
    ],
)
def test_what_a_selector_stands_for(selector: str, rules: set[str]) -> None:
    assert NAMES.matching(selector) == rules


@pytest.mark.parametrize(
    ("choices", "enabled"),
    [
        pytest.param([], {"LL001", "TST001", "TST002"}, id="nothing said: the rules that are on by default"),
        pytest.param(
            [RuleChoice(["ALL"])], {"LL001", "TST001", "TST002", "TST100"}, id="ALL has those that are not, too"
        ),
        pytest.param([RuleChoice([])], set(), id="nothing selected"),
        pytest.param([RuleChoice(["TST"], ["TST001"])], {"TST002", "TST100"}, id="the longer wins: ignore"),
        pytest.param([RuleChoice(["TST001"], ["TST"])], {"TST001"}, id="the longer wins: select"),
        pytest.param([RuleChoice(["DL3042"], ["TST0"])], {"TST001"}, id="an alias is as long as an id"),
        pytest.param([RuleChoice(["TST001"], ["TST001"])], set(), id="equal: ignoring wins"),
        pytest.param([RuleChoice(["TST0"], ["ALL"])], {"TST001", "TST002"}, id="ALL is the shortest"),
        pytest.param([RuleChoice(None, ["TST0"])], {"LL001"}, id="ignoring only takes away"),
        pytest.param(
            [RuleChoice(["TST"]), RuleChoice(None, ["TST1"])], {"TST001", "TST002"}, id="a later ignore takes away"
        ),
        pytest.param(
            [RuleChoice(None, ["TST001"]), RuleChoice(["TST001"])], {"TST001"}, id="a later select starts anew"
        ),
        pytest.param([RuleChoice(None, (), {"TST001": "off"})], {"LL001", "TST002"}, id="off"),
        pytest.param([RuleChoice(None, (), {"TST": "off", "TST002": "info"})], {"LL001"}, id="off by prefix"),
        pytest.param(
            [RuleChoice(None, (), {"TST001": "off"}), RuleChoice(["TST001"])], {"TST001"}, id="selected after off"
        ),
    ],
)
def test_which_rules_are_on(choices: list[RuleChoice], enabled: set[str]) -> None:
    assert set(select(NAMES, choices).severities) == enabled


def test_severities() -> None:
    severity = {"TST": "info", "bad-word": "error", "TST100": "error"}
    selection = select(NAMES, [RuleChoice(None, (), severity), RuleChoice(["TST0", "LL001"])])
    assert selection.severities == {"LL001": Severity.INFO, "TST001": Severity.ERROR, "TST002": Severity.INFO}
    assert selection.overridden == {"TST001", "TST002"}
    without = selection.without(frozenset({"TST001"}))
    assert set(without.severities) == {"LL001", "TST002"}
    assert without.overridden == {"TST002"}


@pytest.mark.parametrize(
    ("word", "near"),
    [("TST01", "TST001"), ("dl30420", "DL3042"), ("bad-wrd", "bad-word"), ("TSR", "TST"), ("xyzzy", "")],
)
def test_nearest(word: str, near: str) -> None:
    assert NAMES.nearest(word) == near


@pytest.mark.parametrize(
    ("word", "rule"),
    [
        pytest.param("ABC001", "ABC001", id="an id, not the alias of another"),
        pytest.param("Plain", "ABC002", id="a name, not the alias of another"),
        pytest.param("DL1", "ABC001", id="the first of several that have an alias"),
        pytest.param("DL2", "ABC003", id="an alias of one"),
    ],
)
def test_what_a_word_names_that_several_rules_have(word: str, rule: str) -> None:
    names = RuleNames(
        [
            SampleRule("ABC001", "first", Severity.INFO, ("DL1", "plain")),
            SampleRule("ABC002", "plain", Severity.INFO, ("DL1",)),
            SampleRule("ABC003", "last", Severity.INFO, ("ABC001", "DL1", "DL2")),
        ]
    )
    found = names.named(word)
    assert found is not None
    assert found.id == rule
    assert names.matching(word) == {rule}


@pytest.mark.parametrize(
    ("prefix", "aliases"),
    [("DL", ["DL3042", "DL3043"]), ("dl3043", ["DL3043"]), ("TST", []), ("", [])],
)
def test_aliases_that_start(prefix: str, aliases: list[str]) -> None:
    assert NAMES.aliases_that_start(prefix) == aliases
