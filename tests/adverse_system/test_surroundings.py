"""A system that works against a run: settings of Python's, and a terminal that obeys what is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from unicodedata import category

import pytest

from tests.adverse_system.trees import assert_each_is_whole, many_files
from tests.program import (
    BAD,
    COMMAND,
    FIXED,
    environment,
    run,
    run_on_terminal,
    run_process,
    unmeasured,
    write,
)

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


@pytest.mark.parametrize(("jobs", "limit"), [(1, 20), (8, 12), *((8, limit) for limit in range(16, 34))])
def test_few_open_files(jobs: int, limit: int) -> None:
    paths = many_files(130)
    # A shell sets the limit: to set it in a process that Python has forked copies all that the tests have in memory.
    limited = ("sh", "-c", f'ulimit -n {limit} && exec "$@"', "sh")
    done = subprocess.run(
        [*limited, *COMMAND, "check", "--fix", "--quiet", "--jobs", str(jobs)],
        env=unmeasured(),
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
  - {reports: "FROM a\nRUN pip install x # \u202E\e[2J\n", at: "2:5", fixed: "\e[2J"}
  - {silent: "\e[2J\u202E", dockerfile: "FROM a\n"}
fixes: [{title: "\e[2J", safety: safe, insert-option: --no-cache-dir}]
"""
HOSTILE_TEXT = "FROM python:3.12\nRUN pip install \x1b[2J\u202e\x9b1m\r a # \u200f\nLABEL \x1b]0;x\x07\n"


HOSTILE_USE = [
    *(["check", option, "\x1b[2J\u202e"] for option in ("--format", "--fix-with", "--fail-on", "--color", "--jobs")),
    ["check", "--\x1b[2J\u202e"],
    ["check", "--\x1b[2J\u202e=x"],
    ["check", "-\x1b[2J\u202e"],
    ["check", "--quiet=\x1b[2J\u202e"],
    ["rules", "\x1b[2J\u202e"],
    ["rules", "--format", "\x1b[2J\u202e"],
    ["rules", "test", "rule.yaml", "--\u202e\n::error::"],
    ["explain", "A", "\x1b[2J\u202e\n::error::"],
    ["\x1b[2J\u202e"],
    ["there\x1b[2J\u202e\n::error::"],
]
"""Command lines that are refused before any command begins."""


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["check", "--format", name]
            for name in ("text", "github", "markdown", "json", "sarif", "gitlab", "junit", "checkstyle")
        ),
        *HOSTILE_USE,
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
        ["rules", "--format", "json"],
        ["rules", "test", "rule.yaml"],
    ],
    ids=ascii,
)
def test_nothing_that_a_terminal_obeys_is_printed(arguments: list[str]) -> None:
    _hostile_folder()
    _, output, errors = run(*arguments)
    unseen = {char for char in output + errors if category(char) in UNSEEN}
    assert unseen <= {"\n", "\t"}
    assert output + errors
    assert not any(line.lstrip().startswith("::error::") for line in (output + errors).splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        *HOSTILE_USE,
        ["check", "--color", "never"],
        ["check", "--diff"],
        ["check", "--format", "patch"],
        ["check", "--output", "patch=/dev/stdout"],
        ["check", "-", "--fix", "--color", "never"],
        ["check", "-", "--diff"],
        ["check", "\x1b[2J\u202e", "--color", "never"],
        ["check", "--config", "bad.yaml"],
    ],
    ids=ascii,
)
def test_nothing_that_a_terminal_obeys_reaches_one(arguments: list[str]) -> None:
    _hostile_folder()
    write("mended.Dockerfile", MENDED)
    _, shown = run_on_terminal(*arguments, stdin=MENDED.encode())
    assert {char for char in shown if category(char) in UNSEEN} <= {"\n", "\t"}
    assert shown


def test_a_terminal_shows_a_patch_that_can_be_read_and_a_pipe_gets_one_that_can_be_applied() -> None:
    write("Dockerfile", "FROM python:3.12\n# \x1b[2J\t\u202e\r\nRUN pip install x\n")
    patch = (
        "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM python:3.12\n # {}\n"
        "-RUN pip install x\n+RUN pip install --no-cache-dir x\n"
    )
    for arguments in (["--diff"], ["--format", "patch"]):
        assert run_on_terminal("check", *arguments) == (1, patch.format("␛[2J\t<U+202E>␍"))
        assert run_process("check", *arguments) == (1, patch.format("\x1b[2J\t\u202e\r"), "")


def test_a_terminal_shows_what_was_standard_input_so_that_it_can_be_read() -> None:
    text = "FROM python:3.12\n# \x1b[2J\t\u202e\nRUN pip install {}x\n"
    stdin = text.format("").encode()
    shown = text.format("--no-cache-dir ").replace("\x1b", "␛").replace("\u202e", "<U+202E>")
    assert run_on_terminal("check", "-", "--fix", "--quiet", stdin=stdin) == (0, shown)
    assert run("check", "-", "--fix", "--quiet", stdin=stdin)[1] == text.format("--no-cache-dir ")


MENDED = "FROM python:3.12\nRUN pip install a # \x1b[2J\u202e\x9b1m \u200f\x1b]0;x\x07\n"
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _hostile_folder() -> None:
    write("rule.yaml", HOSTILE_RULE)
    write(".layerlint.yaml", "rules: [rule.yaml]\n")
    write("bad.yaml", '"\\e[2J\\u202e": "\\e[2J"\nselect: ["\\e[2J"]\nexclude: ["\\e[2J["]\n')
    write("\x1b[2J\u202e\u200f\n.Dockerfile", HOSTILE_TEXT)
    write("there\x1b[2J\u202e\n::error::", HOSTILE_TEXT)
