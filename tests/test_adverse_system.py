"""A system that works against a run: nothing is lost, nothing half written, and the exit status is the right one."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unicodedata import category

import pytest

from layerlint.discovery import discover
from tests.program import (
    BAD,
    COMMAND,
    FIXED,
    MOUNTED,
    environment,
    in_short,
    run,
    run_process,
    run_unprivileged,
    unmeasured,
    write,
)

ROOT = os.geteuid() == 0
# A fixed file is a whole one, and as long as this takes several writes.
LONG = BAD + "# and so on\n" * 20_000
LONG_FIXED = LONG.replace(BAD, FIXED)


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def contents() -> dict[str, str]:
    """Every file below the current folder but those in `.git`, whatever its name."""
    return {str(path): path.read_text() for path in sorted(Path().rglob("*")) if path.is_file()}


def said(output: str) -> list[str]:
    return in_short(json.loads(output))


FIX = ("check", "--fix", "--format", "json")


# Permissions.


@pytest.mark.parametrize(
    ("path", "mode", "message"),
    [
        pytest.param("b/Dockerfile", 0o444, "the fixed file was not written: the file is read-only", id="the file"),
        pytest.param(
            "b", 0o555, "the fixed file could not be written: Permission denied. The file is as it was", id="the folder"
        ),
    ],
)
def test_what_is_read_only_is_reported_and_the_others_are_fixed(path: str, mode: int, message: str) -> None:
    for name in "abc":
        write(f"{name}/Dockerfile")
    Path(path).chmod(mode)
    try:
        status, output, errors = run_unprivileged(*FIX)
    finally:
        Path(path).chmod(0o755)
    assert (status, errors) == (2, "")
    assert said(output) == ["b/Dockerfile:2 warning PIP001", f"b/Dockerfile: {message}"]
    assert contents() == {"a/Dockerfile": FIXED, "b/Dockerfile": BAD, "c/Dockerfile": FIXED}


# Files that come and go.

VANISHING = """
import os, sys
from layerlint import {module}
before = {module}.{function}
def vanish(path, *rest, **options):
    if "b/" in str(path):
        os.unlink("b/Dockerfile")
    return before(path, *rest, **options)
{module}.{function} = vanish
from layerlint.cli import main
main()
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("module", "function", "message"),
    [
        pytest.param("file_work", "read", "there is no such file or folder", id="before it is read"),
        pytest.param(
            "write_back",
            "write_back",
            "the fixed file could not be written: No such file or directory. The file is as it was",
            id="before it is written",
        ),
    ],
)
def test_a_file_that_vanishes(module: str, function: str, message: str, jobs: str) -> None:
    write("a/Dockerfile")
    write("b/Dockerfile")
    for number in range(10):
        write(f"c/{number}.Dockerfile")
    program = VANISHING.format(module=module, function=function)
    command = [sys.executable, "-c", program, *FIX, "--jobs", jobs]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (2, "")
    assert f"b/Dockerfile: {message}" in said(done.stdout)
    assert contents() == {"a/Dockerfile": FIXED, **{f"c/{number}.Dockerfile": FIXED for number in range(10)}}


def test_a_folder_that_vanishes_while_it_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        write(f"{name}/Dockerfile")
    scandir = os.scandir

    def vanish(path: str) -> object:
        if path == str(Path.cwd() / "b"):
            Path("b/Dockerfile").unlink()
            Path("b").rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", vanish)
    found = [item.path for item in discover(["."])]
    assert found == ["a/Dockerfile", "b", "c/Dockerfile"]


# A disk that is full.


def _files_of_at_most(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_limit_on_the_size_of_files_leaves_the_file_as_it_was(jobs: str) -> None:
    write("a/Dockerfile", LONG)
    for number in range(10):
        write(f"b/{number}.Dockerfile")
    done = subprocess.run(
        [*COMMAND, *FIX, "--jobs", jobs],
        env=unmeasured(LAYERLINT_NO_CACHE="1"),
        preexec_fn=_files_of_at_most(100_000),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (2, "")
    message = "the fixed file could not be written: File too large. The file is as it was"
    assert said(done.stdout) == ["a/Dockerfile:2 warning PIP001", f"a/Dockerfile: {message}"]
    assert contents() == {"a/Dockerfile": LONG, **{f"b/{number}.Dockerfile": FIXED for number in range(10)}}


@contextmanager
def small_disk(folder: str, size: str) -> Iterator[None]:
    """A file system of its own, which holds only so much."""
    Path(folder).mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(not ROOT, reason="only root may mount a file system; the limit on the size of files is for all")
def test_a_full_disk_leaves_the_file_as_it_was() -> None:
    with small_disk("disk", "400k"):
        write("disk/a/Dockerfile", LONG)
        write("disk/b/Dockerfile")
        status, output, errors = run_process(*FIX, "disk")
        assert (status, errors) == (2, "")
        message = "the fixed file could not be written: No space left on device. The file is as it was"
        assert said(output) == ["disk/a/Dockerfile:2 warning PIP001", f"disk/a/Dockerfile: {message}"]
        assert contents() == {"disk/a/Dockerfile": LONG, "disk/b/Dockerfile": FIXED}


# Links, and what is no file.


def test_fixing_through_a_link_in_the_folder_keeps_the_link() -> None:
    write("tree/real/Dockerfile")
    Path("tree/Dockerfile").symlink_to("real/Dockerfile")
    status, output, errors = run_process(*FIX, "tree")
    assert (status, errors, said(output)) == (0, "", [])
    assert Path("tree/Dockerfile").readlink() == Path("real/Dockerfile")
    assert contents() == {"tree/Dockerfile": FIXED, "tree/real/Dockerfile": FIXED}


@pytest.mark.parametrize("link", ["../outside/Dockerfile", "further/down", "{here}/outside/Dockerfile"])
def test_nothing_is_written_through_a_link_that_leads_out_of_the_folder(link: str) -> None:
    write("outside/Dockerfile")
    write("tree/a/Dockerfile")
    Path("tree/b.Dockerfile").symlink_to(link.format(here=Path.cwd()))
    Path("tree/further").symlink_to("../outside")
    Path("outside/down").symlink_to("Dockerfile")
    status, output, errors = run_process(*FIX, "tree")
    message = "the fixed file was not written: the link leads out of the folder; name the file to have it fixed"
    assert (status, errors) == (2, "")
    assert said(output) == ["tree/b.Dockerfile:2 warning PIP001", f"tree/b.Dockerfile: {message}"]
    assert Path("outside/Dockerfile").read_text() == BAD
    assert Path("tree/a/Dockerfile").read_text() == FIXED
    # It is read all the same, and written for who names it.
    assert run_process("check", "--diff", "tree")[0] == 1
    assert run_process("check", "tree")[0] == 1
    assert run_process(*FIX, "tree/b.Dockerfile")[0] == 0
    assert Path("outside/Dockerfile").read_text() == FIXED


def test_what_is_no_file_is_passed_over_while_the_others_are_fixed() -> None:
    write("Dockerfile/Dockerfile")
    write("Dockerfile/dockerfile.d/Dockerfile")
    Path("empty.Dockerfile").mkdir()
    Path("Dockerfile/loop.Dockerfile").symlink_to("loop.Dockerfile")
    Path("Dockerfile/up").symlink_to("..")
    Path("device.Dockerfile").symlink_to("/dev/zero")
    os.mkfifo("pipe.Dockerfile")
    master, terminal = pty.openpty()
    Path("terminal.Dockerfile").symlink_to(os.ttyname(terminal))
    try:
        status, output, errors = run_process(*FIX, timeout=60)
    finally:
        os.close(master)
        os.close(terminal)
    assert (status, errors, said(output)) == (0, "", [])
    assert contents() == {"Dockerfile/Dockerfile": FIXED, "Dockerfile/dockerfile.d/Dockerfile": FIXED}


NAMES = (
    "new\nline.Dockerfile",
    "\x1b[31mred.Dockerfile",
    "\u202etxt.Dockerfile",
    "-rf.Dockerfile",
    " .Dockerfile",
    "$(a)`b`;'\".Dockerfile",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_fixed(name: str) -> None:
    write(name)
    status, output, errors = run_process("check", "--fix")
    assert (status, errors) == (0, "")
    assert not set(output) & {"\x1b", "\u202e"}
    assert contents() == {name: FIXED}


@pytest.mark.parametrize("name", NAMES)
def test_the_patch_of_a_file_of_any_name_applies_or_is_refused_in_words(name: str) -> None:
    write(name)
    status, patch, errors = run_process("check", "--diff")
    applied = subprocess.run(["git", "apply"], input=patch, capture_output=True, text=True, check=False)
    assert (status, errors, applied.stderr, applied.returncode) == (1, "", "", 0)
    assert contents() == {name: FIXED}


def test_a_name_that_is_not_utf_8() -> None:
    path = os.fsencode(str(Path.cwd())) + b"/\xff\xfe.Dockerfile"
    try:
        Path(os.fsdecode(path)).write_text(BAD)
    except OSError:
        pytest.skip("this file system has no such names")
    for locale in ({}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        status, output, errors = run_process("check", **locale)
        assert (status, errors) == (1, "")
        assert "\ufffd\ufffd.Dockerfile:2:5: warning PIP001" in output
    assert run_process("check", "--fix", "--quiet")[0] == 0
    assert Path(os.fsdecode(path)).read_text() == FIXED


# Ends that come too soon.


def many_files(count: int) -> list[str]:
    paths = [f"{number // 50}/{number}.Dockerfile" for number in range(count)]
    for path in paths:
        write(path, BAD + f"# {path}\n" * 50)
    return paths


def assert_each_is_whole(paths: list[str]) -> int:
    """Every file is as it was or as it should be, and nothing else is there. How many are fixed."""
    found = contents()
    assert sorted(found) == sorted(paths)
    fixed = 0
    for path, text in found.items():
        before = BAD + f"# {path}\n" * 50
        after = before.replace(BAD, FIXED)
        assert text in (before, after), path
        fixed += text == after
    return fixed


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


# Settings of Python's, and of the system's.


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"PYTHONOPTIMIZE": "1"}, id="without assertions"),
        pytest.param({"PYTHONOPTIMIZE": "2"}, id="without docstrings"),
        pytest.param({"LC_ALL": "C"}, id="no locale"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="ASCII"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="Latin 1"),
        pytest.param({"PYTHONIOENCODING": "ascii:strict"}, id="strict ASCII"),
        pytest.param({"LC_ALL": "tr_TR.UTF-8"}, id="Turkish, as far as it is there"),
        pytest.param({"PYTHONHASHSEED": "1"}, id="another order of sets"),
        pytest.param({"HOME": "/nonexistent", "XDG_CACHE_HOME": "", "LAYERLINT_CACHE_DIR": ""}, id="no home"),
        pytest.param({"TMPDIR": "/nonexistent"}, id="no place for temporary files"),
        pytest.param({"PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1"}, id="warnings are errors"),
    ],
)
def test_the_same_in_any_environment(extra: dict[str, str]) -> None:
    write("é/Dockerfile", BAD + "# é \u202e\n")
    status, output, errors = run_process("check", **extra)
    assert (status, errors) == (1, "")
    assert output.startswith("é/Dockerfile:2:5: warning PIP001 `pip install` leaves pip's cache in this layer")
    status, output, errors = run_process("check", "--help", **extra)
    assert (status, errors) == (0, "")
    assert "--fix-with" in output
    assert run_process("check", "--fix", "--quiet", **extra) == (0, "", "")
    assert Path("é/Dockerfile").read_text() == FIXED + "# é \u202e\n"


def test_a_current_folder_that_is_gone() -> None:
    Path("gone").mkdir()
    script = f'cd gone && rmdir ../gone && exec "{sys.executable}" -m layerlint check'
    done = subprocess.run(
        ["sh", "-c", script], env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stdout + done.stderr != ""
    assert "Traceback" not in done.stderr


def test_few_open_files() -> None:
    paths = many_files(50)
    done = subprocess.run(
        [*COMMAND, "check", "--fix", "--quiet", "--jobs", "1"],
        env=unmeasured(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert assert_each_is_whole(paths) == len(paths)


# What is printed.

HOSTILE_RULE = r"""
id: ABC001
name: "a\e[2J-rule\u202E"
aliases: ["X\e[1m"]
severity: warning
summary: "a \e[31m summary\u200F"
message: "{command} \e[2J fills\u202E {directory}"
advice: "do \e[2J"
note: "\e]0;x\a Why\u202E"
when: {tool: pip, cache: [left]}
examples:
  - {reports: "FROM a\nRUN pip install x # \u202E\e[2J\n", at: "2:5"}
"""
HOSTILE_TEXT = "FROM python:3.12\nRUN pip install \x1b[2J\u202e\x9b1m\r a # \u200f\nLABEL \x1b]0;x\x07\n"


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["check", "--format", name]
            for name in ("text", "github", "markdown", "json", "sarif", "gitlab", "junit", "checkstyle")
        ),
        ["check", "--statistics", "--color", "never"],
        ["check", "--fix"],
        ["check", "--exclude", "\x1b[2J\u202e["],
        ["check", "\x1b[2J\u202e"],
        ["check", "--select", "\x1b[2J\u202e"],
        ["check", "--config", "\x1b[2J\u202e.yaml"],
        ["check", "--rules", "\x1b[2J\u202e.yaml"],
        ["check", "--config", "bad.yaml"],
        ["check", "--baseline", "\x1b[2J\u202e"],
        ["check", "--changed-since", "\x1b[2J\u202e"],
        ["explain", "ABC001"],
        ["explain", "\x1b[2J\u202e"],
        ["rules"],
        ["\x1b[2J\u202e"],
    ],
    ids=ascii,
)
def test_nothing_that_a_terminal_obeys_is_printed(arguments: list[str]) -> None:
    write("rule.yaml", HOSTILE_RULE)
    write(".layerlint.yaml", "rules: [rule.yaml]\n")
    write("bad.yaml", '"\\e[2J\\u202e": "\\e[2J"\nselect: ["\\e[2J"]\nexclude: ["\\e[2J["]\n')
    write("\x1b[2J\u202e\u200f\n.Dockerfile", HOSTILE_TEXT)
    _, output, errors = run(*arguments)
    unseen = {char for char in output + errors if category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert unseen <= {"\n", "\t"}
    assert output + errors
