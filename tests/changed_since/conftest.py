"""A repository for each test of `--changed-since`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import scratch
from tests.changed_since.repositories import commit, git
from tests.program import write


@pytest.fixture(scope="session")
def first_commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository to copy, which is several times faster than to have git make one."""
    folder = tmp_path_factory.mktemp("first_commit")
    git("init", "--initial-branch", "main", cwd=folder)
    write(f"{folder}/Dockerfile")
    commit(folder)
    return folder


@pytest.fixture(autouse=True)
def repository(first_commit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, in which the tests run, with one Dockerfile on the branch main."""
    for name, value in scratch.clean_environment().items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)
    folder = tmp_path / "repository"
    shutil.copytree(first_commit, folder)
    monkeypatch.chdir(folder)
    return folder
