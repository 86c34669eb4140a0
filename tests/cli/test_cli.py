"""The program as a user runs it."""

# ruff: noqa: E501, ISC004

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layerlint import linting
from layerlint.cli.choices import Format
from layerlint.finding import FileReport
from layerlint.reporters import FORMATS
from layerlint.source.source import Source
from layerlint.version import VERSION
from tests.program import ALL_RULES, BAD, BROKEN, MOUNTED, check, run, write

CLEAN = "FROM python:3.12\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        pytest.param(CLEAN, [], 0, id="clean"),
        pytest.param(BAD, [], 1, id="a warning"),
        pytest.param(BAD, ["--fail-on", "error"], 0, id="a warning, errors fail"),
        pytest.param(BAD, ["--fail-on", "warning"], 1, id="a warning, warnings fail"),
        pytest.param(BAD, ["--fail-on", "info"], 1, id="a warning, everything fails"),
        pytest.param(MOUNTED, [], 0, id="an info"),
        pytest.param(MOUNTED, ["--fail-on", "info"], 1, id="an info, everything fails"),
        pytest.param(BAD, ["--rules", "extra.yaml", "--fail-on", "error"], 1, id="an error, errors fail"),
        pytest.param(BAD, ["--rules", "extra.yaml", "--fail-on", "never"], 0, id="an error, nothing fails"),
        pytest.param(BROKEN, ["--fail-on", "never"], 2, id="a broken file is an error all the same"),
        pytest.param(BAD, ["--fix"], 0, id="all fixed"),
        pytest.param(BAD, ["--fix", "--rules", "extra.yaml"], 1, id="not all fixed"),
        pytest.param(BROKEN, ["--fix"], 2, id="a broken file is not fixed"),
        pytest.param(BAD, ["--diff"], 1, id="diff of something"),
        pytest.param(CLEAN, ["--diff"], 0, id="diff of nothing"),
        pytest.param(BAD, ["nope"], 2, id="no such path"),
        pytest.param(BAD, ["--ignore", "PIP001"], 0, id="ignored"),
        pytest.param(BAD, ["--ignore", "PIP"], 0, id="ignored by prefix"),
        pytest.param(BAD, ["--ignore", "LL001, DL3042"], 0, id="ignored by alias, with a comma"),
        pytest.param(BAD, ["--select", "LL001"], 0, id="not selected"),
        pytest.param(BAD, ["--select", "LL,PIP002", "--select", "PIP001"], 1, id="selected, with commas and twice"),
        pytest.param("# layerlint: ignore-file=PIP001\n" + BAD, [], 0, id="suppressed"),
        pytest.param(BAD.replace("RUN", "# hadolint ignore=DL3042\nRUN"), [], 0, id="suppressed for hadolint"),
        pytest.param(BAD, ["--exclude", "Dockerfile"], 0, id="excluded"),
        pytest.param(BAD, ["Dockerfile", "--exclude", "Dockerfile"], 1, id="excluded, but named"),
        pytest.param(BAD, ["Dockerfile", "--exclude", "*", "--force-exclude"], 0, id="excluded, though named"),
    ],
)  # fmt: skip
def test_status(text: str, arguments: list[str], status: int) -> None:
    write("Dockerfile", text)
    write("extra.yaml", ALL_RULES)
    assert run("check", *arguments)[0] == status


def test_the_formats_are_those_that_can_be_made() -> None:
    assert tuple(Format) == FORMATS


def crash_on(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], name: str) -> None:
    """Make the linter do `act` to files of a name. Forked processes do it too."""
    real = linting.lint

    def lint(source: Source, *others: Any) -> FileReport:
        if source.path.endswith(name):
            act()
        return real(source, *others)

    monkeypatch.setattr(linting, "lint", lint)


def test_one_bad_file_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a/Dockerfile")
    write("b/Dockerfile", BROKEN)
    write("c/Dockerfile")
    write("d/Dockerfile")
    crash_on(monkeypatch, lambda: list[int]()[1], "c/Dockerfile")
    status, lines, summary = check("nope", ".")
    assert status == 2
    assert lines[:5] == [
        "a/Dockerfile:2 warning PIP001",
        "d/Dockerfile:2 warning PIP001",
        "nope: there is no such file or folder",
        "b/Dockerfile: There is no instruction `WRONG`.",
        lines[4],
    ]
    assert re.fullmatch(
        r"c/Dockerfile: internal error \(IndexError: list index out of range at test_cli.py:\d+\); please report it with this file",
        lines[4],
    )
    assert summary == {"files": 3, "findings": 2, "fixed": 0, "errors": 3}


def test_a_process_that_dies_takes_one_file_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        write(f"{number}/Dockerfile", BAD * (number % 3) or CLEAN)
    alone = check("--exclude", "17/")
    crash_on(monkeypatch, lambda: os._exit(9), "17/Dockerfile")
    status, lines, summary = check("--jobs", "2")
    died = "17/Dockerfile: internal error (the process that read it died, status 9); please report it with this file"
    assert (status, lines) == (2, [*alone[1], died])
    assert summary == alone[2] | {"errors": 1}


@pytest.mark.parametrize("arguments", [*(["--format", name] for name in FORMATS), ["--diff"], ["--fix"], ["--statistics", "--quiet"]], ids=str)  # fmt: skip
def test_output_is_the_same_whatever_the_number_of_processes(arguments: list[str]) -> None:
    outputs = []
    for jobs in ("1", "2", "3"):
        for number in range(60):
            write(f"{number}/Dockerfile", [BAD, CLEAN, BROKEN, MOUNTED, BAD + "RUN pip download b\n"][number % 5])
        outputs.append(run("check", *arguments, "--jobs", jobs))
    assert outputs[0] == outputs[1] == outputs[2]
    assert outputs[0][1]


def test_real_files_too(corpus: list[Path]) -> None:
    paths = [str(path) for path in corpus[::5]]
    reports = []
    for jobs in ("1", "2"):
        outputs = [argument for name in FORMATS for argument in ("--output", f"{name}={name}")]
        assert run("check", "--jobs", jobs, *outputs, *paths)[0] in (1, 2)
        reports.append({name: Path(name).read_bytes() for name in FORMATS})
    assert reports[0] == reports[1]
    assert all(reports[0].values())


CONFIGURED = [
    pytest.param("fail-on: error\n", [], 0, id="fail-on"),
    pytest.param("fail-on: error\n", ["--fail-on", "info"], 1, id="fail-on: the command line wins"),
    pytest.param("ignore: [PIP]\n", [], 0, id="ignore"),
    pytest.param("ignore: [PIP]\n", ["--select", "PIP001"], 1, id="ignore: the command line wins"),
    pytest.param("ignore: [PIP]\n", ["--isolated"], 1, id="isolated"),
    pytest.param("ignore: [PIP]\n", ["--config", "../other.yaml"], 1, id="another configuration"),
    pytest.param("severity: {PIP001: info}\n", [], 0, id="severity"),
    pytest.param("severity: {PIP001: error}\n", ["--fail-on", "error"], 1, id="severity: up"),
    pytest.param("severity: {PIP001: off}\n", [], 0, id="off"),
    pytest.param("per-file-ignores: {'Dockerf*': [PIP001]}\n", [], 0, id="per-file-ignores"),
    pytest.param("per-file-ignores: {'*.x': [PIP001]}\n", [], 1, id="per-file-ignores of others"),
    pytest.param("exclude: ['Dockerfile']\n", [], 0, id="exclude"),
    pytest.param("rules: [extra.yaml]\nselect: [XTR001]\nfail-on: error\n", [], 1, id="rules"),
]


@pytest.mark.parametrize(("config", "arguments", "status"), CONFIGURED)
def test_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, arguments: list[str], status: int
) -> None:
    write("project/Dockerfile")
    write("project/.layerlint.yaml", config)
    write("project/extra.yaml", ALL_RULES)
    write("other.yaml", "select: [PIP]\n")
    monkeypatch.chdir(tmp_path / "project")
    assert run("check", *arguments)[0] == status


def test_every_file_has_the_configuration_nearest_to_it() -> None:
    write("a/Dockerfile")
    write("a/pyproject.toml", "[tool.layerlint]\nfail-on = 'never'\nseverity = { PIP001 = 'error' }\n")
    write("b/Dockerfile")
    write("b/.layerlint.yaml", "ignore: [PIP001]\n")
    assert check()[:2] == (0, ["a/Dockerfile:2 error PIP001"])


@pytest.mark.parametrize("severity", ["info", "warning", "error"])
def test_a_severity_that_was_chosen_holds_in_stages_that_are_not_in_the_image_too(severity: str) -> None:
    write("Dockerfile", BAD + "FROM scratch\n")
    assert check()[1] == ["Dockerfile:2 info PIP001"]
    write(".layerlint.yaml", f"severity: {{PIP001: {severity}}}\n")
    assert check()[1] == [f"Dockerfile:2 {severity} PIP001"]


def test_mistakes_stop_the_run_before_any_file_is_read_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a/Dockerfile")
    write("a/.layerlint.yaml", "selct: []\n")
    write("b/Dockerfile")
    write("b/pyproject.toml", "[tool.layerlint]\nignore = ['PIP01']\n")
    write("c/Dockerfile")
    crash_on(monkeypatch, lambda: os._exit(9), "Dockerfile")
    status, output, errors = run("check", "--select", "PIPP", "--ignore", "")
    assert (status, output) == (2, "")
    assert errors == (
        'a/.layerlint.yaml:1:1: error: unknown key "selct"\n'
        "  known keys: select, ignore, severity, per-file-ignores, fail-on, rules, exclude, fix-with, unsafe-fixes, images, baseline\n"
        '  help: did you mean "select"?\n'
        'layerlint: error: --select: unknown rule "PIPP"\n'
        "  no rule has this id, name, alias or prefix\n"
        '  help: did you mean "PIP"?\n'
        'layerlint: error: --ignore: unknown rule ""\n'
        "  no rule has this id, name, alias or prefix\n"
        "  help: `layerlint rules` lists them all\n"
        'b/pyproject.toml:2:11: error: unknown rule "PIP01"\n'
        "  no rule has this id, name, alias or prefix\n"
        '  help: did you mean "PIP001"?\n'
    )


def test_a_bad_rule_stops_the_run() -> None:
    write("Dockerfile")
    write("bad.yaml", ALL_RULES.replace("severity: error", "severity: eror"))
    expected = (
        2,
        "",
        'bad.yaml:3:11: error: "severity" cannot be "eror"\n'
        "  it must be one of: info, warning, error\n"
        '  help: did you mean "error"?\n',
    )
    assert run("check", "--rules", "bad.yaml", "--select", "QQ") == expected
    assert run("rules", "--rules", "bad.yaml") == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["check", "--selct", "X"], "--select", id="mistyped option"),
        pytest.param(["chek"], "Did you mean 'check'?", id="mistyped command"),
        pytest.param(["Dockerfile"], "To check a file or folder, write: layerlint check Dockerfile", id="no command"),
        pytest.param(["-"], "To check a file or folder, write: layerlint check -", id="no command, standard input"),
        pytest.param(["check", "--format", "jsn"], "'--format' / '-f': 'jsn' is not one of 'text', 'json'", id="format"),
        pytest.param(["check", "--format", "JSN"], "'markdown'. Did you mean 'json'?\n", id="format, and what was meant"),
        pytest.param(["check", "--color", "x"], "'x' is not one of 'auto', 'always', 'never'.\n", id="far from all"),
        pytest.param(["check", "--fail-on", "bad"], "'bad' is not one of 'error'", id="fail-on"),
        pytest.param(["check", "--jobs", "0"], "'0' is not a whole number from 1 to 256.", id="jobs"),
        pytest.param(["check", "-j", "257"], "'257' is not a whole number from 1 to 256.", id="jobs, too many"),
        pytest.param(["check", "--jobs", "x"], "'x' is not a whole number from 1 to 256.", id="jobs, no number"),
        pytest.param(["explain"], "Missing argument", id="explain what"),
        pytest.param(
            ["check", "--exclude", "!"],
            "layerlint: error: --exclude: one of ! is not a pattern\n  patterns are written as in .gitignore\n",
            id="a pattern that is none",
        ),
        pytest.param(
            ["check", "--fix", "--diff"],
            "layerlint: error: --fix and --diff exclude each other\n  one writes, the other only shows\n",
            id="fix and diff",
        ),
        pytest.param(
            ["check", "--config", "x", "--isolated"],
            "layerlint: error: --config and --isolated exclude each other\n  one reads, the other does not\n",
            id="config and isolated",
        ),
        pytest.param(
            ["check", "--diff", "-f", "json"],
            "layerlint: error: --diff and --format json exclude each other\n  --diff prints a patch\n  help: leave one out\n",
            id="diff and format",
        ),
        pytest.param(
            ["check", "-o", "Dockerfile"],
            "Dockerfile: error: the output is one of the inputs\n"
            "  this file is to be checked, and the output would take its place\n  help: give another --output\n",
            id="output over input",
        ),
        pytest.param(
            ["check", "-o", "a/b"],
            "a/b: error: the output cannot be written\n  there is no such file or folder\n",
            id="output nowhere",
        ),
        pytest.param(
            ["check", "--config", "nope\x1b[31m.yaml"],
            "nope␛[31m.yaml: error: the configuration cannot be read\n  there is no such file or folder\n",
            id="no such configuration",
        ),
        pytest.param(
            ["check", "--config", "pyproject.toml"],
            "pyproject.toml: error: the configuration says nothing of layerlint\n"
            "  there is no table [tool.layerlint] in it\n  help: name another\n",
            id="a configuration without the table",
        ),
        pytest.param(
            ["check", "--stdin-filename", "x"],
            "layerlint: error: --stdin-filename without -\n  it is what standard input is called, and only - reads that\n"
            "  help: write: layerlint check - --stdin-filename PATH\n",
            id="the name of standard input without it",
        ),
        pytest.param(
            ["explain", "PIP01"],
            'layerlint: error: unknown rule "PIP01"\n  no rule has this id, name, alias or prefix\n  help: did you mean "PIP001"?\n',
            id="unknown rule",
        ),
        *(
            pytest.param(
                arguments,
                f'{option}unknown rule "DL304"\n  prefixes are those of layerlint\'s own ids, and this begins aliases\n'
                "  help: write them out: DL3040, DL3042\n",
                id=f"a prefix of aliases: {arguments[0]}",
            )
            for arguments, option in ((["explain", "DL304"], ""), (["check", "--ignore", "DL304"], "--ignore: "))
        ),
    ],
)  # fmt: skip
def test_wrong_use(arguments: list[str], message: str) -> None:
    write("Dockerfile")
    write("pyproject.toml", "[tool.other]\n")
    status, output, errors = run(*arguments)
    assert (status, output) == (2, "")
    assert errors.endswith(message) if message.endswith("\n") else message in errors
    assert Path("Dockerfile").read_text() == BAD


def test_nothing_to_check_is_said() -> None:
    status, output, errors = run("check")
    assert (status, output) == (0, "There was no file to check.\n")
    assert errors == "layerlint: no Dockerfile in .\n"
    assert run("check", "--quiet") == (0, "", "")


def test_output_file() -> None:
    write("Dockerfile")
    printed = run("check")
    assert run("check", "-o", "out", FORCE_COLOR="") == (1, "", "")
    assert (1, Path("out").read_text(), "") == printed


@pytest.mark.parametrize(
    ("arguments", "extra", "colored"),
    [
        pytest.param([], {}, False, id="no terminal"),
        pytest.param(["--color", "always"], {}, True, id="always"),
        pytest.param([], {"FORCE_COLOR": "1"}, True, id="FORCE_COLOR"),
        pytest.param(["--color", "never"], {"FORCE_COLOR": "1"}, False, id="never"),
        pytest.param([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="NO_COLOR"),
    ],
)
def test_color(arguments: list[str], extra: dict[str, str], colored: bool) -> None:
    write("Dockerfile")
    assert ("\x1b[" in run("check", *arguments, **extra)[1]) is colored


def test_help_and_version() -> None:
    for arguments in ([], ["-h"], ["--help"]):
        status, output, errors = run(*arguments)
        assert (status, errors) == (0, "")
        assert output.startswith("Usage: layerlint [OPTIONS] COMMAND [ARGS]...\n")
        assert not [line for line in output.splitlines()[1:] if line.endswith("...")]  # a summary that is cut off
    assert run("--version") == (0, f"layerlint {VERSION}\n", "")
    status, output, _ = run("check", "-h")
    documented = (
        "--format --output --fix --diff --select --ignore --fail-on --config --isolated --rules --jobs --quiet "
    )
    documented += "--baseline --no-baseline --write-baseline --add-ignores --changed-since"
    for option in documented.split():
        assert option in output


def test_the_version_is_that_of_the_package() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert f'version = "{VERSION}"' in project
