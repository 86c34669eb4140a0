"""The reports of every file of the corpus, given to what reads them."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from published_forms import FOLDER, check_json, check_xml
from test_markdown import check_page, page_of

from layerlint.finding import FixKind
from layerlint.reporters import FORMATS
from tests import schemas, validators
from tests.program import run

MISSING = "no such file"


def run_in_the_folder(corpus: list[Path], *arguments: str) -> tuple[int, str, str]:
    """A run over the corpus and a file that is not there, in the corpus' folder."""
    with pytest.MonkeyPatch.context() as patch:
        root = Path(*corpus[0].parts[:-2])
        patch.chdir(root)
        paths = [path.relative_to(root).as_posix() for path in corpus]
        return run("check", "--isolated", *arguments, *paths, MISSING)


@pytest.fixture(scope="module")
def reports(corpus: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report in each format, of one run."""
    folder = tmp_path_factory.mktemp("reports")
    files = {name: folder / f"report.{name}" for name in FORMATS}
    outputs = [argument for name, path in files.items() for argument in ("--output", f"{name}={path}")]
    assert run_in_the_folder(corpus, *outputs)[0] == 2
    return files


@pytest.mark.corpus
def test_they_all_have_the_published_form_and_say_the_same(reports: dict[str, Path], corpus: list[Path]) -> None:
    listed = check_json(schemas.REPORT, reports["json"].read_text())
    findings, errors = listed["findings"], listed["errors"]
    assert listed["summary"]["files"] == len(corpus)

    gitlab = check_json(FOLDER / "gitlab.schema.json", reports["gitlab"].read_text())
    assert len({entry["fingerprint"] for entry in gitlab}) == len(gitlab) == len(findings) + len(errors)

    checkstyle = reports["checkstyle"].read_text()
    check_xml("checkstyle", checkstyle)
    files = ET.fromstring(checkstyle.encode())
    assert [len(files), len(files.findall("*/error"))] == [len(corpus) + 1, len(gitlab)]

    junit = reports["junit"].read_text()
    check_xml("junit", junit)
    suites = ET.fromstring(junit.encode())
    rules = Counter((found["path"], found["rule"]) for found in findings)
    assert len(suites.findall("*/testcase/failure")) + len(suites.findall("*/testcase/skipped")) == len(rules)
    assert len(suites.findall("*/testcase/error")) == len({error["path"] for error in errors})

    sarif = json.loads(reports["sarif"].read_text())["runs"][0]
    assert len(sarif["results"]) == len(findings)
    fingerprints = {result["partialFingerprints"]["layerlint/v1"] for result in sarif["results"]}
    assert len(fingerprints) == len(findings)
    assert len(sarif["invocations"][0]["toolExecutionNotifications"]) == len(errors)

    assert reports["github"].read_text().count("\n") == len(gitlab)
    markdown = reports["markdown"].read_text()
    cut = re.search(r"^(\d+) of (\d+) rows do not fit", markdown, re.MULTILINE)
    assert cut is not None
    assert int(cut[2]) == len(gitlab)
    assert markdown.count("\n| ") - 2 == len(gitlab) - int(cut[1])


def show(capsys: pytest.CaptureFixture[str], said: str) -> None:
    """Print a count that is worth seeing in every run."""
    with capsys.disabled():
        print(f"\n{said}")  # noqa: T201


@pytest.mark.validators
def test_the_sarif_validator_has_no_error_and_no_warning(
    reports: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs `Sarif.Multitool` of the npm package @microsoft/sarif-multitool-linux."""
    counts = validators.sarif_complaints(reports["sarif"])
    size = len(gzip.compress(reports["sarif"].read_bytes()))
    results = len(json.loads(reports["sarif"].read_text())["runs"][0]["results"])
    said = f"{results} results, {size} bytes compressed; the validator says: {dict(counts) or 'nothing'}"
    show(capsys, f"SARIF: {said}")
    assert not {level for level, _ in counts} & {"error", "warning"}


@pytest.mark.validators
@pytest.mark.parametrize("name", ["checkstyle", "junit"])
def test_xmllint_takes_them(reports: dict[str, Path], name: str) -> None:
    said = validators.run(validators.program("xmllint"), "--noout", "--schema", FOLDER / f"{name}.xsd", reports[name])
    assert said == f"{reports[name]} validates\n"


@pytest.mark.validators
@pytest.mark.parametrize("fix_with", FixKind)
def test_git_and_patch_take_the_patch_of_every_file_that_changes(
    corpus: list[Path], tmp_path: Path, fix_with: FixKind, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "fixes.patch"
    outputs = ("--output", f"patch={file}", "--output", f"json={tmp_path / 'report'}")
    run_in_the_folder(corpus, "--fix-with", fix_with, "--unsafe-fixes", *outputs)
    report = json.loads((tmp_path / "report").read_text())
    broken = {error["path"] for error in report["errors"]}
    changed = {found["path"] for found in report["findings"] if found["fixes"]} - broken
    root = Path(*corpus[0].parts[:-2])
    git = ("git", "-C", root, "apply", "--unsafe-paths")
    taken = validators.run(*git, "--numstat", "-z", file).rstrip("\0").split("\0")
    assert {line.split("\t")[2] for line in taken} == changed
    assert len(taken) == len(changed) > len(corpus) / 2
    validators.run(*git, "--check", file)
    said = validators.run("patch", "-p1", "--dry-run", "--binary", "--directory", root, "--input", file)
    assert said.count("checking file ") == len(changed)
    assert "fuzz" not in said
    show(capsys, f"patch: {len(changed)} files with {fix_with}, taken by git and patch")


COMMANDS = """
import fs from 'node:fs';
const {issueCommand} = await import(process.argv[1]);
for (const [command, properties, message] of JSON.parse(fs.readFileSync(0, 'utf8')))
    issueCommand(command, properties, message);
"""


@pytest.mark.validators
def test_the_toolkit_of_github_escapes_every_command_alike(
    reports: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs the npm package @actions/core: it is told what stands in each command, and prints the same."""
    printed = reports["github"].read_text()
    calls = []
    for line in printed.splitlines():
        _, head, message = line.split("::", 2)
        name, _, properties = head.partition(" ")
        pairs = (each.partition("=") for each in properties.split(","))
        calls.append((name, {key: unescaped(value) for key, _, value in pairs}, unescaped(message)))
    command = validators.node_module("@actions/core") / "lib" / "command.js"
    node = ("node", "--input-type=module", "--eval", COMMANDS, command)
    assert validators.run(*node, stdin=json.dumps(calls)) == printed
    show(capsys, f"GitHub: {len(calls)} commands, as the toolkit prints them")


def unescaped(text: str) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


@pytest.mark.validators
def test_every_row_of_the_markdown_is_a_row_of_the_page(corpus: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Reads it with the parser that GitHub uses (PyPI: cmarkgfm), a hundred files at a time: they fit."""
    rows = 0
    for start in range(0, len(corpus), 100):
        printed = run_in_the_folder(corpus[start : start + 100], "--format", "markdown")[1]
        assert "do not fit" not in printed
        count = printed.count("\n| ") - 2
        check_page(page_of(printed), count)
        rows += count
    show(capsys, f"Markdown: {rows} rows")
