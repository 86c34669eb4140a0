"""The program as a process: closed streams, broken pipes, interrupts, locales, what it imports."""

# ruff: noqa: E501, PLW1510, PTH123

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.program import BAD, COMMAND, environment, run_process, unmeasured, write


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("arguments", [["check"], ["rules"], ["-h"]], ids=str)
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-"])
def test_closed_streams(arguments: list[str], closed: str) -> None:
    write("Dockerfile")
    command = f'"{sys.executable}" -m layerlint {" ".join(arguments)} {closed}'
    result = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, text=True, timeout=20)
    assert result.returncode == (1 if arguments[0] == "check" else 0)
    assert result.stderr == ""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_broken_pipe_ends_quietly(jobs: str) -> None:
    write("Dockerfile", BAD + "RUN pip install a\n" * 5_000)
    for number in range(30):
        write(f"{number}/Dockerfile")
    command = f'{{ "{sys.executable}" -m layerlint check --jobs {jobs}; echo "status $?" >&2; }} | head -n 1'
    result = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, text=True, timeout=20)
    assert (result.stdout.count("\n"), result.stderr) == (1, "status 141\n")


def test_a_full_disk_is_an_error() -> None:
    write("Dockerfile")
    with open("/dev/full", "w") as full:
        command = [*COMMAND, "check"]
        result = subprocess.run(command, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
    assert (result.returncode, result.stderr) == (
        2,
        "layerlint: error: the output cannot be written\n  no space left on device\n",
    )


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["rules", "-h"], ["--version"], []], ids=str)
def test_what_is_said_of_the_program_goes_the_way_of_all_output(arguments: list[str]) -> None:
    command = [*COMMAND, *arguments]
    with open("/dev/full", "w") as full:
        result = subprocess.run(command, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
    message = "layerlint: error: the output cannot be written\n  no space left on device\n"
    assert (result.returncode, result.stderr) == (2, message)
    read, written = os.pipe()
    os.close(read)
    result = subprocess.run(command, env=environment(), stdout=written, stderr=subprocess.PIPE, text=True)
    os.close(written)
    assert (result.returncode, result.stderr) == (141, "")


def test_any_locale() -> None:
    write("é.dockerfile")
    status, output, errors = run_process("check", "-q", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (status, errors) == (1, "")
    assert output.startswith("é.dockerfile:2:5: warning PIP001 ")


SLOW = """
import os, time
from layerlint import linting
from layerlint.cli.commands import main
def slow(*_):
    open(f"started.{os.getpid()}", "x").close()
    time.sleep(30)
linting.lint = slow
main()
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c(jobs: str) -> None:
    for number in range(100):  # enough for each process to have some
        write(f"{number}/Dockerfile")
    command = [sys.executable, "-c", SLOW, "check", "--jobs", jobs]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, start_new_session=True) as process:
        while process.poll() is None and len(list(Path().glob("started.*"))) < int(jobs):
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (130, b"", b"")


INTERRUPTED_IMPORT = """
import os, signal, sys
class Interrupts:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupts())
from layerlint.__main__ import program
program()
"""


def test_ctrl_c_while_the_program_starts() -> None:
    command = [sys.executable, "-c", INTERRUPTED_IMPORT, "check"]
    result = subprocess.run(command, env=environment(), capture_output=True, timeout=20)
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    script = "import sys, layerlint.cli.commands; print([name for name in ('rich', 'yaml', 'pydantic', 'pathspec', 'tree_sitter', 'multiprocessing', 'json', 'tomllib') if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], env=unmeasured(), capture_output=True, text=True)
    assert result.stdout == "[]\n"
