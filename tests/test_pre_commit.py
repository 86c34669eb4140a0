from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from layerlint.discovery import is_dockerfile_name
from tests.scratch import PROJECT, clean_environment, copy_project, fresh_python, git_repository, run

HOOKS: list[dict[str, Any]] = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())

BAD = "FROM python:3.13-slim\nRUN pip install flask\n"
GOOD = "FROM python:3.13-slim\nRUN pip install --no-cache-dir flask\n"


def is_taken(path: str) -> bool:
    """Whether pre-commit hands `path` to the hooks: it searches for the pattern."""
    return {re.search(hook["files"], path) is not None for hook in HOOKS} == {True}


def test_both_hooks_take_the_same_files() -> None:
    assert [hook["id"] for hook in HOOKS] == ["layerlint", "layerlint-fix"]
    assert HOOKS[0]["files"] == HOOKS[1]["files"]


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("Dockerfile", True),
        ("dockerfile", True),
        ("DOCKERFILE", True),
        ("Containerfile", True),
        ("Dockerfile.dev", True),
        ("Dockerfile-dev", True),
        ("Dockerfile_dev", True),
        ("Dockerfile.dev.arm64", True),
        ("app.dockerfile", True),
        ("app.Dockerfile", True),
        ("prod-Dockerfile", True),
        ("my_containerfile", True),
        ("a.b.dockerfile.c", True),
        ("Dockerfile.in.dev", True),
        ("Dockerfile.txt", True),
        ("Dockerfile with blanks", False),
        ("a b.dockerfile", True),
        ("größe.dockerfile", True),
        ("Dockerfile.a\nb", True),
        ("Dockerfile\n", False),
        ("Dockerfiles", False),
        ("myDockerfile", False),
        (".dockerfile", False),
        ("Dockerfile.", False),
        (".dockerignore", False),
        ("Dockerfile.dockerignore", False),
        ("dev.Dockerfile.dockerignore", False),
        ("Containerfile.containerignore", False),
        ("Dockerfile.j2", False),
        ("Dockerfile.jinja", False),
        ("Dockerfile.jinja2", False),
        ("Dockerfile.TMPL", False),
        ("Dockerfile.tpl", False),
        ("Dockerfile.template", False),
        ("Dockerfile.erb", False),
        ("Dockerfile.in", False),
        ("docker-compose.yml", False),
        ("README.md", False),
    ],
)
@pytest.mark.parametrize("folder", ["", "deep/er/", "templates.j2/", "Dockerfile.d/"])
def test_the_hooks_take_the_names_that_are_found_in_folders(name: str, taken: bool, folder: str) -> None:
    assert is_dockerfile_name(name) is taken
    assert is_taken(folder + name) is taken


_PARTS = st.sampled_from(
    [
        *".-_ \nxX",
        "Dockerfile",
        "containerfile",
        "dockerFILE",
        ".dockerignore",
        ".j2",
        ".in",
        "in",
        ".Jinja2",
        "\u0131",
        "\u212a",
    ]
)


@given(st.lists(_PARTS, min_size=1, max_size=6).map("".join))
def test_the_hooks_and_discovery_agree(name: str) -> None:
    assert is_taken("folder/" + name) is is_taken(name) is is_dockerfile_name(name)


@pytest.fixture(scope="module")
def pre_commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real pre-commit."""
    return fresh_python(tmp_path_factory.mktemp("pre-commit") / "environment", ["pre-commit"]) / "pre-commit"


@pytest.mark.network
def test_the_check_hook_fails_the_fix_hook_fixes_and_then_both_pass(pre_commit: Path, tmp_path: Path) -> None:
    hooks = git_repository(copy_project(tmp_path / "hooks"))
    project = tmp_path / "project"
    bad = ["Containerfile", "Dockerfile.dev", "app.dockerfile", "service/Dockerfile"]
    for name in [*bad, "excluded/Dockerfile", "Dockerfile.j2", "notes.txt"]:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(BAD)
    (project / "good.dockerfile").write_text(GOOD)
    (project / ".layerlint.yaml").write_text("exclude: [excluded]\n")
    git_repository(project)
    environment = clean_environment(PRE_COMMIT_HOME=str(tmp_path / "cache"))

    def hook(name: str, *files: str) -> tuple[int, str]:
        chosen = ["--files", *files] if files else ["--all-files"]
        done = run(pre_commit, "try-repo", hooks, name, *chosen, cwd=project, environment=environment)
        return done.returncode, done.stdout

    def contents() -> dict[str, str]:
        files = [path for path in project.rglob("*") if path.is_file() and ".git" not in path.parts]
        return {path.relative_to(project).as_posix(): path.read_text() for path in files}

    before = contents()
    status, output = hook("layerlint")
    assert status == 1, output
    assert sorted(re.findall(r"^(\S+?):2:5: warning PIP001 ", output, re.MULTILINE)) == bad
    assert contents() == before

    status, output = hook("layerlint", "good.dockerfile")
    assert (status, "Passed" in output) == (0, True), output

    status, output = hook("layerlint-fix")
    assert status == 1, output
    assert "files were modified by this hook" in output
    assert contents() == {**before, **dict.fromkeys(bad, GOOD)}

    for name in ("layerlint", "layerlint-fix"):
        status, output = hook(name)
        assert (status, "Passed" in output) == (0, True), output
    assert contents() == {**before, **dict.fromkeys(bad, GOOD)}
