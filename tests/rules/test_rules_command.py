"""`layerlint rules test`, `new` and `schema`, as they are used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from layerlint.rules.loading import shipped_folder
from tests.program import run, write

RULE = """\
id: ABC001
name: a-rule
severity: warning
summary: a summary
message: "{command}"
advice: Do something else.
note: |
  Why it matters.
when:
  command: {name: make, option: -k}
fixes:
  - {title: Take it out, safety: safe, remove: option}
examples:
"""
GOOD = """\
  - reports: |
      FROM a
      RUN make -k
    at: "2:5"
    fixed: |
      FROM a
      RUN make
  - silent: nothing is made
    dockerfile: FROM a
"""
NEW = "Wrote ABC001.yaml, and layerlint-rules.schema.json for editors. Try it: layerlint rules test ABC001.yaml\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ran(examples: str) -> tuple[int, list[str]]:
    write("rule.yaml", RULE + examples)
    status, output, errors = run("rules", "test", "rule.yaml")
    assert errors == ""
    return status, output.splitlines()


def test_examples_that_are_as_they_say() -> None:
    assert ran(GOOD) == (
        0,
        [
            "rule.yaml:14: ABC001 as expected: reported at 2:5",
            "rule.yaml:21: ABC001 as expected: nothing is made",
            "1 rule, 2 examples: 2 as expected.",
        ],
    )


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        pytest.param(
            GOOD.replace("dockerfile: FROM a", 'dockerfile: "FROM a\\nRUN make -k"'),
            "rule.yaml:21: ABC001 noisy: reported at 2:5, expected at no place",
            id="noisy",
        ),
        pytest.param(
            GOOD.replace("make -k", "make -j"),
            "rule.yaml:14: ABC001 missing: reported at no place, expected at 2:5",
            id="missing",
        ),
        pytest.param(
            GOOD.replace('"2:5"', '"2:10"'),
            "rule.yaml:14: ABC001 wrong place: reported at 2:5, expected at 2:10",
            id="wrong place",
        ),
        pytest.param(
            GOOD.replace('"2:5"', '"2:5"\n    severity: error'),
            "rule.yaml:14: ABC001 wrong severity: warning, expected error",
            id="wrong severity",
        ),
        pytest.param(
            GOOD.replace("      RUN make\n", "      RUN true\n"),
            'rule.yaml:14: ABC001 wrong fix: "fixed" is not what it becomes (- expected, + is):\n  | @@ -1,2 +1,2 @@\n'
            "  |  FROM a\n  | -RUN true\n  | +RUN make",
            id="wrong fix",
        ),
        pytest.param(
            GOOD.replace("    fixed:", "    fixed-unsafe:").replace("      RUN make\n", "      RUN true\n"),
            'ABC001 wrong fix: "fixed-unsafe" is not what it becomes (- expected, + is):\n  | @@',
            id="wrong unsafe fix",
        ),
        pytest.param(
            GOOD.replace("FROM a\n      RUN make -k", "FORM a\n      RUN make -k"),
            "rule.yaml:14: ABC001 unreadable: ",
            id="unreadable",
        ),
        pytest.param(
            "  - {silent: nothing is made, dockerfile: FROM a}\n",
            'rule.yaml:1: ABC001 untested: no example says what it "reports"',
            id="nothing that is reported",
        ),
    ],
)
def test_an_example_that_is_not_as_it_says(examples: str, said: str) -> None:
    status, lines = ran(examples)
    assert status == 1
    assert said in "\n".join(lines)
    outcome = said.partition("ABC001 ")[2].partition(":")[0]
    assert f"1 {outcome}" in lines[-1]


@pytest.mark.parametrize(
    ("fix", "key", "dockerfile", "reason"),
    [
        pytest.param("safe, remove: option", "fixed", "RUN make -k", None, id="it is fixed, otherwise"),
        pytest.param(
            "unsafe, remove: option", "fixed", "RUN make -k", "not fixed at 2:5: it has only an unsafe fix", id="unsafe"
        ),
        pytest.param(
            "unsafe, fix-with: [env], remove: option",
            "fixed-mount",
            "RUN make -k",
            "not fixed at 2:5: there is one only with --fix-with env --unsafe-fixes",
            id="of another kind",
        ),
        pytest.param(
            'safe, replace: {place: command, by: "make -k -k"}',
            "fixed",
            "RUN make -k",
            "the fixes do not come to an end: ABC001 still changes the file after 10 rounds.",
            id="without an end",
        ),
        pytest.param(
            'safe, replace: {place: command, by: "make\\nRUN make"}',
            "fixed",
            "RUN make -k",
            "not fixed at 2:5: its fix would change the number of instructions",
            id="refused",
        ),
    ],
)
def test_why_a_fix_is_not_as_it_says(fix: str, key: str, dockerfile: str, reason: str | None) -> None:
    example = f'  - {{reports: "FROM a\\n{dockerfile}\\n", at: \'2:5\', {key}: "FROM a\\nRUN b\\n"}}\n'
    write("rule.yaml", RULE.replace("safe, remove: option", fix) + example)
    status, output, errors = run("rules", "test", "rule.yaml")
    assert (status, errors) == (1, "")
    last = output.splitlines()[-2]
    assert last.startswith(f"  | {reason or '+RUN make'}"), output


def test_a_case_without_a_fix_does_not_fix() -> None:
    cases = "cases: [{when: {command: {name: make, option: -k}}, fixes: []}, {when: {command: {name: make}}}]\n"
    examples = GOOD.replace("RUN make\n", "RUN true\n")
    rule = RULE.replace("remove: option", "replace: {place: command, by: b}")
    write("rule.yaml", rule.replace("when:\n  command: {name: make, option: -k}\n", cases) + examples)
    assert "  | not fixed at 2:5: the rule has no fix for it\n" in run("rules", "test", "rule.yaml")[1]


@pytest.mark.parametrize(
    "arguments",
    [["rules", "test", "rules"], ["rules", "--rules", "rules"], ["explain", "ABC001", "--rules", "rules"],
     ["rules", "--format", "json", "--rules", "rules"]],
    ids=" ".join,
)  # fmt: skip
def test_what_a_rule_says_is_seen_and_not_obeyed(arguments: list[str]) -> None:
    hostile = r'"x\n\n::error::x\e[31m\a\x9b\u202e"'
    rule = RULE.replace("a summary", hostile).replace("Do something else.", hostile)
    rule = f"references: [{hostile}]\naliases: [{hostile}]\n{rule.replace('Why it', 'Why' + chr(0x202E) + ' it')}"
    examples = GOOD.replace("nothing is made", hostile).replace("dockerfile: FROM a", r'dockerfile: "FROM a\n#\e[2J"')
    examples = examples.replace("      RUN make\n", f"      RUN make{chr(0x202E)}\n", 1)
    write("rules/a\n::error::x\x1b[31m.yaml", rule + examples)
    status, output, errors = run(*arguments)
    assert (status, errors) == (int("test" in arguments), "")
    assert not {character for character in output if not character.isprintable()} - {"\n"}
    assert "::error::x" in output
    if arguments[0] == "rules":
        assert not any(line.lstrip().startswith("::") for line in output.splitlines())


def test_a_rule_file_that_is_wrong() -> None:
    write("rule.yaml", RULE.replace("note:", "text:") + GOOD)
    status, output, errors = run("rules", "test", "rule.yaml")
    assert (status, output) == (2, "")
    assert errors.startswith('rule.yaml:1:1: error: missing key "note"\n')


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param(
            "rules/readme.txt",
            "",
            "there is no rule file in this folder\n  a rule file is called *.yaml or *.yml",
            id="no file",
        ),
        pytest.param(
            "rules/tool.yaml",
            "tool: abc\nnames: [abc]\n",
            "there is no rule to test\n  there are only descriptions of tools and images",
            id="no rule",
        ),
    ],
)
def test_a_folder_without_rules(name: str, text: str, message: str) -> None:
    write(name, text)
    status, output, errors = run("rules", "test", "rules")
    assert (status, output) == (2, "")
    assert message in errors


def test_folders_and_files() -> None:
    write("rules/one.yaml", RULE + GOOD)
    write("two.yml", (RULE + GOOD).replace("ABC001", "ABC002").replace("a-rule", "b-rule"))
    status, output, _ = run("rules", "test", "rules", "two.yml")
    assert status == 0
    assert output.splitlines()[-1] == "2 rules, 4 examples: 4 as expected."


TOOL = """\
tool: parcel
names: [parcel]
options: {switches: [-n]}
caches: [{title: crates, filled-by: [{subcommand: [get], without-option: [-n]}], at: [home: .parcel]}]
"""
OF_TOOL = RULE.replace("command: {name: make, option: -k}", "{tool: parcel, cache: [left]}").replace("safe, remove: option", "safe, insert-option: -n")  # fmt: skip  # noqa: E501
OF_TOOL += """\
  - {reports: "FROM a\\nRUN parcel get x\\n", at: "2:5"}
"""


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--rules", "tool.yaml", "test", "rule.yaml"], id="in front of the command"),
        pytest.param(["test", "--rules", "tool.yaml", "rule.yaml"], id="behind it"),
        pytest.param(["test", "tool.yaml", "rule.yaml"], id="as a file to test"),
        pytest.param(["test", "rule.yaml", "--config", "with-tool.yaml"], id="in a configuration"),
        pytest.param(["test", "tool.yaml", "rule.yaml", "--config", "with-tool.yaml"], id="twice"),
    ],
)
def test_a_rule_of_a_tool_that_is_described_elsewhere(arguments: list[str]) -> None:
    write("tool.yaml", TOOL)
    write("rule.yaml", OF_TOOL)
    write("with-tool.yaml", "rules: [tool.yaml]\n")
    assert run("rules", "test", "rule.yaml")[0] == 2
    status, output, errors = run("rules", *arguments)
    assert (status, errors) == (0, "")
    assert output.endswith("1 rule, 1 example: 1 as expected.\n")


def test_the_rules_that_come_with_it() -> None:
    status, output, errors = run("rules", "test", str(shipped_folder() / "general"))
    assert (status, errors) == (0, "")
    assert "DF010 as expected" in output


def test_a_new_rule_passes_its_test_and_finds_something() -> None:
    assert run("rules", "new", "ABC001") == (0, NEW, "")
    text = Path("ABC001.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=layerlint-rules.schema.json\nid: ABC001\n")
    assert Path("layerlint-rules.schema.json").read_text() == run("rules", "schema")[1]
    status, output, errors = run("rules", "test", ".")
    assert (status, errors) == (0, "")
    assert output.endswith("1 rule, 2 examples: 2 as expected.\n")
    write("Dockerfile", "FROM a\nRUN wget --no-check-certificate https://example.org/b\n")
    status, output, _ = run("check", "-q", "--rules", "ABC001.yaml")
    expected = "Dockerfile:2:10: warning ABC001 `wget` takes any certificate with --no-check-certificate\n"
    assert (status, output) == (1, expected)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param("ABC001", "ABC001.yaml: error: the file is there already\n  it is left as it is", id="a file"),
        pytest.param("PIP001", 'error: id "PIP001" is taken', id="an id that is taken"),
        pytest.param("abc-002", '"abc-002" cannot be a rule\'s id', id="no id"),
        pytest.param("abc-002", "help: write ABC002", id="and what would be one"),
        pytest.param("../ABC001", "cannot be a rule's id", id="a path"),
    ],
)
def test_a_new_rule_that_cannot_be(rule: str, said: str) -> None:
    write("ABC001.yaml", "mine")
    status, output, errors = run("rules", "new", rule)
    assert (status, output) == (2, "")
    assert said in errors
    assert [path.name for path in Path().iterdir()] == ["ABC001.yaml"]
    assert Path("ABC001.yaml").read_text() == "mine"


def test_a_new_rule_leads_no_schema_through_a_link() -> None:
    write("mine", "mine")
    Path("layerlint-rules.schema.json").symlink_to("mine")
    assert run("rules", "new", "ABC001") == (0, NEW, "")
    assert Path("mine").read_text() == "mine"
    assert Path("layerlint-rules.schema.json").read_text() == run("rules", "schema")[1]


def test_a_new_rule_on_a_full_disk_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    write("layerlint-rules.schema.json", "old")
    monkeypatch.setattr(os, "fsync", fail)
    status, output, errors = run("rules", "new", "ABC001")
    assert (status, output) == (2, "")
    message = "layerlint-rules.schema.json: error: the rule cannot be written\n  No space left on device\n"
    assert errors == message
    assert [path.name for path in Path().iterdir()] == ["layerlint-rules.schema.json"]
    assert Path("layerlint-rules.schema.json").read_text() == "old"


def test_a_schema_that_may_not_be_written_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    write("layerlint-rules.schema.json", "old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser may write everything
    status, _, errors = run("rules", "new", "ABC001")
    assert (status, errors.splitlines()[1]) == (2, "  Permission denied")
    assert Path("layerlint-rules.schema.json").read_text() == "old"


def test_without_a_command_the_rules_are_listed() -> None:
    assert run("rules")[1].startswith("ID ")
    assert run("rules", "--format", "json")[1].startswith("{")
    assert "off unless selected" in run("explain", "DL3014")[1]
