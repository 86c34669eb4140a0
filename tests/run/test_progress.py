"""A long run on a terminal says how far it is; nothing else ever sees that."""

from __future__ import annotations

import io
import os
import pty
import subprocess
from pathlib import Path

import pytest

from layerlint.run.progress import Progress
from tests.program import COMMAND, environment, write


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown(*steps: tuple[float, int]) -> str:
    """What is printed when files with so many findings are done after so many seconds each."""
    clock, stream = Clock(), io.StringIO()
    with Progress(500, stream, clock) as progress:
        for seconds, findings in steps:
            clock.now += seconds
            progress.clear()
            progress.add(findings)
    return stream.getvalue()


def test_a_short_run_shows_nothing() -> None:
    assert shown((0.5, 1), (0.4, 1)) == ""


def test_a_long_run_shows_files_findings_and_rate_and_takes_the_line_back() -> None:
    assert shown((1.0, 2), (1.0, 1)) == (
        "\r\x1b[K1 of 500 files, 2 findings, 1 files a second\r\x1b[K"
        "\r\x1b[K2 of 500 files, 3 findings, 1 files a second\r\x1b[K"
    )


def test_the_line_is_not_printed_more_often_than_anyone_can_read() -> None:
    assert shown(*[(0.01, 0)] * 120).count("files,") == 3


def test_a_terminal_that_is_gone_stops_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    clock = Clock()
    with Progress(2, stream, clock) as progress:
        clock.now += 2
        progress.add(0)
        progress.add(0)


def test_nowhere_to_print() -> None:
    clock = Clock()
    with Progress(1, None, clock) as progress:
        clock.now += 2
        progress.add(0)


@pytest.mark.parametrize(
    ("options", "terminal", "expected"),
    [
        pytest.param((), "xterm", True, id="a terminal"),
        pytest.param(("--quiet",), "xterm", False, id="quiet"),
        pytest.param((), "dumb", False, id="a dumb terminal"),
    ],
)
def test_the_program(
    options: tuple[str, ...], terminal: str, *, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(3):
        write(f"{number}/Dockerfile")
    ours, theirs = pty.openpty()
    program = (
        "import layerlint.run.progress, layerlint.__main__;"
        "layerlint.run.progress.PATIENCE = 0; layerlint.__main__.program()"
    )
    command = [COMMAND[0], "-c", program, "check", "--jobs", "1", *options]
    with os.fdopen(ours, "rb", buffering=0) as terminal_output:
        done = subprocess.run(
            command, env=environment(TERM=terminal), stdout=subprocess.PIPE, stderr=theirs, timeout=60, check=False
        )
        os.close(theirs)
        try:
            said = terminal_output.read(4096).decode()
        except OSError:  # what Linux says when the other end has been closed and nothing is left
            said = ""
    assert done.returncode == 1
    assert ("of 3 files" in said) is expected
    assert b"of 3 files" not in done.stdout
