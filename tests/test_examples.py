from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from layerlint.run.check import CheckOptions, check
from tests.examples import EXAMPLES, OUTPUT, PATCH, PROJECT, example_folders, what_check_prints

FOLDERS = [pytest.param(folder, id=folder.name) for folder in example_folders()]
PATCHED = [pytest.param(folder, id=folder.name) for folder in example_folders() if (folder / PATCH).exists()]
STALE = "if the change is meant: python -m tests.examples"


@pytest.fixture(autouse=True)
def _as_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("COLUMNS", "80")


def test_there_are_examples_with_findings_and_without() -> None:
    assert len(FOLDERS) >= 10
    assert 3 <= len(PATCHED) <= len(FOLDERS) - 3


def test_nothing_else_lies_there() -> None:
    there = {path.relative_to(EXAMPLES) for path in EXAMPLES.rglob("*") if path.is_file()}
    names = {folder.name for folder in example_folders()}
    assert there <= {Path(name) / file for name in names for file in ("Dockerfile", OUTPUT, PATCH)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_output_is_what_check_prints(folder: Path) -> None:
    assert (folder / OUTPUT).read_bytes().decode() == what_check_prints(folder, "report"), STALE


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_patch_is_what_diff_prints(folder: Path) -> None:
    patch = folder / PATCH
    assert (patch.read_bytes().decode() if patch.exists() else "") == what_check_prints(folder, "diff"), STALE


@pytest.mark.parametrize("folder", PATCHED)
def test_the_patch_does_what_fix_does(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for root in (tmp_path / "patched", tmp_path / "fixed"):
        shutil.copytree(folder, root / "examples" / folder.name)
    patch = [shutil.which("git") or "git", "apply", folder / PATCH]
    subprocess.run(patch, cwd=tmp_path / "patched", check=True)
    monkeypatch.chdir(tmp_path / "fixed")
    check(CheckOptions(mode="fix", isolated=True, outputs=(str(tmp_path / "output"),)))
    patched, fixed = (
        (tmp_path / root / "examples" / folder.name / "Dockerfile").read_bytes() for root in ("patched", "fixed")
    )
    assert patched == fixed != (folder / "Dockerfile").read_bytes()
