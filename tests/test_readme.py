"""Every block of the README, run."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from layerlint.config.file import Configurations
from layerlint.config.settings import Overrides, SettingsTable
from layerlint.linting import lint
from layerlint.reporters import FORMATS
from layerlint.rules.loading import load
from layerlint.rules.selection import select
from layerlint.source.source import Source
from layerlint.version import VERSION
from tests.readme import README, block, blocks, last_lines, printed_by
from tests.scratch import (
    PROJECT,
    clean_environment,
    copy_project,
    fresh_python,
    git_repository,
    program,
    run,
    run_script,
)
from tests.workflow import Job

INSTALL = block("sh", "pip install .")
SUITE = block("sh", "pytest")
USE = block("sh", "layerlint explain")
LAST_LINES = block("text", "exit status")
PRE_COMMIT = block("yaml", "repos:")
WORKFLOW = block("yaml", "jobs:")
GITLAB_JOB = block("yaml", "artifacts:")
YAML_CONFIGURATION = block("yaml", "# .layerlint.yaml")
TOML_CONFIGURATION = block("toml", "# pyproject.toml")
SUPPRESSION = block("dockerfile", "hadolint ignore")

LIBRARY = block("python", "layerlint.check")
ADOPTION = block("sh", "--write-baseline")
OWN_RULE = block("yaml", "# TEAM001.yaml")
OWN_RULE_USED = block("sh", "rules test TEAM001.yaml")

GITLAB_SCHEMA = json.loads((PROJECT / "tests" / "reporters" / "published" / "gitlab.schema.json").read_text())

CONSOLES = [each for each in blocks() if each.language == "console"]

BAD = "FROM python:3.13-slim\nRUN pip install flask\n"
GOOD = "FROM python:3.13-slim\nRUN pip install --no-cache-dir flask\n"
STALE = "if the change is meant: python -m tests.readme"


def test_no_block_is_left_out() -> None:
    named = [INSTALL, SUITE, USE, LAST_LINES, PRE_COMMIT, WORKFLOW, YAML_CONFIGURATION, TOML_CONFIGURATION, SUPPRESSION]
    named += [LIBRARY, ADOPTION, GITLAB_JOB, OWN_RULE, OWN_RULE_USED]
    assert Counter([*named, *(each.text for each in CONSOLES)]) == Counter(each.text for each in blocks())


@pytest.mark.parametrize("text", [pytest.param(each.text, id=f"line {each.line}") for each in CONSOLES])
def test_a_command_prints_what_stands_below_it(text: str) -> None:
    command, _, output = text.partition("\n")
    assert output == printed_by(command.removeprefix("$ ")), STALE


def test_the_end_of_what_the_installation_prints() -> None:
    assert last_lines(printed_by("layerlint check examples") + "exit status 1\n") == LAST_LINES, STALE


@pytest.mark.network
def test_the_installation_works_in_a_clone(tmp_path: Path) -> None:
    done = run_script(INSTALL, cwd=copy_project(tmp_path / "clone"), environment=clean_environment(COLUMNS="80"))
    assert done.returncode == 0, done.stdout
    assert last_lines(done.stdout) == LAST_LINES


def test_the_library_prints_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(LIBRARY, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("PIP001 2 `pip install` leaves pip's cache in this layer")


def test_continuous_integration_runs_the_test_block_word_for_word() -> None:
    """It is not run here: it runs this test."""
    assert SUITE in (PROJECT / ".ci" / "run").read_text()


@pytest.fixture
def with_program(tmp_path: Path) -> dict[str, str]:
    """An environment in which `layerlint` is this one."""
    programs = program(tmp_path / "programs").parent
    return clean_environment(PATH=os.pathsep.join([str(programs), os.environ["PATH"]]))


@pytest.mark.parametrize(
    "command", [pytest.param(line, id=line.partition("#")[0].strip()) for line in USE.splitlines()]
)
def test_the_commands_of_the_section_on_use(command: str, tmp_path: Path, with_program: dict[str, str]) -> None:
    project = copy_project(tmp_path / "project")
    done = run_script(command, cwd=project, environment=with_program)
    words = command.partition("#")[0].split()
    finds = words[1] == "check" and not {"--fail-on", "--fix"} & set(words)
    assert done.returncode == int(finds), done.stdout
    assert done.stdout


def test_the_table_of_formats_has_them_all() -> None:
    section = README.read_text(encoding="utf-8").partition("### Formats\n")[2].partition("\n### ")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == FORMATS
    for link in re.findall(r"\]\(([^)]+)\)", section):
        assert (PROJECT / link).is_file()


def test_the_commands_of_the_section_on_repositories_that_have_findings(
    tmp_path: Path, with_program: dict[str, str]
) -> None:
    project = git_repository(copy_project(tmp_path / "project"))
    run("git", "branch", "--move", "main", cwd=project).check_returncode()

    def status(script: str) -> int:
        return run_script(script, cwd=project, environment=with_program).returncode

    assert status("layerlint check") == 1
    done = run_script(ADOPTION, cwd=project, environment=with_program)
    assert done.returncode == 0, done.stdout
    assert "in the baseline" in done.stdout
    assert "no Dockerfile changed since main" in done.stdout
    assert "Wrote 14 comments" in done.stdout
    run("git", "checkout", "--", "examples", cwd=project).check_returncode()
    assert "baseline: layerlint-baseline.json" in README.read_text()
    (project / ".layerlint.yaml").write_text("baseline: layerlint-baseline.json\n")
    assert (status("layerlint check"), status("layerlint check --no-baseline")) == (0, 1)


def test_the_rule_that_it_writes(tmp_path: Path, with_program: dict[str, str]) -> None:
    section = README.read_text(encoding="utf-8").partition("## Write a rule\n")[2].partition("\n## ")[0]
    assert section.count("\n") < 40
    project = copy_project(tmp_path / "project")
    (project / "TEAM001.yaml").write_text(OWN_RULE)
    tested, checked = OWN_RULE_USED.splitlines()
    done = run_script(tested, cwd=project, environment=with_program)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 rule, 2 examples: 2 as expected.")
    done = run_script(checked, cwd=project, environment=with_program)
    assert done.returncode == 1
    assert "error TEAM001 `python:3.13-slim` is not from registry.example" in done.stdout
    done = run_script("layerlint rules new TEAM002", cwd=project, environment=with_program)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The project as a git repository with the tag that the README speaks of."""
    repository = git_repository(copy_project(tmp_path / "layerlint"))
    assert run("git", "tag", f"v{VERSION}", cwd=repository).returncode == 0
    return repository


def with_redirect(repository: Path, tmp_path: Path, **extra: str) -> dict[str, str]:
    """An environment in which git takes `repository` for the one that the README names."""
    git = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/OWNER/layerlint",
    }
    return clean_environment(PRE_COMMIT_HOME=str(tmp_path / "cache"), **git, **extra)


@pytest.mark.network
def test_the_pre_commit_block_stops_a_commit(repository: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / ".pre-commit-config.yaml").write_text(PRE_COMMIT)
    git_repository(project)
    programs = fresh_python(tmp_path / "environment", ["pre-commit"])
    environment = with_redirect(repository, tmp_path)
    assert run(programs / "pre-commit", "install", cwd=project, environment=environment).returncode == 0

    def commit(content: str) -> tuple[int, str]:
        (project / "app.dockerfile").write_text(content)
        run("git", "add", "--all", cwd=project, environment=environment).check_returncode()
        done = run("git", "commit", "--message", "Change it", cwd=project, environment=environment)
        return done.returncode, done.stdout

    status, output = commit(BAD)
    assert status == 1, output
    assert "app.dockerfile:2:5: warning PIP001 " in output
    status, output = commit(GOOD)
    assert status == 0, output


@pytest.mark.network
def test_the_workflow_fails_and_uploads_a_report(repository: Path, tmp_path: Path) -> None:
    workflow: dict[Any, Any] = yaml.safe_load(WORKFLOW)
    steps = workflow["jobs"]["layerlint"]["steps"]
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}
    assert "pull_request" in workflow[True], "YAML reads `on` as a boolean"

    project = tmp_path / "project"
    (project / "service").mkdir(parents=True)
    name, _, tag = steps[-1]["uses"].partition("@")
    action = tmp_path / "action"
    environment = with_redirect(repository, tmp_path)
    clone = ("git", "clone", "--quiet", "--branch", tag, f"https://github.com/{name}", action)
    run(*clone, cwd=tmp_path, environment=environment).check_returncode()
    answers = {"actions/setup-python": {"python-path": sys.executable}}
    (project / "service" / "Dockerfile").write_text(BAD)
    job = Job(project, tmp_path, environment, {steps[-1]["uses"]: action}, answers)
    assert job.run(steps).failed, job.log
    (annotation,) = job.commands()
    assert ",file=service/Dockerfile,line=2," in annotation[1]
    checkout, _, (uploader, given) = job.noted
    assert checkout == ("actions/checkout", {"persist-credentials": "False"})
    assert uploader == "github/codeql-action/upload-sarif"
    (sarif,) = json.loads(Path(given["sarif_file"]).read_text())["runs"]
    assert [result["ruleId"] for result in sarif["results"]] == ["PIP001"]


@pytest.mark.network
def test_the_gitlab_job_fails_and_leaves_a_code_quality_report(repository: Path, tmp_path: Path) -> None:
    job = yaml.safe_load(GITLAB_JOB)["layerlint"]
    assert job["artifacts"]["when"] == "always"
    path = os.pathsep.join([str(fresh_python(tmp_path / "environment")), os.environ["PATH"]])
    environment = with_redirect(repository, tmp_path, PATH=path)
    project = tmp_path / "project"
    (project / "service").mkdir(parents=True)
    for content, rules in ((BAD, ["PIP001"]), (GOOD, [])):
        (project / "service" / "Dockerfile").write_text(content)
        done = run_script("\n".join(job["script"]), cwd=project, environment=environment)
        assert done.returncode == len(rules), done.stdout
        report = json.loads((project / job["artifacts"]["reports"]["codequality"]).read_text())
        jsonschema.validate(report, GITLAB_SCHEMA)
        assert [each["check_name"] for each in report] == rules


@pytest.mark.parametrize(
    ("name", "text"), [(".layerlint.yaml", YAML_CONFIGURATION), ("pyproject.toml", TOML_CONFIGURATION)]
)
def test_the_configurations_are_read(name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)
    configurations = Configurations(file=None, isolated=False)
    found = configurations.above(str(tmp_path))
    assert found is not None
    assert found.path == name
    assert list(found.selectors())
    settings = SettingsTable(configurations, Overrides())
    settings.of(str(tmp_path / "Dockerfile"))
    settings.check()
    assert configurations.excludes(str(tmp_path / "vendor"), True)


def test_the_suppressions_suppress() -> None:
    rules = load()
    selection = select(rules.names, ())

    def found(text: str) -> list[str]:
        return [finding.rule for finding in lint(Source("Dockerfile", text.encode()), rules, selection).findings]

    assert found(SUPPRESSION) == []
    without = "".join(line for line in SUPPRESSION.splitlines(keepends=True) if not line.startswith("#"))
    assert found(without) == ["PIP001", "PIP001"]
    for comment in ("# layerlint: ignore-file=PIP001", "# hadolint global ignore=DL3042"):
        assert comment in (PROJECT / "README.md").read_text()
        assert found(f"{comment}\n{without}") == []
