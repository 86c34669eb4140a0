"""A run imports what it uses and nothing else: most of a small run is imports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program import BAD, run_process, unmeasured, write

# What takes milliseconds, and what only some runs need.
HEAVY = (
    "argparse", "concurrent", "configparser", "email", "fractions", "hashlib", "http", "multiprocessing",
    "pathspec", "pydantic", "pydantic_core", "rich", "socket", "ssl", "tomllib", "typing_extensions", "xml", "yaml",
    "layerlint.authoring.explain", "layerlint.documents.positions", "layerlint.documents.toml_positions",
    "layerlint.documents.validation", "layerlint.documents.yaml_reader", "layerlint.edits.appending",
    "layerlint.edits.environment", "layerlint.edits.mounts", "layerlint.fixing.fixer", "layerlint.globs.file_globs",
    "layerlint.library", "layerlint.reporters.github", "layerlint.reporters.json_report", "layerlint.reporters.patch",
    "layerlint.reporters.sarif", "layerlint.rules.checks.checked", "layerlint.rules.checks.condition_checks",
    "layerlint.rules.checks.file_checks", "layerlint.rules.facts.part_conditions", "layerlint.rules.facts.part_facts",
    "layerlint.rules.facts.parts", "layerlint.rules.files.packages", "layerlint.rules.fixes.command_fixes",
    "layerlint.rules.fixes.environment_fixes", "layerlint.rules.fixes.mount_fixes",
    "layerlint.rules.regular_expressions.expression", "layerlint.run.processes", "layerlint.suppression.comments",
    "layerlint.system.output_file", "layerlint.system.write_back",
)  # fmt: skip
COMPILER = "layerlint.rules.checks.checked"
PROGRAM = """
import sys
sys.argv = ["layerlint", *sys.argv[1:]]
from layerlint.cli import commands
try:
    commands.main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def compiled_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled rules that a run before has left, where no other test's are kept."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "Dockerfile").write_text(BAD)
    assert COMPILER in _imported(folder / "cache", "check", str(folder / "Dockerfile"))
    return folder / "cache"


@pytest.fixture
def imported(compiled_rules: Path) -> Callable[..., set[str]]:
    """What gives every module that a run with these arguments imports, as it finds its rules compiled."""

    def run_once(*arguments: str) -> set[str]:
        modules = _imported(compiled_rules, *arguments)
        assert COMPILER not in modules
        return modules

    return run_once


def _imported(cache: Path, *arguments: str) -> set[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    variables = unmeasured(LAYERLINT_CACHE_DIR=str(cache))
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    modules = set(done.stderr.split())
    assert "layerlint.cli.commands" in modules
    return modules


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
def test_a_plain_run_imports_nothing_heavy(imported: Callable[..., set[str]], arguments: tuple[str, ...]) -> None:
    assert sorted(imported(*arguments).intersection(HEAVY)) == []


def test_a_file_without_a_tool_needs_no_shell(imported: Callable[..., set[str]]) -> None:
    write("Dockerfile", "FROM alpine\nCOPY . .\n")
    assert sorted(name for name in imported("check") if name.startswith("tree_sitter")) == []


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("check", "--help")], ids=" ".join)
def test_what_only_prints_imports_no_linter(imported: Callable[..., set[str]], arguments: tuple[str, ...]) -> None:
    assert sorted(imported(*arguments).intersection({*HEAVY, "layerlint.run.check", "layerlint.rules"})) == []


def test_a_format_imports_its_own_reporter_alone(imported: Callable[..., set[str]]) -> None:
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
def test_a_configuration_needs_the_reader_of_its_own_form_alone(
    imported: Callable[..., set[str]], name: str, text: str, other: str
) -> None:
    write(name, text)
    modules = imported("check")
    assert "layerlint.documents.validation" in modules
    assert other not in modules


def test_without_a_cache_it_works_all_the_same() -> None:
    status, output, errors = run_process("check", "-q", LAYERLINT_NO_CACHE="1")
    assert (status, output.count("PIP001"), errors) == (1, 1, "")
