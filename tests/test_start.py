"""A run imports what it uses and nothing else: most of a small run is imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import BAD, run_process, unmeasured, write

# What takes milliseconds, and what only some runs need.
HEAVY = (
    "argparse", "concurrent", "configparser", "email", "fractions", "hashlib", "http", "multiprocessing",
    "pathspec", "pydantic", "pydantic_core", "rich", "socket", "ssl", "tomllib", "typing_extensions", "xml", "yaml",
    "layerlint.edits.appending", "layerlint.edits.environment", "layerlint.edits.mounts", "layerlint.explain",
    "layerlint.fixing", "layerlint.globs", "layerlint.library", "layerlint.output_file", "layerlint.positions",
    "layerlint.processes", "layerlint.reporters.github", "layerlint.reporters.json_report", "layerlint.reporters.patch",
    "layerlint.reporters.sarif", "layerlint.rules.checked", "layerlint.rules.checks",
    "layerlint.rules.command_fixes", "layerlint.rules.environment_fixes", "layerlint.rules.mount_fixes",
    "layerlint.rules.condition_checks", "layerlint.rules.packages", "layerlint.rules.part_conditions",
    "layerlint.rules.part_facts", "layerlint.rules.parts", "layerlint.rules.regular_expression",
    "layerlint.suppressions", "layerlint.toml_positions", "layerlint.validation", "layerlint.write_back",
    "layerlint.yaml_reader",
)  # fmt: skip
PROGRAM = """
import sys
sys.argv = ["layerlint", *sys.argv[1:]]
from layerlint import cli
try:
    cli.main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(*arguments: str) -> set[str]:
    """Every module that a run imports."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    variables = unmeasured(LAYERLINT_CACHE_DIR=str(Path("cache").absolute()))  # where no other test's rules are kept
    for _ in range(2):  # the first one compiles the rules
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert "layerlint.cli" in done.stderr.split()
    return set(done.stderr.split())


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile", BAD)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("check", "Dockerfile"), id="a file"),
        pytest.param(("check",), id="a folder"),
        pytest.param(("check", "-q", "--select", "PIP", "--fail-on", "error", "--color", "never"), id="options"),
        pytest.param(("check", "--jobs", "2", "Dockerfile"), id="a number"),
    ],
)
def test_a_plain_run_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert sorted(imported(*arguments).intersection(HEAVY)) == []


def test_a_file_without_a_tool_needs_no_shell() -> None:
    write("Dockerfile", "FROM alpine\nCOPY . .\n")
    assert sorted(name for name in imported("check") if name.startswith("tree_sitter")) == []


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("check", "--help")], ids=" ".join)
def test_what_only_prints_imports_no_linter(arguments: tuple[str, ...]) -> None:
    assert sorted(imported(*arguments).intersection({*HEAVY, "layerlint.checking", "layerlint.rules"})) == []


def test_a_format_imports_its_own_reporter_alone() -> None:
    reporters = {name for name in imported("check", "--format", "github") if name.startswith("layerlint.reporters.")}
    assert "layerlint.reporters.github" in reporters
    assert not reporters & {"layerlint.reporters.text", "layerlint.reporters.sarif", "layerlint.reporters.json_report"}


@pytest.mark.parametrize(
    ("name", "text", "other"),
    [
        pytest.param("pyproject.toml", '[tool.layerlint]\nignore = ["PIP006"]\n', "yaml", id="TOML"),
        pytest.param(".layerlint.yaml", "ignore: [PIP006]\n", "tomllib", id="YAML"),
    ],
)
def test_a_configuration_needs_the_reader_of_its_own_form_alone(name: str, text: str, other: str) -> None:
    write(name, text)
    modules = imported("check")
    assert "layerlint.validation" in modules
    assert other not in modules


def test_without_a_cache_it_works_all_the_same() -> None:
    status, output, errors = run_process("check", "-q", LAYERLINT_NO_CACHE="1")
    assert (status, output.count("PIP001"), errors) == (1, 1, "")
