"""A system that works against a run: links, what is no file, and names."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.adverse_system.trees import FIX, contents, said
from tests.program import (
    BAD,
    FIXED,
    run_process,
    write,
)

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
