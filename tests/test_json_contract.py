"""The JSON that scripts rely on, as the program prints it: every key, in its order, with its type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.program import BROKEN, run, run_process, write

APP = """\
FROM python:3.12
COPY é.txt /

RUN é=1 pip install \\
        flask && \\
    true
"""
FINDING = {
    "rule": "PIP001",
    "name": "pip-cache-in-layer",
    "severity": "warning",
    "path": "app/Dockerfile",
    "line": 4,
    "column": 9,
    "end_line": 4,
    "end_column": 20,
    "instruction": {"keyword": "RUN", "line": 4, "end_line": 6},
    "fixes": [
        {
            "title": "Add --no-cache-dir",
            "safety": "safe",
            "edits": [{"line": 4, "column": 20, "end_line": 4, "end_column": 20, "text": " --no-cache-dir"}],
        }
    ],
}


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("app/Dockerfile", APP)
    write("bad/Dockerfile", BROKEN)
    write("clean/Dockerfile", "FROM python:3.12\n")


def printed(*arguments: str) -> tuple[int, dict[str, Any]]:
    status, output, errors = run("check", "--format", "json", *arguments)
    assert errors == ""
    return status, json.loads(output)


def test_it_is_as_documented() -> None:
    status, report = printed()
    assert status == 2
    assert list(report) == ["version", "findings", "errors", "summary"]
    assert report["version"] == 1
    (finding,) = report["findings"]
    assert {key: value for key, value in finding.items() if key in FINDING} == FINDING
    assert [key for key in finding if key in {*FINDING, "message"}] == [
        *list(FINDING)[:3],
        "message",
        *list(FINDING)[3:],
    ]
    assert finding["message"] == "`pip install` leaves pip's cache in this layer, in /root/.cache/pip"
    assert report["errors"] == [
        {"path": "bad/Dockerfile", "line": 2, "column": 1, "message": "There is no instruction `WRONG`."}
    ]
    assert report["summary"] == {"files": 3, "findings": 1, "fixed": 0, "errors": 1}


def test_what_was_fixed_is_counted_and_no_longer_a_finding() -> None:
    status, report = printed("--fix", "app", "clean")
    assert (status, report["findings"], report["errors"]) == (0, [], [])
    assert report["summary"] == {"files": 2, "findings": 0, "fixed": 1, "errors": 0}
    status, report = printed("--fix", "app", "clean")
    assert report["summary"] == {"files": 2, "findings": 0, "fixed": 0, "errors": 0}


def test_the_edits_are_what_fix_does() -> None:
    (finding,) = printed()[1]["findings"]
    lines = APP.split("\n")
    for edit in reversed([edit for fix in finding["fixes"] for edit in fix["edits"]]):
        assert edit["line"] == edit["end_line"]
        line = lines[edit["line"] - 1]
        lines[edit["line"] - 1] = line[: edit["column"] - 1] + edit["text"] + line[edit["end_column"] - 1 :]
    run("check", "--fix", "app")
    assert Path("app/Dockerfile").read_text(encoding="utf-8") == "\n".join(lines)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        pytest.param("app", "app/Dockerfile", id="folder"),
        pytest.param("./app/", "app/Dockerfile", id="dot and slash"),
        pytest.param("app//Dockerfile", "app/Dockerfile", id="two slashes"),
        pytest.param("clean/../app", "clean/../app/Dockerfile", id="up and down"),
    ],
)
def test_paths_are_as_given(given: str, path: str) -> None:
    assert [finding["path"] for finding in printed(given)[1]["findings"]] == [path]


def test_an_absolute_path_stays_one(tmp_path: Path) -> None:
    path = (tmp_path / "app/Dockerfile").as_posix()
    assert [finding["path"] for finding in printed(path)[1]["findings"]] == [path]


@pytest.mark.parametrize("arguments", [["nope"], ["bad"], ["clean"], ["empty"], ["clean", "--quiet"]], ids=str)
def test_it_is_json_whatever_there_is_to_say(arguments: list[str]) -> None:
    Path("empty").mkdir()
    _, output, _ = run("check", "--format", "json", *arguments)
    assert list(json.loads(output)) == ["version", "findings", "errors", "summary"]


def test_a_process_of_its_own_prints_the_same() -> None:
    arguments = ("check", "--format", "json")
    assert run_process(*arguments) == run(*arguments)
