"""The action, its shell run as GitHub's runner does it."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.program import BAD, BROKEN, FIXED
from tests.scratch import PROJECT, copy_project, program
from tests.workflow import Job, runner_environment

ACTION: dict[str, Any] = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
INPUTS: dict[str, str] = {name: each["default"] for name, each in ACTION["inputs"].items()}
CHECK = next(number for number, step in enumerate(STEPS) if step.get("id") == "check")


def test_no_input_stands_in_the_text_of_a_shell() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        assert ("run" in step) == ("shell" in step) == ("uses" not in step)


def test_every_input_is_used_and_described() -> None:
    text = json.dumps(ACTION["runs"])
    assert {name for name in INPUTS if f"inputs.{name}" not in text} == set()
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(INPUTS)
    for each in [*ACTION["inputs"].values(), *ACTION["outputs"].values()]:
        assert each["description"]
        assert not each["description"].endswith(".")


def test_other_actions_are_those_of_one_commit() -> None:
    lines = [line for line in (PROJECT / "action.yml").read_text().splitlines() if "uses:" in line]
    assert len(lines) == 2
    for line in lines:
        assert re.fullmatch(r" *uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job in an empty folder."""
    (tmp_path / "my project").mkdir()
    return Job(tmp_path / "my project", tmp_path, runner_environment())


def check(job: Job, **inputs: str) -> tuple[bool, dict[str, str]]:
    """Run what follows the installation: whether it failed, and the outputs."""
    path = shutil.which("layerlint", path=job.scratch / "programs") or program(job.scratch / "programs")
    given = {**INPUTS, **{name.replace("_", "-"): value for name, value in inputs.items()}}
    done = job.run(STEPS[CHECK:], given, PROJECT, {"install": {"program": str(path)}})
    return done.failed, done.outputs["check"]


def results(sarif: str) -> list[tuple[str, str]]:
    (run,) = json.loads(Path(sarif).read_text())["runs"]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]]
    return [(each["ruleId"], place) for each, place in zip(run["results"], places, strict=True)]


def test_findings_are_printed_annotated_summed_up_and_uploaded(job: Job) -> None:
    (job.workspace / "Dockerfile").write_text(BAD)
    failed, outputs = check(job)
    assert failed
    assert outputs["exit-status"] == "1"
    assert results(outputs["sarif"]) == [("PIP001", "Dockerfile")]
    assert job.noted == [("github/codeql-action/upload-sarif", {"sarif_file": outputs["sarif"], "category": ""})]
    ((name, properties, message),) = job.commands()
    assert (name, properties.partition(",file=")[2]) == ("warning", "Dockerfile,line=2,endLine=2,col=5,endColumn=16")
    assert message.startswith("`pip install` leaves pip's cache in this layer")
    assert "Dockerfile:2:5: warning PIP001 " in job.log
    assert job.summary.startswith("**layerlint**: 1 finding in 1 file")


def test_two_uploads_of_a_commit_can_be_told_apart(job: Job) -> None:
    (job.workspace / "Dockerfile").write_text(BAD)
    check(job, category="services")
    ((_, given),) = job.noted
    assert given["category"] == "services"


def test_nothing_found_succeeds_and_is_uploaded_too(job: Job) -> None:
    """Code scanning closes alerts that a later report lacks."""
    (job.workspace / "Dockerfile").write_text(FIXED)
    failed, outputs = check(job)
    assert (failed, outputs["exit-status"], results(outputs["sarif"])) == (False, "0", [])
    assert [name for name, _ in job.noted] == ["github/codeql-action/upload-sarif"]
    assert job.commands() == []
    assert "All clear" in job.log


def test_a_file_that_cannot_be_parsed_fails_with_a_report_of_the_others(job: Job) -> None:
    (job.workspace / "Dockerfile").write_text(BAD)
    (job.workspace / "b.dockerfile").write_text(BROKEN)
    failed, outputs = check(job)
    assert (failed, outputs["exit-status"], len(results(outputs["sarif"]))) == (True, "2", 1)
    assert sorted(name for name, _, _ in job.commands()) == ["error", "warning"]


def test_a_wrong_option_fails_and_nothing_is_uploaded(job: Job) -> None:
    failed, outputs = check(job, options="--fail-no=error")
    assert (failed, outputs) == (True, {"exit-status": "2"})
    assert "--fail-no" in job.log
    assert (job.noted, job.summary) == ([], "")


def test_annotations_and_the_upload_can_be_left_out(job: Job) -> None:
    (job.workspace / "Dockerfile").write_text(BAD)
    failed, outputs = check(job, annotations="false", upload_sarif="false")
    assert failed
    assert results(outputs["sarif"])
    assert (job.noted, job.commands()) == ([], [])


def test_paths_and_options_stand_one_a_line(job: Job) -> None:
    for name in ("a b.dockerfile", "--fix", "other"):
        (job.workspace / name).mkdir()
        (job.workspace / name / "Dockerfile").write_text(BAD)
    options = "--fail-on=never\n\n--config=the config.yaml\n"
    (job.workspace / "the config.yaml").write_text("ignore: [LL001]\n")
    failed, outputs = check(job, paths="a b.dockerfile\n\n--fix\n", options=options)
    assert (failed, outputs["exit-status"]) == (False, "0")
    assert results(outputs["sarif"]) == [("PIP001", "a%20b.dockerfile/Dockerfile"), ("PIP001", "--fix/Dockerfile")]
    assert (job.workspace / "--fix" / "Dockerfile").read_text() == BAD


@pytest.mark.parametrize(
    "text",
    [
        "$(touch pwned)",
        "`touch pwned`",
        '"; touch pwned; "',
        "'; touch pwned; '",
        "x\ntouch pwned",
        "${{ inputs.paths }}",
    ],
)
def test_no_input_is_run(job: Job, text: str) -> None:
    for inputs in ({"paths": text}, {"options": text}):
        failed, outputs = check(job, **inputs)
        assert (failed, outputs["exit-status"]) == (True, "2")
    assert list(job.workspace.iterdir()) == []


def test_what_a_file_says_is_no_command_of_the_runner(job: Job) -> None:
    text = "FROM a\nRUN <<EOF\n::error::said by the file\npip install x ##[set-output name=sarif]mine\nEOF\n"
    (job.workspace / "Dockerfile").write_text(text)
    (job.workspace / "b.dockerfile").write_text("FROM a\n::error::said by the file\n")
    check(job)
    assert "##[set-output name=sarif]mine" in job.log, "it is quoted"
    assert [(name, "said by the file" in message) for name, _, message in job.commands()] == [
        ("warning", False),
        ("error", False),
    ]


@pytest.mark.network
def test_it_installs_its_own_version_and_no_module_of_the_folder_that_is_checked(job: Job) -> None:
    action = copy_project(job.scratch / "the action")
    version = action / "src" / "layerlint" / "version.py"
    version.write_text(version.read_text() + '\nVERSION = "9.9.9"\n')
    for name in ("layerlint", "pip", "venv", "ensurepip", "sysconfig", "yaml", "typer"):
        (job.workspace / f"{name}.py").write_text('open("imported", "w")\n')
    (job.workspace / "Dockerfile").write_text(BAD)
    job = replace(job, actions={"./": action}, answers={"actions/setup-python": {"python-path": sys.executable}})
    done = job.run([{"id": "layerlint", "uses": "./", "with": {"options": "--fail-on=error"}}])
    assert not done.failed, job.log
    outputs = done.outputs["layerlint"]
    assert outputs["exit-status"] == "0"
    assert json.loads(Path(outputs["sarif"]).read_text())["runs"][0]["tool"]["driver"]["version"] == "9.9.9"
    assert [name for name, _ in job.noted] == ["actions/setup-python", "github/codeql-action/upload-sarif"]
    assert not (job.workspace / "imported").exists()
