"""What the tests of `--changed-since` do with a repository."""

from __future__ import annotations

from pathlib import Path

from tests import scratch
from tests.program import run

CLEAN = "FROM python:3.12\n"
MORE = "RUN pip install b\n"


def git(*arguments: str, cwd: Path | str = ".", **extra: str) -> str:
    done = scratch.run("git", *arguments, cwd=Path(cwd), environment=scratch.clean_environment(**extra))
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def commit(cwd: Path | str = ".") -> str:
    git("add", "--all", cwd=cwd)
    git("commit", "--message", "Change it", cwd=cwd)
    return git("rev-parse", "HEAD", cwd=cwd)


def changed(*arguments: str, since: str = "main") -> list[str]:
    """What is found, as `path:line severity rule`."""
    status, output, errors = run("check", "--quiet", "--changed-since", since, *arguments)
    assert (status, errors) == (bool(output), "")
    return [":".join(line.split(":")[:2]) for line in output.splitlines()]
