"""Scratch copies of the project, and commands run in them as in a user's shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

_SHIPPED = (
    "src",
    "rules",
    "examples",
    "schemas",
    "docs",
    "tests",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
    "action.yml",
)
_IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*_cache", "packs")


def copy_project(to: Path) -> Path:
    """A copy of the project as a clone would have it, the changes that are not committed included."""
    to.mkdir(parents=True)
    for name in _SHIPPED:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, to / name, ignore=_IGNORED)
        else:
            shutil.copy2(PROJECT / name, to / name)
    return to


def git_repository(folder: Path) -> Path:
    """Put everything in `folder` into a first commit."""
    environment = clean_environment()
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "All of it")):
        run("git", *arguments, cwd=folder, environment=environment).check_returncode()
    return folder


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment of a user who has no virtual environment and no settings of git's that matter here."""
    own = Path(sys.prefix).resolve()
    inherited = dict(os.environ)
    for name in [name for name in inherited if name.startswith(("GIT_", "LAYERLINT_", "PYTEST_", "PRE_COMMIT"))]:
        del inherited[name]
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        inherited.pop(name, None)
    path = os.pathsep.join(
        entry
        for entry in inherited.get("PATH", os.defpath).split(os.pathsep)
        if own not in Path(entry).resolve().parents
    )
    git = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    return {**inherited, "PATH": path, **git, **extra}


def program(folder: Path) -> Path:
    """The program `layerlint` in the new folder `folder`: what stands in the sources, without an installation."""
    folder.mkdir()
    path = folder / "layerlint"
    path.write_text(f'#!/bin/sh\nPYTHONPATH={PROJECT}/src exec "{sys.executable}" -m layerlint "$@"\n')
    path.chmod(0o755)
    return path


def run(
    *command: str | Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program in `cwd`, with no input. Standard error goes where standard output goes."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(clean_environment() if environment is None else environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )


def run_script(
    script: str, *, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `script` in bash as GitHub runs the steps of a workflow: the first command that fails ends it."""
    return run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script, cwd=cwd, environment=environment)


def fresh_python(folder: Path, packages: Sequence[str | Path] = ()) -> Path:
    """The folder of the programs of a new virtual environment in which `packages` are installed."""
    venv.create(folder, with_pip=True, symlinks=True)
    programs = folder / "bin"
    if packages:
        installed = run(programs / "python", "-m", "pip", "install", "--quiet", *packages, cwd=folder)
        assert installed.returncode == 0, installed.stdout
    return programs
