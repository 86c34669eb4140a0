from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hostile import TEXTS, hostile_report
from hypothesis import given
from published_forms import check_xml
from report_samples import failed, finding_at, lint, render, report

from layerlint.finding import FileError, FileReport, Severity
from layerlint.source.source import Source
from layerlint.visible import visible
from tests.program import MOUNTED, run, write

SOURCE = Source("app/Dockerfile", b"FROM a\n\nRUN pip install b\nRUN pip install c\n")


def suites(*reports: FileReport, **context: object) -> ET.Element:
    printed = render("junit", *reports, **context)
    check_xml("junit", printed)
    return ET.fromstring(printed.encode())


def test_the_whole_report() -> None:
    finding = finding_at(SOURCE, "pip install", advice="Add it")
    other = finding_at(SOURCE, "FROM a", rule="LL001", name="unused-suppression", severity=Severity.INFO, advice="")
    second = finding_at(SOURCE, "pip install c", advice="")
    printed = render(
        "junit",
        FileReport(SOURCE.path, SOURCE, (other, finding, second)),
        report("clean/Dockerfile", "FROM a\n"),
        failed("bad/Dockerfile", "unknown instruction: FRM", 3, 1),
    )
    check_xml("junit", printed)
    assert printed == (
        """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="layerlint">
  <testsuite name="app/Dockerfile" tests="3" failures="1" errors="0" skipped="1">
    <testcase name="can be checked" classname="app/Dockerfile" />
    <testcase name="LL001 unused-suppression" classname="app/Dockerfile">
      <skipped type="info" message="pip install leaves /root/.cache/pip in this layer.">"""
        """app/Dockerfile:1:1: info pip install leaves /root/.cache/pip in this layer.</skipped>
    </testcase>
    <testcase name="PIP001 pip-cache-in-layer" classname="app/Dockerfile">
      <failure type="warning" message="pip install leaves /root/.cache/pip in this layer. Add it. (and 1 more)">"""
        """app/Dockerfile:3:5: warning pip install leaves /root/.cache/pip in this layer. Add it.
app/Dockerfile:4:5: warning pip install leaves /root/.cache/pip in this layer.</failure>
    </testcase>
  </testsuite>
  <testsuite name="clean/Dockerfile" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="can be checked" classname="clean/Dockerfile" />
  </testsuite>
  <testsuite name="bad/Dockerfile" tests="1" failures="0" errors="1" skipped="0">
    <testcase name="can be checked" classname="bad/Dockerfile">
      <error type="error" message="unknown instruction: FRM.">bad/Dockerfile:3:1: error: unknown instruction: FRM."""
        """</error>
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_no_files() -> None:
    assert len(suites()) == 0


def test_a_file_with_errors_and_findings() -> None:
    found = lint(SOURCE)
    suite = suites(replace(found, errors=(FileError("a", 1, 0, "odd"), FileError("a", 2, 3, "odder"))))[0]
    assert [(case.get("name"), *(child.tag for child in case)) for case in suite] == [
        ("can be checked", "error"),
        ("PIP001 pip-cache-in-layer", "failure"),
    ]
    assert suite[0][0].get("message") == "odd. (and 1 more)"
    assert suite[0][0].text == "a:1: error: odd.\na:2:3: error: odder."


@pytest.mark.parametrize(
    ("severity", "fail_on", "outcome"),
    [
        (Severity.INFO, Severity.INFO, "failure"),
        (Severity.INFO, Severity.WARNING, "skipped"),
        (Severity.WARNING, Severity.WARNING, "failure"),
        (Severity.ERROR, Severity.WARNING, "failure"),
        (Severity.WARNING, Severity.ERROR, "skipped"),
        (Severity.ERROR, None, "skipped"),
    ],
)
def test_a_test_fails_where_the_run_does(severity: Severity, fail_on: Severity | None, outcome: str) -> None:
    finding = finding_at(SOURCE, "pip install", severity=severity)
    suite = suites(FileReport(SOURCE.path, SOURCE, (finding,), fail_on=fail_on))[0]
    assert suite[1][0].tag == outcome


def test_the_worst_finding_of_a_rule_counts() -> None:
    findings = tuple(finding_at(SOURCE, "pip install", severity=severity) for severity in Severity)
    suite = suites(FileReport(SOURCE.path, SOURCE, findings, fail_on=Severity.ERROR))[0]
    assert (suite[1][0].tag, suite[1][0].get("type")) == ("failure", "error")


def test_the_names_stay_when_lines_move() -> None:
    moved = Source(SOURCE.path, b"# x\n\n" + SOURCE.data.replace(b"RUN", b"RUN  "))
    names = [[case.get("name") for case in suites(lint(source))[0]] for source in (SOURCE, moved)]
    assert names[0] == names[1]


def test_the_configuration_of_each_file_says_what_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("a/Dockerfile", MOUNTED)
    write("b/Dockerfile", MOUNTED)
    write("b/.layerlint.yaml", "fail-on: info\n")
    for jobs in ("1", "2"):
        status, printed, _ = run("check", "--format", "junit", "--jobs", jobs)
        check_xml("junit", printed)
        assert status == 1
        assert [suite.get("failures") for suite in ET.fromstring(printed.encode())] == ["0", "1"]


@given(TEXTS)
def test_whatever_a_dockerfile_holds_it_is_valid_and_comes_back(text: str) -> None:
    found = hostile_report(text)
    suite = suites(found)[0]
    assert suite.get("name") == suite[0].get("classname") == visible(found.path, keep="\n")
    assert str(suite[0][0].get("message")).startswith(visible(f"e{text}", keep="\n"))
