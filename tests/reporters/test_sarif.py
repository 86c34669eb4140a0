from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from report_samples import RULES, failed, finding_at, related_to, render, report

from layerlint.finding import Edit, FileReport, Fix, Safety, Severity
from layerlint.source import Source, Span

SOURCE = Source("app/Dockerfile", b"FROM a\nRUN pip install b \\\n    c\n")


def run_of(*reports: FileReport, **context: Any) -> dict[str, Any]:
    log = json.loads(render("sarif", *reports, **context))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    run: dict[str, Any] = log["runs"][0]
    return run


def result_of(finding_fields: dict[str, Any] | None = None, source: Source = SOURCE) -> dict[str, Any]:
    finding = finding_at(source, "pip install", **(finding_fields or {}))
    result: dict[str, Any] = run_of(FileReport(source.path, source, (finding,)))["results"][0]
    return result


def test_the_whole_result() -> None:
    fields = {"related": (related_to(SOURCE, "FROM a", "the stage starts here"),), "unfixable": "no"}
    uri = {"uri": "app/Dockerfile", "uriBaseId": "%SRCROOT%"}
    region = {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 16, "snippet": {"text": "pip install"}}
    stage = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 7, "snippet": {"text": "FROM a"}}
    deleted = {"startLine": 2, "startColumn": 16, "endLine": 2, "endColumn": 16}
    replacement = {"deletedRegion": deleted, "insertedContent": {"text": " --no-cache-dir"}}
    result = result_of(fields)
    assert list(result.pop("partialFingerprints")) == ["layerlint/v1"]
    assert result == {
        "ruleId": "PIP001",
        "ruleIndex": 1,
        "level": "warning",
        "message": {"text": "pip install leaves /root/.cache/pip in this layer. Add --no-cache-dir."},
        "locations": [{"id": 0, "physicalLocation": {"artifactLocation": uri, "region": region}}],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {"artifactLocation": uri, "region": stage},
                "message": {"text": "the stage starts here."},
            }
        ],
        "fixes": [
            {
                "description": {"text": "Add --no-cache-dir."},
                "artifactChanges": [{"artifactLocation": uri, "replacements": [replacement]}],
                "properties": {"safety": "safe"},
            }
        ],
        "properties": {"unfixable": "no"},
    }


def test_the_run() -> None:
    run = run_of(report("Dockerfile", "FROM a\n"))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"] == {"id": "layerlint/"}
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert run["results"] == []
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("layerlint", "1.2.3", "1.2.3")
    assert "semanticVersion" not in run_of(version="1.2.3.dev4")["tool"]["driver"]
    assert run_of(homepage="https://a.example/")["tool"]["driver"]["informationUri"] == "https://a.example/"


def test_rule_metadata() -> None:
    first, second = run_of()["tool"]["driver"]["rules"]
    assert (first["id"], first["name"], first["defaultConfiguration"]) == (
        "LL001",
        "UnusedSuppression",
        {"level": "note"},
    )
    assert "helpUri" not in first
    assert second == {
        "id": "PIP001",
        "name": "PipCacheInLayer",
        "shortDescription": {"text": "pip leaves its cache in the layer."},
        "fullDescription": {"text": "Why it matters.\nIn two lines."},
        "help": {
            "text": "Why it matters.\nIn two lines.\n\nDo it otherwise\nhttps://docs.docker.com/build/cache/",
            "markdown": "Why it matters.\nIn two lines.\n\nDo it otherwise\n\n- <https://docs.docker.com/build/cache/>",
        },
        "helpUri": "https://docs.docker.com/build/cache/",
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["dockerfile", "image-size", "DL3042"], "precision": "very-high"},
    }


def test_rule_index_points_to_the_rule() -> None:
    run = run_of(report("Dockerfile", "RUN pip install b"))
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert "ruleIndex" not in result_of({"rule": "OTHER001"})


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")]
)
def test_levels(severity: Severity, level: str) -> None:
    assert result_of({"severity": severity})["level"] == level


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        pytest.param("./app/Dockerfile", "app/Dockerfile", id="a leading dot segment goes"),
        pytest.param("my app/Dockerfile", "my%20app/Dockerfile", id="space"),
        pytest.param("100%/a#b?c/Dockerfile", "100%25/a%23b%3Fc/Dockerfile", id="what a URI gives a meaning"),
        pytest.param("a:b/Dockerfile", "a%3Ab/Dockerfile", id="a colon does not make a scheme"),
        pytest.param("é/Dockerfile", "%C3%A9/Dockerfile", id="not ASCII"),
        pytest.param("\udce9/Dockerfile", "%E9/Dockerfile", id="not UTF-8"),
    ],
)
def test_relative_uris(path: str, uri: str) -> None:
    artifact = result_of(source=Source(path, SOURCE.data))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert unquote_to_bytes(uri) == path.removeprefix("./").encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("path", "uri"),
    [("/a b/Dockerfile", "file:///a%20b/Dockerfile"), ("C:/a b/Dockerfile", "file:///C:/a%20b/Dockerfile")],
)
def test_absolute_paths_have_no_base(path: str, uri: str) -> None:
    artifact = result_of(source=Source(path, SOURCE.data))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri}


def test_an_edit_that_deletes_inserts_nothing() -> None:
    fix = Fix("Delete it", Safety.UNSAFE, (Edit(11, 15, ""),))
    assert result_of({"fixes": (fix,)})["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {"deletedRegion": {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 9}}
    ]


def test_a_culprit_of_many_bytes_has_no_snippet() -> None:
    source = Source("Dockerfile", b"RUN " + b"pip install" * 1000)
    region = result_of({"span": Span(4, 5000)}, source)["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 5001}


def test_errors_are_notifications() -> None:
    run = run_of(failed("a b", "unknown instruction: FRM", 3, 1), failed("c", "unreadable"))
    assert run["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {
                    "level": "error",
                    "message": {"text": "unknown instruction: FRM."},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "a%20b", "uriBaseId": "%SRCROOT%"},
                                "region": {"startLine": 3, "startColumn": 1},
                            }
                        }
                    ],
                },
                {
                    "level": "error",
                    "message": {"text": "unreadable."},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": "c", "uriBaseId": "%SRCROOT%"}}}],
                },
            ],
        }
    ]


@pytest.mark.validators
def test_the_official_validator_has_no_error_and_no_warning(tmp_path: Path) -> None:
    """Runs `Sarif.Multitool` of the npm package @microsoft/sarif-multitool-linux.

    It is looked for on the PATH and in LAYERLINT_SARIF_MULTITOOL.
    """
    multitool = os.environ.get("LAYERLINT_SARIF_MULTITOOL") or shutil.which("Sarif.Multitool")
    if not multitool:
        pytest.skip("the SARIF Multitool is not installed")
    fields: dict[str, Any] = {
        "related": (related_to(SOURCE, "FROM a", "the stage"),),
        "unfixable": "no",
        "message": "ends in a stop.",
    }
    everything = [
        FileReport(SOURCE.path, SOURCE, (finding_at(SOURCE, "pip install", **fields),)),
        report("my app:é%#/Dockerfile", b"\xef\xbb\xbfFROM a\r\nRUN pip install \xff\x1b \xe2\x80\xae\r\n"),
        report("/absolute/Dockerfile", b"RUN pip install b"),
        report("../up/Dockerfile", b"RUN pip install b"),
        failed("bad/Dockerfile", "unknown instruction: FRM", 3, 1),
        failed("worse/Dockerfile", "permission denied"),
    ]
    logs = {"everything": everything, "nothing": [report("Dockerfile", "FROM a\n")], "no files": []}
    for name, reports in logs.items():
        path = tmp_path / f"{name}.sarif"
        path.write_text(render("sarif", *reports, rules=RULES), encoding="utf-8")
        run = subprocess.run(
            [multitool, "validate", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        said = run.stdout + run.stderr
        assert "Analysis completed successfully" in said, said
        assert [line for line in said.splitlines() if ": error" in line or ": warning" in line] == []
