"""A repository for each test of `--changed-since`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import scratch
from tests.changed_since.repositories import commit, git
from tests.program import write


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, in which the tests run, with one Dockerfile on the branch main."""
    for name, value in scratch.clean_environment().items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "--initial-branch", "main")
    write("Dockerfile")
    commit()
    return folder
