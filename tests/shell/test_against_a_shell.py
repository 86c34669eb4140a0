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
from random import Random

import pytest

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
    "export Y=3", "export X=8 Y", "unset X", "unset Y", "cd /",
]  # fmt: skip
OTHERS = [
    'eval "a $X"',
    "eval 'X=9; b'",
    "sh -c 'a \"$X\"; b'",
    "command a 1",
    "env X=3 a",
    "env -u X b",
    "true | a",
    "(trap -- 'a 5' EXIT; b)",
    'set -- 1 "$X"; for i; do a "$i"; done',
    'Y=$(printf "%s-" "$X" 2; echo); b',
    '[ -f /none ] || [ "$X" = 1 ] && a',
]

STATEMENTS = [
    "{0}", "{0}", "{0} && {1}", "{0} || {1}", "if {q}; then {0}; {1}; fi", "if {q}; then {0}; else {1}; {2}; fi",
    "for i in 1; do a $i; {0}; {1}; done", 'for i in "$X"; do a "$i"; {0}; done', "while false; do {0}; {1}; done",
    'case "$X" in 1) {0};; 2|x*) {1};; *) {2}; {q};; esac', "( {0}; {1} )", "{{ {0}; {1}; }}",
    "(({0}; {1} ) && {2} || {q} )",
]  # fmt: skip


def made(choice: Random, depth: int) -> str:
    """A statement; those of which it is made are less deep."""
    if depth == 0 or choice.random() < 0.2:
        return simple(choice)
    inner = [made(choice, depth - 1) for _ in range(3)]
    return choice.choice(STATEMENTS).format(*inner, q=choice.choice(QUESTIONS))


def simple(choice: Random) -> str:
    if choice.random() < 0.5:
        return choice.choice([*SETTINGS, *OTHERS, *QUESTIONS])
    words = [choice.choice(WORDS) for _ in range(choice.randrange(3))]
    return choice.choice(IN_FRONT) + " ".join([choice.choice("abc"), *words]) + choice.choice(BEHIND)


def script(number: int) -> str:
    """One of many scripts, the same each time."""
    choice = Random(number)
    statements = [choice.choice([made(choice, 2), "f"]) if choice.random() < 0.3 else made(choice, 2) for _ in range(3)]
    return "; ".join([f"f() {{ {made(choice, 1)}; }}", *statements])


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


@pytest.mark.parametrize("tenth", range(10))
def test_what_runs_is_what_is_said_to_run(folder: Path, tenth: int) -> None:
    wrong = []
    for number in range(tenth, 200, 10):
        lines = started(script(number), folder)
        said = [command for command in commands(script(number), X="1") if command.name in {"a", "b", "c"}]
        if lines is not None and not agree(said, lines):
            wrong.append((number, script(number), lines, [pattern(command) for command in said]))
    assert wrong == []


def test_the_scripts_work_and_are_not_all_alike(folder: Path) -> None:
    calls = [lines for number in range(40) if (lines := started(script(number), folder)) is not None]
    assert len(calls) > 20
    assert len({tuple(lines) for lines in calls}) > 20
