"""A system that works against a run: no permission, files that vanish, a disk that is full."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from layerlint.run.discovery import discover
from tests.adverse_system.trees import FIX, LONG, ROOT, contents, said
from tests.program import (
    BAD,
    COMMAND,
    FIXED,
    environment,
    run_process,
    run_unprivileged,
    unmeasured,
    write,
)

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
from layerlint.{package} import {module}
before = {module}.{function}
def vanish(path, *rest, **options):
    if "b/" in str(path):
        os.unlink("b/Dockerfile")
    return before(path, *rest, **options)
{module}.{function} = vanish
from layerlint.cli.commands import main
main()
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("package", "module", "function", "message"),
    [
        pytest.param("run", "file_work", "read", "there is no such file or folder", id="before it is read"),
        pytest.param(
            "system",
            "write_back",
            "write_back",
            "the fixed file could not be written: No such file or directory. The file is as it was",
            id="before it is written",
        ),
    ],
)
def test_a_file_that_vanishes(package: str, module: str, function: str, message: str, jobs: str) -> None:
    write("a/Dockerfile")
    write("b/Dockerfile")
    for number in range(10):
        write(f"c/{number}.Dockerfile")
    program = VANISHING.format(package=package, module=module, function=function)
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
