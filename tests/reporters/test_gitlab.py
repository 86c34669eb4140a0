from __future__ import annotations

import posixpath
import re
from typing import Any

import pytest
from hostile import TEXTS, hostile_report
from hypothesis import given
from published_forms import FOLDER, check_json
from report_samples import failed, finding_at, render, report

from layerlint.finding import FileReport, Severity
from layerlint.source.source import Source

SOURCE = Source("app/Dockerfile", b"FROM a\n\nRUN pip install b\n")


def entries(*reports: FileReport) -> Any:
    return check_json(FOLDER / "gitlab.schema.json", render("gitlab", *reports))


def test_the_whole_report() -> None:
    finding = finding_at(SOURCE, "pip install", advice="Add it")
    printed = render(
        "gitlab", FileReport(SOURCE.path, SOURCE, (finding,)), failed("bad", "unknown instruction: FRM", 3)
    )
    assert re.sub(r"[0-9a-f]{32}", "…", printed) == (
        "[\n"
        '  {"description": "PIP001: pip install leaves /root/.cache/pip in this layer. Add it.",'
        ' "check_name": "PIP001", "fingerprint": "…:1", "severity": "major",'
        ' "location": {"path": "app/Dockerfile", "lines": {"begin": 3}}},\n'
        '  {"description": "layerlint could not check this file: unknown instruction: FRM.",'
        ' "check_name": "unchecked-file", "fingerprint": "…:1", "severity": "blocker",'
        ' "location": {"path": "bad", "lines": {"begin": 3}}}\n'
        "]\n"
    )


def test_nothing_found_is_an_empty_array() -> None:
    assert render("gitlab", report("Dockerfile", "FROM a\n")) == "[]\n"


@pytest.mark.parametrize(
    ("severity", "word"), [(Severity.ERROR, "critical"), (Severity.WARNING, "major"), (Severity.INFO, "minor")]
)
def test_severities(severity: Severity, word: str) -> None:
    finding = finding_at(SOURCE, "pip install", severity=severity)
    assert entries(FileReport(SOURCE.path, SOURCE, (finding,)))[0]["severity"] == word


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("./app/Dockerfile", "app/Dockerfile", id="no leading dot"),
        pytest.param("app//x/../Dockerfile", "app/Dockerfile", id="no detours"),
        pytest.param("é b/Dockerfile", "é b/Dockerfile", id="readable"),
    ],
)
def test_paths_are_those_of_the_repository(path: str, shown: str) -> None:
    assert entries(report(path, "RUN pip install b\n"))[0]["location"]["path"] == shown


def test_no_two_entries_share_a_fingerprint() -> None:
    text = "RUN pip install a && pip install b\nRUN pip install a && pip install b\n"
    found = entries(report("a", text), report("b", text), failed("c", "x"), failed("d", "x"), failed("c", "y", 2))
    assert len({entry["fingerprint"] for entry in found}) == len(found) == 11


def test_an_error_keeps_its_fingerprint_when_its_line_moves() -> None:
    assert entries(failed("c", "x", 2))[0]["fingerprint"] == entries(failed("c", "x", 7))[0]["fingerprint"]


@given(TEXTS)
def test_whatever_a_dockerfile_holds_it_is_valid(text: str) -> None:
    error, finding = entries(hostile_report(text))
    assert posixpath.basename(error["location"]["path"]) == posixpath.basename(finding["location"]["path"])
