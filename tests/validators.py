"""The programs that read layerlint's reports in the real world, for the tests marked `validators`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

NODE_MODULES_VARIABLE = "LAYERLINT_NODE_MODULES"


def node_module(name: str) -> Path:
    """The folder of an npm package, in the folder that LAYERLINT_NODE_MODULES names."""
    folder = Path(os.environ.get(NODE_MODULES_VARIABLE, "node_modules")).resolve() / name
    if not folder.is_dir():
        _missing(f"the npm package {name} is not in {folder.parent}: set {NODE_MODULES_VARIABLE}")
    return folder


def program(name: str) -> str:
    """The path of a program."""
    found = shutil.which(name)
    if found is None:
        _missing(f"{name} is not installed")
    return str(found)


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def run(*command: str | Path, stdin: str = "") -> str:
    """What a program that succeeds prints, standard error last."""
    finished = subprocess.run(
        [str(part) for part in command], input=stdin, capture_output=True, encoding="utf-8", check=False
    )
    printed = finished.stdout + finished.stderr
    assert finished.returncode == 0, printed
    return printed


def sarif_complaints(path: Path) -> Counter[tuple[str, str]]:
    """How often the validator of the npm package @microsoft/sarif-multitool-linux names each level and rule."""
    multitool = node_module("@microsoft/sarif-multitool-linux") / "Sarif.Multitool"
    finished = subprocess.run(
        [multitool, "validate", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", path],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # It passes over files that it does not take for SARIF, and ends well.
    assert "1 files scanned" in finished.stdout, finished.stdout
    assert "Analysis completed successfully" in finished.stdout, finished.stdout
    return Counter(re.findall(r": (error|warning|note) ([A-Z]+\d+)", finished.stdout))
