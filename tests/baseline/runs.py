"""Runs with a baseline, and what it holds."""

from __future__ import annotations

import json
from pathlib import Path

from tests.program import BAD, run

TWO = BAD + "USER app\nRUN pip install a\n"
CLEAN = "FROM python:3.12\n"


def new(*arguments: str) -> tuple[int, list[str]]:
    """Exit status and what `check` finds with the baseline."""
    status, output, errors = run("check", "--format", "json", "--baseline", "base.json", *arguments)
    assert errors == ""
    return status, [f"{found['path']}:{found['line']} {found['rule']}" for found in json.loads(output)["findings"]]


def entries(path: str = "base.json") -> list[dict[str, str]]:
    content = json.loads(Path(path).read_text())
    assert list(content) == ["layerlint-baseline", "findings"]
    findings: list[dict[str, str]] = content["findings"]
    return findings
