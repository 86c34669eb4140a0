"""What a user gets for files that are no good: a message or a sensible result for them, and the others checked."""

# ruff: noqa: E501, PTH211

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from layerlint import check
from layerlint.baseline.file import Entry
from layerlint.baseline.file import text as baseline_text
from layerlint.dockerfile.parser import parse
from layerlint.finding import Finding, Severity
from layerlint.rules.selection import RuleNames
from layerlint.source.source import Source
from layerlint.suppression.comments import suppress
from tests.program import BAD, BROKEN, in_short, run, run_process, run_unprivileged, write
from tests.sample_rules import RULES

START = b"FROM python:3.12\n"
LOOPS = (
    b"RUN " + b"for a in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do " * 8 + b"%b; " + b"done; " * 8 + b"pip install a\n"
)
TOO_MANY_COMMANDS = "This runs too many commands to be followed; those in loops and functions count each time."
GOOD_NEIGHBOURS = ["a/Dockerfile:2 warning PIP001", "z/Dockerfile:2 warning PIP001"]


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def check_beside_good_files(*paths: str, seconds: float = 60) -> tuple[int, list[str]]:
    """Exit status of checking the files, named outright, between good ones, and what is said of them, in short."""
    write("a/Dockerfile")
    write("z/Dockerfile")
    arguments = ("check", "--format", "json", "a/Dockerfile", *paths, "z/Dockerfile")
    status, output, errors = run_unprivileged(*arguments, timeout=seconds)
    assert errors == ""
    lines = in_short(json.loads(output))
    assert [line for line in lines if line in GOOD_NEIGHBOURS] == GOOD_NEIGHBOURS
    return status, [line for line in lines if line not in GOOD_NEIGHBOURS]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "The file has no instructions.", id="empty"),
        pytest.param(b"\n \n# nothing\n", "The file has no instructions.", id="comments alone"),
        pytest.param(b"RUN true\n", "RUN has no FROM before it.", id="no FROM"),
        pytest.param(START + b"RUNN pip\n", "There is no instruction `RUNN`; did you mean RUN?", id="unknown"),
        pytest.param(
            START + b"RUN <<EOF\npip install a\n",
            "The here-document `EOF` does not end: no line after it is `EOF` alone.",
            id="unterminated here-document",
        ),
        pytest.param(
            START + b'ENV A="b\n',
            "Docker cannot read the arguments of ENV: a double quote is not closed.",
            id="unterminated quote",
        ),
        pytest.param(START + b"RUN a\0b\n", "The file holds a NUL byte.", id="NUL byte"),
        pytest.param(
            START.decode().encode("utf-16"), "this is UTF-16; a Dockerfile must be UTF-8: save it as that", id="UTF-16"
        ),
        pytest.param(START + b"RUN pip install a\n" * 590_000, "the file is larger than 1024 KiB", id="ten megabytes"),
        pytest.param(
            START + b"RUN pip install" + b" a" * 100_000,
            "The line has more than 65535 bytes, which is the most that Docker reads.",
            id="a line of 100,000 words",
        ),
        pytest.param(
            START + b"RUN " + b"if a; then " * 3000 + b"pip install a; " + b"fi; " * 3000,
            "This nests more than 60 commands in one another, which is not followed.",
            id="3,000 conditions in one another",
        ),
        pytest.param(
            START + b"RUN " + b"$(" * 5000 + b"pip install a" + b")" * 5000,
            "This nests more than 60 commands in one another, which is not followed.",
            id="5,000 substitutions in one another",
        ),
        pytest.param(START + LOOPS % b"x", TOO_MANY_COMMANDS, id="loops in one another"),
        pytest.param(
            START + b"RUN " + b"for a in 1 2 3 4 5 6 7 8; do " * 5 + b"true; x; " + b"done; " * 5 + b"pip install a",
            TOO_MANY_COMMANDS,
            id="loops of few words in one another",
        ),
        pytest.param(
            START + b"RUN pip install a && " + b"a | " * 14_000 + b"\n",
            "Reading this as shell text takes too long, so it is not followed.",
            id="a pipeline of 14,000 commands without an end",
        ),
        pytest.param(
            START + b"RUN pip install a && " + b"a=(" * 14_000 + b"\n",
            "Reading this as shell text takes too long, so it is not followed.",
            id="14,000 arrays in one another",
        ),
        pytest.param(
            START + b"ONBUILD " * 100 + b"RUN true\n",
            "ONBUILD cannot trigger ONBUILD.",
            id="100 triggers in one another",
        ),
    ],
)
def test_what_is_an_error(content: bytes, said: str) -> None:
    Path("Bad").write_bytes(content)
    status, lines = check_beside_good_files("Bad")
    assert status == 2
    assert f"Bad: {said}" in lines
    assert Path("Bad").read_bytes() == content


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(START + b"RUN echo \xff\xfe; pip install a\n", ["Bad:2 warning PIP001"], id="not UTF-8"),
        pytest.param(START + b"RUN pip install a && echo 'b\nRUN pip install c\n", ["Bad:2 warning PIP001", "Bad:3 warning PIP001"], id="a quote the shell will miss"),
        pytest.param(START + b"RUN pip install " + b"a \\\n " * 100_000 + b"b\n", ["Bad:2 warning PIP001"], id="100,000 words"),
        pytest.param(START + b"RUN pip install \\\n" + b"\\\n" * 100_000 + b"b\n", ["Bad:2 warning PIP001"], id="100,000 empty continuation lines"),
        pytest.param(START + b"RUN pip install a && " + b"a | " * 10_000 + b"b\n", ["Bad:2 warning PIP001"], id="a pipeline of 10,000 commands"),
        pytest.param(START + b"RUN pip install a && " + b"a>b " * 12_000 + b"\n", ["Bad:2 warning PIP001"], id="12,000 redirections"),
        pytest.param(START + b"RUN <<EOF\npip install a\n" + b"\n" * 200_000 + b"EOF\n", ["Bad:3 warning PIP001"], id="200,000 empty lines"),
        pytest.param(START + b"# comment\n" * 100_000, [], id="100,000 comments"),
        pytest.param(START + b"ENV A=aaaaaaaa\n" + b"ENV A=$A$A\n" * 60 + b"RUN pip install $A\n", ["Bad:63 warning PIP001"], id="a variable that doubles"),
        pytest.param(START + b"RUN pip install " + b"{a,b}" * 40 + b"\n", ["Bad:2 warning PIP001"], id="2 to the 40 words"),
        pytest.param(START + b"RUN f() { f; f; }; f; pip install a\n", ["Bad:2 warning PIP001"], id="a function that calls itself"),
        pytest.param(START + b"COPY a /root/\n" * 20_000 + b"RUN pip install a\n", ["Bad:20002 warning PIP001"], id="20,000 COPYs"),
        pytest.param(START + b"# layerlint: ignore=PIP001\n" * 20_000 + b"RUN pip install a\n", [], id="20,000 suppressions"),
    ],
)  # fmt: skip
def test_what_is_read_all_the_same(content: bytes, found: list[str]) -> None:
    Path("Bad").write_bytes(content)
    status, lines = check_beside_good_files("Bad")
    assert (status, lines) == (1, found)


def _folder() -> None:
    Path("Bad/x").mkdir(parents=True)


def _unreadable() -> None:
    write("Bad")
    Path("Bad").chmod(0)


def _socket() -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("Bad")


def _unreadable_folder() -> None:
    write("Bad/Dockerfile")
    Path("Bad").chmod(0)


@pytest.mark.parametrize(
    ("make", "lines"),
    [
        pytest.param(lambda: None, ["Bad: there is no such file or folder"], id="nothing"),
        pytest.param(_folder, [], id="an empty folder"),
        pytest.param(
            lambda: os.mkfifo("Bad"),
            ['Bad: this is a named pipe, not a file; give "-" to read standard input'],
            id="FIFO",
        ),
        pytest.param(_socket, ["Bad: this is a socket, not a file"], id="socket"),
        pytest.param(_unreadable, ["Bad: no permission to read it"], id="unreadable"),
        pytest.param(
            _unreadable_folder, ["Bad: the folder cannot be read: no permission to read it"], id="unreadable folder"
        ),
        pytest.param(
            lambda: os.symlink("/dev/zero", "Bad"),
            ['Bad: this is a device, not a file; give "-" to read standard input'],
            id="device",
        ),
        pytest.param(lambda: os.symlink("Bad", "Bad"), ["Bad: the symbolic link leads back to itself"], id="loop"),
        pytest.param(lambda: os.symlink("gone", "Bad"), ["Bad: the symbolic link leads nowhere"], id="dangling link"),
    ],
)
def test_what_is_no_file(make: Callable[[], object], lines: list[str]) -> None:
    make()
    try:
        assert check_beside_good_files("Bad") == (2 if lines else 1, lines)
    finally:
        if Path("Bad").is_dir():
            Path("Bad").chmod(0o700)


def test_in_a_folder_what_is_no_file_is_passed_over() -> None:
    os.mkfifo("Dockerfile.fifo")
    Path("Dockerfile.d").mkdir()
    Path("Dockerfile.link").symlink_to("Dockerfile.link")
    write("Dockerfile")
    status, output, errors = run_process("check", "--format", "json", timeout=20)
    assert (status, errors) == (1, "")
    assert in_short(json.loads(output)) == ["Dockerfile:2 warning PIP001"]


def test_control_characters_never_reach_the_terminal() -> None:
    name = "\x1b[31mbad\x07\n.dockerfile"
    Path(name).write_bytes(START + b"RUN pip install \x1b]0;x\x07 a\x9b1m\n\x1b[2JWRONG \r b\n")
    for arguments in ([], ["--quiet"], ["--format", "github"], ["--format", "json"], ["--format", "sarif"]):
        status, output, errors = run_process("check", *arguments)
        assert (status, errors) == (2, "")
        assert not set(output) & ({chr(code) for code in (*range(32), *range(127, 160))} - {"\n"})


FORGED = "a\n::error::forged\x1b[31m\u202e"


def _in_the_folder(content: str = BROKEN) -> None:
    write(f"{FORGED}/Dockerfile", content)


@pytest.mark.parametrize(
    ("prepare", "arguments"),
    [
        pytest.param(_in_the_folder, ["check", "--diff"], id="an error of a file"),
        pytest.param(_in_the_folder, ["check", "-f", "junit"], id="an error of a file in XML"),
        pytest.param(lambda: _in_the_folder(BAD), ["check", "-f", "junit"], id="a finding in XML"),
        pytest.param(lambda: None, ["check", f"{FORGED}.yaml"], id="a path that is not there"),
        pytest.param(lambda: Path(FORGED).mkdir(), ["check", FORGED], id="a folder without any"),
        pytest.param(lambda: None, ["check", "--config", FORGED], id="a configuration that is not there"),
        pytest.param(
            lambda: write(".layerlint.yaml", f"{json.dumps(FORGED)}: 1\nselect: {json.dumps(FORGED)}\n"),
            ["check"],
            id="a key and a value of the configuration",
        ),
        pytest.param(
            lambda: write("base.json", baseline_text([Entry(FORGED, FORGED, "x:1")])),
            ["check", "--baseline", "base.json", "--statistics"],
            id="entries of a baseline",
        ),
        pytest.param(lambda: None, ["check", "--write-baseline", f"{FORGED}.json"], id="a baseline that is written"),
        pytest.param(lambda: None, ["check", "--write-baseline", f"{FORGED}/x"], id="a baseline that cannot be"),
        pytest.param(lambda: None, ["explain", FORGED], id="a rule that there is not"),
    ],
)
def test_no_name_begins_a_line_of_its_own(prepare: Callable[[], object], arguments: list[str]) -> None:
    write("Dockerfile")
    prepare()
    _, output, errors = run(*arguments)
    for line in (output + errors).splitlines():
        assert not line.lstrip().startswith("::")
    assert "forged" in output + errors
    assert "\x1b" not in output + errors
    assert "\u202e" not in output + errors


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# layerlint: ignore=A\nRUN x\n", id="one for each instruction"),
        pytest.param("# layerlint: ignore=A\n", id="all in a row"),
        pytest.param("# hadolint stage ignore=A\nFROM a\n", id="one for each stage"),
        pytest.param("# layerlint: ignore-file=A\nRUN x\n", id="all for the file"),
    ],
)
def test_suppressions_take_time_that_grows_with_their_number(text: str) -> None:
    works = []
    for count in (2_000, 16_000):
        text_of_rule = text.replace("=A", "=TST001")
        dockerfile = parse(Source("Dockerfile", b"FROM a\n" + text_of_rule.encode() * count))
        findings = [
            Finding("TST001", "x", Severity.INFO, "x", instruction.span, None)
            for instruction in dockerfile.instructions
        ]
        works.append(partial(suppress, dockerfile, findings, RuleNames(RULES), {"TST001"}))
    few, many = works
    # The shortest of several: what else the machine does only makes one longer.
    limit = 30 * max(min(seconds_of(few) for _ in range(3)), 0.005)
    assert any(seconds_of(many) < limit for _ in range(3))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b":", id="a builtin"),
        pytest.param(b"B=$a", id="an assignment"),
        pytest.param(b"x", id="a program"),
        pytest.param(b"x" + b" a" * 15_000, id="a program with many words"),
        pytest.param(b"x" + b" $a" * 15_000, id="a program with many variables"),
        pytest.param(b"B=" + b"b" * 30_000 + b"; x $B$B", id="long values"),
        pytest.param(b"sh -c '" + b"x;" * 15_000 + b"'", id="a shell with a script"),
        pytest.param(b"eval '" + b"x $a;" * 7_000 + b"'", id="a script with variables"),
        pytest.param(b"[ $a = 1 ] && x", id="a question"),
        pytest.param(b"x $(x)", id="a substitution"),
        pytest.param(b"f() { x; x; }; f; f", id="a function"),
    ],
)
def test_loops_in_one_another_end_soon(body: bytes) -> None:
    content = START + b"ARG " + b" ".join(b"a%d=1" % number for number in range(1_000)) + b"\n" + LOOPS % body
    assert seconds_of(lambda: check(content.decode())) < 5  # it is one where nothing else runs


def seconds_of(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
