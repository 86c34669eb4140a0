"""What a script is said to start, held against a shell that runs it.

Scripts call `a`, `b` and `c`, which write down how they are called. What is said to be certain must have run, and
nothing may have run of which nothing is said, each with its words and variables, in this order.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from layerlint.shell.command import Command
from layerlint.shell.word import shown
from tests.shell.shells import commands

PROGRAM = r"""#!/bin/sh
{
    printf '%s' "${0##*/}"
    for word; do printf ',%s' "$word"; done
    printf '|%s|%s\n' "${X-unset}" "${Y-unset}"
} >> "$LOG"
"""
VARIABLES = ("X", "Y")
WORDS = ["1", "x", '"$X"', "${Y:-d}", "'q w'", "$((1 + 1))", '"a$Y"', "${X}y", "$(echo 7)", "/"]
IN_FRONT = ["", "", "", "", "X=5 ", "Y=6 ", "X= ", "! "]
BEHIND = ["", "", "", " > /dev/null", " 2>&1", " < /dev/null"]
QUESTIONS = [
    "true", "false", ":", "! true", '[ "$X" = 1 ]', '[ -n "$Y" ]', '[ -z "$X" ]', 'test "$X" != 1', "[ 2 -gt 1 ]",
    '[ "$X" = 1 -a -n "$Y" ]', '[ "$X" = 1 ] || [ -n "$Y" ]', '[ ! "$X" ]', "( exit 3 )", "[ -d / ]", "[ ! -e / ]",
    r'[ \( "$X" = 1 \) -o -f /none ]',
]  # fmt: skip
SETTINGS = [
    "X=1", "Y=2", "X=", "X=$Y", 'Y="$X"3', "X=1 Y=2", "X=4 > /dev/null", "Y=$(echo 8) 2> /dev/null", "export X",
    "export Y=3", "export X=8 Y", "unset X", "unset Y", "set -e", "cd /",
]  # fmt: skip
OTHERS = [
    'eval "a $X"',
    "eval 'X=9; b'",
    "sh -c 'a \"$X\"; b'",
    "command a 1",
    "env X=3 a",
    "env -u X b",
    "true | a",
]

calls = st.builds(
    lambda front, name, words, behind: front + " ".join([name, *words]) + behind,
    st.sampled_from(IN_FRONT),
    st.sampled_from("abc"),
    st.lists(st.sampled_from(WORDS), max_size=2),
    st.sampled_from(BEHIND),
)
simple = calls | calls | st.sampled_from(SETTINGS) | st.sampled_from(OTHERS) | st.sampled_from(QUESTIONS)
questions = st.sampled_from(QUESTIONS)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Statements made of others."""
    lists = st.lists(inner, min_size=1, max_size=3).map("; ".join)
    return st.one_of(
        st.tuples(inner, st.sampled_from([" && ", " || "]), inner).map("".join),
        st.builds("if {}; then {}; fi".format, questions, lists),
        st.builds("if {}; then {}; else {}; fi".format, questions, lists, lists),
        st.builds("for i in {}; do a $i; {}; done".format, st.sampled_from(["1", '"$X"']), lists),
        st.builds('case "$X" in 1) {};; 2|x*) {};; *) {};; esac'.format, lists, lists, lists),
        st.builds("while false; do {}; done".format, lists),
        st.builds("( {} )".format, lists),
        st.builds("{{ {}; }}".format, lists),
    )


statements = st.recursive(simple, compound, max_leaves=8)
scripts = st.builds(
    "f() {{ {}; }}; {}".format,
    statements,
    st.lists(statements | st.just("f"), min_size=1, max_size=4).map("; ".join),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs."""
    programs = tmp_path_factory.mktemp("programs")
    for name in "abc":
        (programs / name).write_text(PROGRAM)
        (programs / name).chmod(0o755)
    return programs


def started(script: str, folder: Path) -> list[str] | None:
    """How a shell that runs the script has called the programs; None if the script fails."""
    log = folder / f"log-{os.getpid()}"
    log.write_text("")
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "LOG": str(log), "X": "1", "HOME": "/root"}
    done = subprocess.run(["sh", "-c", script], env=environment, cwd="/", capture_output=True, check=False, timeout=30)
    return log.read_text().splitlines() if done.returncode == 0 else None


def matches(command: Command, line: str) -> bool:
    """Whether a program was called as it is said. What is not known may be anything, and an argument nothing at all."""
    return re.fullmatch(pattern(command), line, re.DOTALL) is not None


def pattern(command: Command) -> str:
    words = ["(?:,.*)?" if shown(word.value) == "…" else "," + known(word.value) for word in command.words[1:]]
    values = [known(value if value is not None else "unset") for value in map(command.environment, VARIABLES)]
    return command.name + "".join(words) + "".join(rf"\|{value}" for value in values)


def known(value: str) -> str:
    return ".*".join(map(re.escape, shown(value).split("…")))


def agree(said: Sequence[Command], lines: Sequence[str]) -> bool:
    """Whether the lines are those of all that is certain, and of some of the rest."""

    @cache
    def from_here(command: int, line: int) -> bool:
        if command == len(said):
            return line == len(lines)
        if not said[command].branch.always and from_here(command + 1, line):
            return True
        return line < len(lines) and matches(said[command], lines[line]) and from_here(command + 1, line + 1)

    return from_here(0, 0)


@settings(
    max_examples=150, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(scripts)
def test_what_runs_is_what_is_said_to_run(folder: Path, script: str) -> None:
    lines = started(script, folder)
    assume(lines is not None)
    said = [command for command in commands(script, X="1") if command.name in {"a", "b", "c"}]
    assert agree(said, lines or []), (script, lines, [pattern(command) for command in said])
