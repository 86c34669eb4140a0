"""Why the shipped rules offer no fix where they could do harm, as a user reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.program import run, write


@pytest.mark.parametrize(
    ("rule", "command", "reason"),
    [
        pytest.param(
            "PDM001", "sudo -- pdm install", "what starts the command hands no variable on", id="sudo and a variable"
        ),
        pytest.param(
            "PIP002",
            "--mount=type=cache,target=/root --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir x",
            "the directory is on several mounts",
            id="a mount inside of a mount",
        ),
        pytest.param(
            "GEM001",
            "su app -c 'gem install x'",
            "where app has it depends on what app may write",
            id="a directory that is asked for, of somebody else",
        ),
        pytest.param(
            "GEM001",
            '["sh", "-c", "gem install x"]',
            "the command would need quotes in a string",
            id="a directory that is asked for, in a string",
        ),
        pytest.param(
            "BUNDLER001",
            "bash -lc 'rvm use 3 && bundle install'",
            "gem may be found only by the shell that the RUN starts for it",
            id="a directory that is asked for, where the shell may not find the program",
        ),
        pytest.param(
            "GEM001",
            "bash -c 'export PATH=/opt/ruby/bin:$PATH; gem install x'",
            "gem may be found only by the shell that the RUN starts for it",
            id="a directory that is asked for, where the shell has another path",
        ),
        pytest.param(
            "CONDA001",
            "PATH=/opt/conda/bin:$PATH \\\n    conda install -y x",
            "conda may be found only with the PATH that the command gets",
            id="a program that is found by a path in front",
        ),
        pytest.param(
            "CONDA001",
            "env PATH=/opt/conda/bin:$PATH conda install -y x",
            "conda may be found only with the PATH that the command gets",
            id="a program that env is given a path for",
        ),
        pytest.param(
            "NPM001",
            "--mount=type=cache,target=/root/.npm/_logs npm install",
            "the mount at /root/.npm/_logs is in what would be removed",
            id="a mount in what would be removed",
        ),
        pytest.param(
            "APT001",
            "--mount=type=tmpfs,target=/var/lib/apt/lists/partial/ apt-get update && apt-get install -y x",
            "the mount at /var/lib/apt/lists/partial is in what would be removed",
            id="a mount in a folder that would be emptied",
        ),
        pytest.param("GEM001", "gem install -i '/a b' x", "/a b would need quotes", id="a directory with a space"),
        pytest.param("GEM001", "gem install -i '/a/*' x", "/a/* would need quotes", id="a directory called star"),
        pytest.param("GEM001", "gem install x || true", "the RUN ends in `||`", id="only what is true of it"),
    ],
)
def test_why_there_is_no_fix(
    rule: str, command: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile", f"FROM python:3.12\nRUN {command}\n")
    _, output, _ = run("check", "--select", rule, "--format", "json")
    (finding,) = json.loads(output)["findings"]
    assert (finding["fixes"], finding["unfixable"]) == ([], reason)
