"""Rule files that are wrong: what is said, where, and all of it at once."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pytest

from layerlint.documents.positions import KeyPath, Lookup
from layerlint.errors import Mistake, UserError
from layerlint.rules.checks import checked, file_checks
from layerlint.rules.loading import load, shipped_folder
from layerlint.rules.ruleset import RuleSet
from tests.program import run

GOOD = """\
id: ABC001
name: a-rule
severity: warning
summary: a summary
message: "{command} fills {directory}"
advice: do something else
note: |
  Why it matters.
when: {tool: pip, cache: [left]}
"""


def load_beside_one_pack(path: Path) -> RuleSet:
    """What `load` makes of `path` where there is one tool: to read and check all that are shipped takes 0.2 s."""
    return load([shipped_folder() / "pip", path], shipped=False)


def said(path: Path, text: str, name: str = "rule.yaml") -> list[str]:
    """Each mistake as `line:column title`."""
    file = path / name
    file.write_text(text)
    with pytest.raises(UserError) as raised:
        load_beside_one_pack(file)
    assert {mistake.path for mistake in raised.value.mistakes} == {file.as_posix()}
    return [f"{mistake.line}:{mistake.column} {mistake.title}" for mistake in raised.value.mistakes]


def test_a_good_one_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(GOOD)
    assert load_beside_one_pack(tmp_path).names.named("ABC001") is not None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("id: ABC001", "id: abc", '1:5 "abc" cannot be a rule\'s id', id="an id that is none"),
        pytest.param("id: ABC001", "id: PIP001", '1:5 id "PIP001" is taken', id="an id that is taken"),
        pytest.param("severity: warning", "severity: high", '3:11 "severity" cannot be "high"', id="severity"),
        pytest.param("summary:", "sumary:", '4:1 unknown key "sumary"', id="a misspelt key"),
        pytest.param("advice: do something else\n", "", '1:1 missing key "advice"', id="a missing key"),
        pytest.param("{command}", "{comand}", '5:10 "message" names "{comand}", which there is not', id="a name"),
        pytest.param("tool: pip", "tool: pop", '9:14 no tool is called "pop"', id="an unknown tool"),
        pytest.param("cache: [left]", "cache: left", '9:26 "cache" has the wrong type', id="text for a list"),
        pytest.param("[left]", "[lost]", '9:27 number 1 in "cache" cannot be "lost"', id="an unknown verdict"),
        pytest.param(", cache: [left]", "", "9:7 the rule would report everything", id="no condition"),
        pytest.param(
            "when: {tool: pip, cache: [left]}\n", "", "1:5 the rule would never report anything", id="no when"
        ),
        pytest.param(
            "when:", "fixes: [{title: t, safety: safe}]\nwhen:", "9:9 the fix does nothing", id="a fix without action"
        ),
        *(
            pytest.param(
                "when:",
                f"fixes: [{{title: t, safety: safe, append-command: {json.dumps(command)}}}]\nwhen:",
                f'9:50 "{command}" cannot be inserted',
                id=f"a command that is more than one, or none: {command}",
            )
            for command in (
                "rm -rf /c; true",
                "rm -rf $HOME",
                "rm -rf ~/c",
                "rm 'a b'",
                "a && b",
                "",
                "rm  -rf /",
                "{directory} x",
                "{user}",
            )
        ),
        pytest.param(
            "when:",
            "examples: [{reports: FROM a}]\nwhen:",
            "9:12 the example cannot be tested",
            id="an example without a place",
        ),
        pytest.param("id:", "idd:", "1:1 this is not a rule file", id="no rule at all"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in said(tmp_path, GOOD.replace(old, new, 1))


def test_a_variable_is_any_where_no_cache_is_left(tmp_path: Path) -> None:
    fixes = "fixes: [{title: a, safety: safe, insert-variable: WOMBAT=1}]\nwhen:"
    assert len(said(tmp_path, GOOD.replace("when:", fixes))) == 1
    (tmp_path / "rule.yaml").write_text(GOOD.replace("when:", fixes).replace("[left]", "[off]"))
    assert load_beside_one_pack(tmp_path).names.named("ABC001") is not None


def test_a_file_that_is_in_two_sets_of_rules_is_checked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked_files: list[str] = []

    def check_file(file: object, lookup: Lookup, path: str, left_out: Collection[KeyPath]) -> list[Mistake]:
        checked_files.append(Path(path).name)
        return file_checks.check_file(file, lookup, path, left_out)

    monkeypatch.setattr(checked, "check_file", check_file)
    (tmp_path / "one.yaml").write_text(GOOD)
    (tmp_path / "two.yaml").write_text(GOOD.replace("ABC001", "ABC002").replace("a-rule", "b-rule"))
    one, two = load_beside_one_pack(tmp_path / "one.yaml"), load_beside_one_pack(tmp_path)
    assert (one.names.named("ABC002"), two.names.named("ABC001")) == (None, one.names.named("ABC001"))
    assert two.names.named("ABC002") is not None
    assert sorted(name for name in checked_files if name in {"one.yaml", "two.yaml"}) == ["one.yaml", "two.yaml"]


def test_every_mistake_is_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("summary:", "sumary:").replace("severity: warning", "severity: high")
    assert said(tmp_path, text.replace("{directory}", "{nope}")) == [
        '3:11 "severity" cannot be "high"',
        '4:1 unknown key "sumary"',
        '5:10 "message" names "{nope}", which there is not',
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("a: [", "YAML", id="no YAML"),
        pytest.param("id: &a ABC001\nname: *a\n", "anchor", id="anchors"),
        pytest.param("id: !!python/name:os.system x\n", "tag", id="tags"),
        pytest.param("id: A\nid: B\n", "twice", id="a key twice"),
        pytest.param("[" * 200 + "]" * 200, "deep", id="depth"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: str, title: str) -> None:
    assert any(title in mistake for mistake in said(tmp_path, text))


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        pytest.param("tool: zork\nnames: [zork]\nform: xml\n", ['unknown key "form"'], id="an unknown key"),
        pytest.param('tool: "zork" # a tool\nnames: [zork\n', ["this is not YAML"], id="no YAML"),
        pytest.param("tool: zork\nnames: [/zork]\n", ['"/zork" cannot be the name of a program'], id="a wrong name"),
        pytest.param(
            "tool: zork\nnames: [zork]\noptions: {switches: [x]}\n", ['"x" cannot be an option'], id="a wrong option"
        ),
        pytest.param(
            "tool: zork\nnames: [zork]\noptions: {switches: [--x]}\ncaches: [{title: z, filled-by: [{}], at: []}]\n",
            ['"--x" does not keep z out of the image'],
            id="what is right",
        ),
        pytest.param(
            "tool: zork\nnames: [zork]\n" + "".join(f"key{number}: 1\n" for number in range(101)),
            [*(f'unknown key "key{number}"' for number in range(100)), "1 more mistake"],
            id="more than is said",
        ),
    ],
)
def test_a_mistake_in_a_tool_is_none_in_the_rules_about_it(tmp_path: Path, tool: str, expected: list[str]) -> None:
    (tmp_path / "tool.yaml").write_text(tool)
    rule = GOOD.replace("tool: pip", "tool: zork") + "fixes: [{title: a, safety: safe, insert-option: --x}]\n"
    (tmp_path / "rule.yaml").write_text(rule)
    with pytest.raises(UserError) as raised:
        load_beside_one_pack(tmp_path)
    assert [mistake.title for mistake in raised.value.mistakes] == expected


@pytest.mark.parametrize("folder", ["rules", "rules/deeper", "package"])
def test_a_folder_without_rule_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("Dockerfile", "rules/notes.md", "rules/deeper/rule.yaml.bak", "package/module.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("FROM a\n")
    expected = (
        f"{folder}: error: there is no rule file in this folder\n"
        '  a rule file is called *.yaml or *.yml, and a rule begins with "id:"\n'
        "  help: check the path given for rules\n"
    )
    assert run("check", "--rules", folder, "Dockerfile") == (2, "", expected)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="rules not found"):
        load([tmp_path / "missing"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "tool: t\nnames: [t]\ncaches:\n  - title: c\n    filled-by: [{}]\n    at: [{below: x}]\n",
            "6:10 the location of the cache is not clear",
            id="a location without a place",
        ),
        pytest.param(
            "tool: t\nnames: [t]\ncaches:\n  - title: c\n    filled-by: [{}]\n    at: []\n    off-by: [{}]\n",
            "7:14 what turns the cache off is not clear",
            id="a switch without a name",
        ),
        pytest.param("tool: pip\nnames: [p]\n", '1:7 tool "pip" is taken', id="a tool that is taken"),
    ],
)
def test_a_mistake_in_a_tool(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in said(tmp_path, text)
