"""Runs layerlint as a user does: in this process, which is fast, or as a process of its own."""

from __future__ import annotations

import io
import json
import os
import pty
import shutil
import subprocess
import sys
import tty
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import layerlint
from layerlint.cli import commands

SOURCES = str(Path(layerlint.__file__).parents[1])
COMMAND = (sys.executable, "-m", "layerlint")
_MEASURING = "COVERAGE_PROCESS_"
"""How the names of the variables start by which coverage.py reaches every process of a run of the tests."""
_MEASURED = any(name.startswith(_MEASURING) for name in os.environ)
timed = pytest.mark.skipif(_MEASURED, reason="coverage.py takes most of the time")
"""Marks a test that allows so many seconds of processor time."""
BAD = "FROM python:3.12\nRUN pip install a\n"
"""A Dockerfile with one finding, a warning of rule PIP001 at 2:5, which --fix mends."""
FIXED = "FROM python:3.12\nRUN pip install --no-cache-dir a\n"
ALL_RULES = """\
id: XTR001
name: everything
severity: error
summary: pip is used
message: pip is used
advice: do not
note: Because.
when: {tool: pip, cache: [left, "off", mounted, removed]}
"""
MOUNTED = "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache pip install --no-cache-dir a\n"
"""A Dockerfile with one finding, an info of rule PIP002 at 2:5, which nothing mends: the mount may serve others."""
BROKEN = "FROM python:3.12\nWRONG\n"
"""A Dockerfile that Docker would refuse, at 2:1."""


def environment(**extra: str) -> dict[str, str]:
    """What layerlint runs with: nothing that colours or widens its output, and this source tree."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return kept | {"PYTHONPATH": SOURCES} | extra


def unmeasured(**extra: str) -> dict[str, str]:
    """The same without coverage.py, which imports modules and writes files of its own in the processes it measures."""
    return {name: value for name, value in environment(**extra).items() if not name.startswith(_MEASURING)}


def run(*arguments: str, stdin: str | bytes = b"", **extra: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a run in this process."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="") for data in (given, b"", b"")]
    with (
        mock.patch.dict(os.environ, environment(**extra), clear=True),
        mock.patch.multiple(
            sys, argv=["layerlint", *arguments], stdin=streams[0], stdout=streams[1], stderr=streams[2]
        ),
        pytest.raises(SystemExit) as ended,
    ):
        commands.main()
    output, errors = (stream.buffer.getvalue().decode() for stream in streams[1:])
    assert "Traceback" not in errors
    assert isinstance(ended.value.code, int)
    return ended.value.code, output, errors


def run_process(*arguments: str, timeout: float = 30, **extra: str) -> tuple[int, str, str]:
    """The same as a process of its own."""
    return _finished((*COMMAND, *arguments), timeout, extra)


def run_unprivileged(*arguments: str, timeout: float = 30, **extra: str) -> tuple[int, str, str]:
    """The same without the superuser's right to read and write everything."""
    drop: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("the superuser may read and write everything, and setpriv is not there to change that")
        drop = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    return _finished((*drop, *COMMAND, *arguments), timeout, extra)


def _finished(command: tuple[str, ...], timeout: float, extra: dict[str, str]) -> tuple[int, str, str]:
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(**extra),
        timeout=5 * timeout if _MEASURED else timeout,
        check=False,
    )
    errors = result.stderr.decode()
    assert "Traceback" not in errors
    return result.returncode, result.stdout.decode(), errors


def run_on_terminal(*arguments: str, stdin: bytes = b"", timeout: float = 30) -> tuple[int, str]:
    """Exit status, and what a terminal gets of a process of its own: standard output and standard error in one."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)  # or the terminal would make "\r\n" of "\n"
    with subprocess.Popen(
        (*COMMAND, *arguments),
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="xterm"),
    ) as process:
        os.close(theirs)
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        shown = b""
        with suppress(OSError):  # the terminal's way to say that nobody writes to it any more
            while piece := os.read(ours, 65536):
                shown += piece
        os.close(ours)
        return process.wait(5 * timeout if _MEASURED else timeout), shown.decode("utf-8", "surrogateescape")


def check(*arguments: str, **extra: Any) -> tuple[int, list[str], dict[str, int]]:
    """Exit status, the findings and errors in short, and the summary of `layerlint check`."""
    status, output, errors = run("check", "--format", "json", *arguments, **extra)
    assert errors == ""
    report = json.loads(output)
    return status, in_short(report), report["summary"]


def in_short(report: dict[str, Any]) -> list[str]:
    """The findings of a JSON report as `path:line severity rule`, and its errors as `path: message`."""
    found = [f"{each['path']}:{each['line']} {each['severity']} {each['rule']}" for each in report["findings"]]
    return found + [f"{error['path']}: {error['message']}" for error in report["errors"]]


def write(path: str, text: str = BAD) -> None:
    """Write a file and the folders above it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8", newline="")
