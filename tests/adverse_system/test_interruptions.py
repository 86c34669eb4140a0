"""A system that works against a run: ends that come too soon. Nothing is lost, nothing half written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from layerlint import linting
from layerlint.finding import FileReport
from layerlint.run import processes
from layerlint.source.source import Source
from tests.adverse_system.trees import FIX, assert_each_is_whole, many_files, said
from tests.program import (
    BAD,
    COMMAND,
    MOUNTED,
    environment,
    run,
    run_process,
    write,
)


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_ctrl_c_while_fixing(jobs: str) -> None:
    paths = many_files(150)
    command = [*COMMAND, "check", "--fix", "--quiet", "--jobs", jobs]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, start_new_session=True) as process:
        while process.poll() is None and BAD in Path(paths[0]).read_text():
            time.sleep(0.005)
        for _ in range(2):  # by somebody who is impatient
            with_group(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    fixed = assert_each_is_whole(paths)
    assert errors == b""
    assert process.returncode == 130 or (process.returncode == 0 and fixed == len(paths))
    # What was interrupted can be taken up again.
    assert run_process("check", "--fix", "--quiet")[0] == 0
    assert assert_each_is_whole(paths) == len(paths)


SLOW_DISK = """
import os, time
fsync = os.fsync
def slow_fsync(descriptor):
    time.sleep(0.4)  # longer than a process is waited for that does nothing of use
    fsync(descriptor)
os.fsync = slow_fsync
from layerlint.run import processes
from layerlint.__main__ import program
processes._PATIENCE = 0.3
program()
"""


@pytest.mark.parametrize(
    ("number", "status", "to_all", "jobs"),
    [
        pytest.param(signal.SIGINT, 130, True, "2", id="Ctrl-C, which all processes get"),
        pytest.param(signal.SIGTERM, 143, False, "2", id="a job that is cancelled, with others behind it"),
        pytest.param(signal.SIGTERM, 143, True, "2", id="a container that is stopped"),
        pytest.param(signal.SIGTERM, 143, False, "1", id="a job that is cancelled"),
        pytest.param(signal.SIGHUP, 129, True, "2", id="a terminal that is closed"),
        pytest.param(signal.SIGHUP, 129, False, "1", id="a terminal that is closed, and no other process"),
    ],
)
def test_an_end_that_is_asked_for_while_a_slow_disk_writes(number: int, status: int, to_all: bool, jobs: str) -> None:
    paths = many_files(40)
    command = [sys.executable, "-c", SLOW_DISK, "check", "--fix", "--quiet", "--jobs", jobs, "--output", "../report"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, start_new_session=True) as process:
        while process.poll() is None and not list(Path().glob("*/.layerlint-*")):
            time.sleep(0.005)
        (os.killpg if to_all else os.kill)(process.pid, number)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (status, b"", b"")
    assert assert_each_is_whole(paths) < len(paths)
    assert not list(Path("..").glob(".layerlint-*"))
    assert not Path("../report").exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


OPENS_A_PIPE = """
import os, sys
def note(event, arguments):
    if event == "open" and os.path.basename(str(arguments[0])) == "pipe":
        os.mkdir("opened")
sys.addaudithook(note)
from layerlint.__main__ import program
program()
"""


def test_a_pipe_that_nobody_reads_yet_can_be_given_up() -> None:
    os.mkfifo("pipe")
    write("Dockerfile")
    command = [sys.executable, "-c", OPENS_A_PIPE, "check", "--output", "pipe"]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE) as process:
        while process.poll() is None and not Path("opened").exists():
            time.sleep(0.005)
        time.sleep(0.1)  # it is told of before it is done
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, b"")


def test_who_said_to_go_on_without_the_terminal_is_obeyed() -> None:
    paths = many_files(20)
    command = [sys.executable, "-c", SLOW_DISK.replace("0.4", "0.05"), "check", "--fix", "--quiet", "--jobs", "2"]
    as_nohup_does = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command]
    with subprocess.Popen(as_nohup_does, env=environment(), stderr=subprocess.PIPE, start_new_session=True) as process:
        while process.poll() is None and not list(Path().glob("*/.layerlint-*")):
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGHUP)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")
    assert assert_each_is_whole(paths) == len(paths)


def with_group(process: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process, number)


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_reader_that_goes_away_while_fixing(jobs: str) -> None:
    paths = many_files(60)
    write(paths[0], MOUNTED * 2_000)  # more to say than a pipe holds
    command = f'"{sys.executable}" -m layerlint check --fix --jobs {jobs} | head -n 1; echo "${{PIPESTATUS[0]}}" >&2'
    done = subprocess.run(
        ["bash", "-c", command], env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.count("\n"), done.stderr) == (1, "141\n")
    Path(paths[0]).unlink()
    assert_each_is_whole(paths[1:])


def test_two_runs_at_once_on_one_tree() -> None:
    paths = many_files(100)
    command = [*COMMAND, *FIX, "--jobs", "2"]
    pipe = subprocess.PIPE
    runs = [subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    for process in runs:
        output, errors = process.communicate(timeout=120)
        assert errors == ""
        refused = [line for line in said(output) if "PIP001" not in line]
        assert all(line.endswith("it was changed by something else meanwhile. Run again") for line in refused)
        assert process.returncode == (2 if refused else 0)
    assert assert_each_is_whole(paths) == len(paths)


def test_a_process_that_dies_while_fixing_takes_the_count_of_no_other_file_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths = many_files(40)
    lint = linting.lint

    def dying(source: Source, *others: Any) -> FileReport:
        if source.path == paths[7]:
            os._exit(7)
        return lint(source, *others)

    monkeypatch.setattr(linting, "lint", dying)
    monkeypatch.setattr(processes, "_COLLECTING", 60)
    status, output, _ = run(*FIX, "--jobs", "2", *paths)
    report = json.loads(output)
    assert (status, report["summary"]["fixed"], report["summary"]["errors"]) == (2, 39, 1)
    assert [error["path"] for error in report["errors"]] == [paths[7]]
    assert assert_each_is_whole(paths) == 39
