"""The JSON Schema of rule files: current, true of what loads and of what does not, and of use to an editor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from layerlint.documents.yaml_reader import load_yaml
from layerlint.rules.loading import shipped_folder
from tests import schemas
from tests.language_server import LanguageServer
from tests.program import run
from tests.validators import node_module, program

TEXT = schemas.RULES.read_text(encoding="utf-8")
VALIDATOR = jsonschema.Draft202012Validator(json.loads(TEXT))
SHIPPED = sorted(shipped_folder().rglob("*.yaml"))


def test_it_is_a_schema_and_up_to_date() -> None:
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)
    assert run("rules", "schema") == (0, TEXT, ""), "run: python -m tests.schemas"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_it_is_true_of_all_that_is_shipped(path: Path) -> None:
    VALIDATOR.validate(load_yaml(path.read_text(encoding="utf-8"), "")[0])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("severity: warning", "severity: bad", id="a word that is none of the list"),
        pytest.param("summary:", "sumary:", id="an unknown key"),
        pytest.param("option:", "options:", id="an unknown key deep inside"),
        pytest.param("at: option", "at: here", id="an unknown place"),
        pytest.param("[wget, wget2]", "{prefix: wget}", id="an unknown comparison"),
        pytest.param("[wget, wget2]", "5", id="a number"),
        pytest.param("[wget, wget2]", "", id="a key without a value"),
        pytest.param("at: option", "at:", id="a key without a value that may be left out"),
        pytest.param("id: ABC001", "id: abc001", id="an id in small letters"),
        pytest.param("id: ABC001", "id: A1", id="an id that is too short"),
        pytest.param("when:", "related: []\nwhenn:", id="nothing that is reported"),
        pytest.param("  command:", "  instruction: {keyword: RNU}\n  command:", id="an unknown instruction"),
        pytest.param("  command:", "  instruction: {keyword: [RUN, RNU]}\n  command:", id="one of several"),
        pytest.param("  command:", "  mount: {type: cash}\n  command:", id="an unknown type of mount"),
        pytest.param("option: --no-check", "option: no-check", id="an option without a dash"),
        pytest.param("remove: option", "insert-option: -b\n    remove: option", id="two actions"),
        pytest.param("    remove: option\n", "", id="no action"),
        pytest.param('"2:13"', '"2"', id="a place without a column"),
        pytest.param("    at:", "    severity: error #", id="an example without a place"),
        pytest.param("  - silent:", "  - silent: a\n    reports:", id="an example of both kinds"),
    ],
)
def test_it_refuses_what_is_wrong(old: str, new: str, text_of_new_rule: str) -> None:
    text = text_of_new_rule
    assert old in text
    assert not VALIDATOR.is_valid(load_yaml(text.replace(old, new, 1), "")[0])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("when: {instruction: {keyword: [RUN, CMD]}}", id="keywords"),
        pytest.param("when: {mount: {type: {not: cache}}}", id="what a type is not"),
        pytest.param("cases: [{when: {tool: pip, cache: [left]}}]", id="cases alone"),
    ],
)
def test_it_lets_through_what_is_right(text: str) -> None:
    head = "id: ABC001\nname: a\nseverity: info\nsummary: s\nmessage: m\nadvice: a\nnote: n\n"
    VALIDATOR.validate(load_yaml(head + text, "")[0])


def test_its_descriptions_name_keys_as_they_are_written() -> None:
    words = set(re.findall(r"`([^`]+)`", " ".join(_descriptions(VALIDATOR.schema))))
    assert "makes-home-with" in words
    assert [word for word in words if re.fullmatch(r"[a-z]+(_[a-z]*)+", word)] == []


def test_most_keys_have_a_description() -> None:
    definitions = VALIDATOR.schema["$defs"]
    assert definitions["Wrapper"]["properties"]["is-command"]["description"].startswith("Whether it does work of its")
    assert definitions["When"]["properties"]["spared"]["description"].startswith("`spared` whether a later command")
    assert definitions["When"]["properties"]["stage"]["description"].endswith("the `stage` of a command.")
    keys = [key for each in definitions.values() for key in each.get("properties", {}).values()]
    assert sum("description" in key for key in keys) > 0.8 * len(keys)


def _descriptions(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        yield from (text for value in schema.values() for text in _descriptions(value))


@pytest.fixture(scope="module")
def text_of_new_rule(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `layerlint rules new` writes, of which the schema is true."""
    folder = tmp_path_factory.mktemp("new")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        assert run("rules", "new", "ABC001")[0] == 0
    text = (folder / "ABC001.yaml").read_text()
    assert VALIDATOR.is_valid(load_yaml(text, "")[0])
    return text


@pytest.fixture
def new_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that `layerlint rules new` writes, beside the schema."""
    monkeypatch.chdir(tmp_path)
    assert run("rules", "new", "ABC001")[0] == 0
    return tmp_path / "ABC001.yaml"


@pytest.fixture
def editor() -> Iterator[LanguageServer]:
    server = node_module("yaml-language-server") / "bin" / "yaml-language-server"
    settings = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}}
    with LanguageServer([program("node"), server, "--stdio"], settings) as running:
        yield running


def at_the_end(text: str, begun: str) -> tuple[str, int, int]:
    """`text` with the beginning of a line behind it, and the place where that ends: its line and column."""
    line = text.count("\n") + 1
    return text + begun, line, len(begun) + 1


@pytest.mark.validators
def test_an_editor_has_nothing_to_say_of_a_new_rule(editor: LanguageServer, new_rule: Path) -> None:
    uri = editor.open(new_rule, new_rule.read_text())
    assert editor.diagnostics(uri) == []


@pytest.mark.validators
def test_an_editor_says_what_is_wrong_and_where(editor: LanguageServer, new_rule: Path) -> None:
    text = new_rule.read_text().replace("    option:", "    opton:").replace("severity: warning", "severity: bad")
    said = editor.diagnostics(editor.open(new_rule, text))
    assert [each.partition(" ")[0] for each in said] == ["4:11", "13:5"]
    assert "opton" in said[1]


@pytest.mark.validators
@pytest.mark.parametrize(
    ("text", "begun", "expected"),
    [
        pytest.param("id: A\n", "", {"severity", "when", "examples", "fixes"}, id="keys of a rule"),
        pytest.param("tool: a\n", "", {"names", "caches", "options"}, id="keys of a tool"),
        pytest.param("id: A\n", "severity: ", {"error", "warning", "info"}, id="the words of a list"),
        pytest.param("id: A\nwhen:\n", "  ", {"command", "stage", "all", "any", "not", "cache"}, id="conditions"),
        pytest.param("id: A\nwhen:\n  command:\n", "    ", {"name", "tool", "option"}, id="what is asked of a command"),
        pytest.param("id: A\nwhen:\n  not:\n    stage:\n", "      ", {"tag", "base-is"}, id="inside of not"),
        pytest.param("id: A\nwhen:\n  stage:\n    tag:\n", "      ", {"glob", "regex", "version"}, id="comparisons"),
        pytest.param("id: A\n", "at: ", {"command", "keyword", "missed-mount"}, id="places"),
    ],
)
def test_an_editor_offers(editor: LanguageServer, new_rule: Path, text: str, begun: str, expected: set[str]) -> None:
    head = new_rule.read_text().partition("\n")[0] + "\n"
    whole, line, column = at_the_end(head + text, begun)
    offered = editor.completions(editor.open(new_rule, whole), line, column)
    assert expected <= set(offered)
