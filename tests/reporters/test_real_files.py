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

from layerlint.reporters import FORMATS
from tests import schemas, validators
from tests.program import run

MISSING = "no such file"


@pytest.fixture(scope="module")
def reports(corpus: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report in each format, of one run over the corpus and a file that is not there; run in the corpus' folder."""
    folder = tmp_path_factory.mktemp("reports")
    files = {name: folder / f"report.{name}" for name in FORMATS}
    outputs = [argument for name, path in files.items() for argument in ("--output", f"{name}={path}")]
    with pytest.MonkeyPatch.context() as patch:
        root = Path(*Path(corpus[0]).parts[: len(corpus[0].parts) - 2])
        patch.chdir(root)
        paths = [path.relative_to(root).as_posix() for path in corpus]
        assert run("check", "--isolated", *outputs, *paths, MISSING)[0] == 2
    return files


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


@pytest.mark.validators
def test_the_sarif_validator_has_no_error_and_no_warning(
    reports: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs `Sarif.Multitool` of the npm package @microsoft/sarif-multitool-linux."""
    counts = validators.sarif_complaints(reports["sarif"])
    with capsys.disabled():
        size = len(gzip.compress(reports["sarif"].read_bytes()))
        results = len(json.loads(reports["sarif"].read_text())["runs"][0]["results"])
        said = f"{results} results, {size} bytes compressed; the validator says: {dict(counts) or 'nothing'}"
        print(f"\nSARIF: {said}")  # noqa: T201 (the counts are worth seeing)
    assert not {level for level, _ in counts} & {"error", "warning"}


@pytest.mark.validators
@pytest.mark.parametrize("name", ["checkstyle", "junit"])
def test_xmllint_takes_them(reports: dict[str, Path], name: str) -> None:
    said = validators.run(validators.program("xmllint"), "--noout", "--schema", FOLDER / f"{name}.xsd", reports[name])
    assert said == f"{reports[name]} validates\n"
