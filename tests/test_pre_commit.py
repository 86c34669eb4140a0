from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from layerlint.run import discovery
from layerlint.run.discovery import is_dockerfile_name
from tests.scratch import PROJECT, clean_environment, copy_project, fresh_python, git_repository, program, run

HOOKS: list[dict[str, Any]] = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())

BAD = "FROM python:3.13-slim\nRUN pip install flask\n"
GOOD = "FROM python:3.13-slim\nRUN pip install --no-cache-dir flask\n"


_LANGUAGES = ["py", "go", "js", "ts", "rs", "rb", "php", "java", "cs", "R"]
_ABOUT = ["md", "rst", "html", "yaml", "yml", "json", "toml", "sh", "ps1", "bat", "diff"]
_BACKUPS = ["bak", "old", "orig", "rej", "swp"]


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
        ("a.b.dockerfile.x", True),
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
        ("Dockerfile.in.md", False),
        ("docker-compose.yml", False),
        ("README.md", False),
        pytest.param("Dockerfile.3.12", True, id="a version is no ending"),
        pytest.param("Dockerfile.py3", True, id="nor is this"),
        pytest.param("Dockerfile-alpine.prod", True, id="a stage"),
        pytest.param("Dockerfile-py", True, id="a language without a dot"),
        pytest.param("py.dockerfile", True, id="a language in front"),
        *(pytest.param(f"Dockerfile.{each}", True, id=f"for the language {each}") for each in _LANGUAGES),
        pytest.param("DOCKERFILE.py", True, id="for a language, in capital letters"),
        pytest.param("Containerfile.go", True, id="a Containerfile for a language"),
        *(pytest.param(f"dockerfile.{each}", False, id=f"a module in {each}") for each in _LANGUAGES),
        *(pytest.param(f"test_dockerfile.{each}", False, id=f"a test in {each}") for each in _LANGUAGES),
        *(pytest.param(f"Dockerfile_parse.{each}", False, id=f"a parser in {each}") for each in _LANGUAGES),
        pytest.param("Dockerfile.spec.ts", False, id="a test of what a language's file has"),
        *(pytest.param(f"Dockerfile.{each}", False, id=f"prose, data or a script: {each}") for each in _ABOUT),
        *(
            pytest.param(f"docs-dockerfile.{each}", False, id=f"prose, data or a script of a name: {each}")
            for each in _ABOUT
        ),
        *(pytest.param(f"Dockerfile.dev.{each}", False, id=f"a backup: {each}") for each in _BACKUPS),
        pytest.param("Dockerfile.dev~", False, id="a backup of Emacs"),
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
        ".py",
        ".R",
        ".yml",
        ".old",
        "~",
        "\u0131",
        "\u212a",
    ]
)


def test_the_hooks_and_discovery_have_the_same_endings() -> None:
    (pattern,) = {hook["files"] for hook in HOOKS}
    texts = (pattern, discovery._NO_DOCKERFILE.pattern, discovery._SOURCE_CODE.pattern)
    words = {word for text in texts for word in re.findall(r"[a-z][a-z0-9]*", re.sub(r"(\w)\?", r"\1 ", text))}
    words |= {"jinja", "html", "yml", "yaml", "mdx", "cjs", "mjs", "mts", "kts", "exs", "css", "scss"}
    assert {"py", "go", "bak"} <= words
    for name in (f"{front}.{word}" for word in words for front in ("a.dockerfile", "Dockerfile", "dockerfile")):
        assert is_taken(name) is is_dockerfile_name(name), name


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


STAGES = (
    "FROM python:3.13 AS build\nRUN pip install build\n\nFROM python:3.13-slim\nENV A=1 B=2\nRUN pip install flask\n"
)
WAYS = [
    pytest.param(
        [],
        "FROM python:3.13 AS build\nRUN pip install --no-cache-dir build\n\n"
        "FROM python:3.13-slim\nENV A=1 B=2\nRUN pip install --no-cache-dir flask\n",
        id="flag",
    ),
    pytest.param(
        ["--fix-with=mount", "--unsafe-fixes"],
        "FROM python:3.13 AS build\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install build\n\n"
        "FROM python:3.13-slim\nENV A=1 B=2\n"
        "RUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install flask\n",
        id="mount",
    ),
    pytest.param(
        ["--fix-with=env"],
        "FROM python:3.13 AS build\nENV PIP_NO_CACHE_DIR=1\nRUN pip install build\n\n"
        "FROM python:3.13-slim\nENV A=1 B=2 PIP_NO_CACHE_DIR=1\nRUN pip install flask\n",
        id="env",
    ),
]


class Hooked:
    """A repository with both hooks, and what `pre-commit run --all-files` says in it."""

    def __init__(self, folder: Path, pre_commit: Path, hooks: Path, home: Path) -> None:
        self.folder = folder
        self._pre_commit = pre_commit
        self._hooks = hooks
        self._environment = clean_environment(PRE_COMMIT_HOME=str(home))

    def configure(self, *arguments: str) -> None:
        """Give both hooks these arguments, but `--unsafe-fixes` only to the one that fixes."""
        hooks = [
            {"id": "layerlint", "args": [each for each in arguments if each != "--unsafe-fixes"]},
            {"id": "layerlint-fix", "args": [*arguments]},
        ]
        revision = run("git", "rev-parse", "HEAD", cwd=self._hooks).stdout.strip()
        repository = {"repo": str(self._hooks), "rev": revision, "hooks": hooks}
        (self.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repository]}))

    def run(self) -> tuple[int, list[str], str]:
        """The exit status, how each hook ended, and what is printed."""
        add = run("git", "add", "--all", cwd=self.folder, environment=self._environment)
        add.check_returncode()
        done = run(self._pre_commit, "run", "--all-files", cwd=self.folder, environment=self._environment)
        return done.returncode, re.findall(r"\.(Passed|Failed)$", done.stdout, re.MULTILINE), done.stdout


@pytest.fixture(scope="module")
def both_hooks(pre_commit: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """pre-commit, the hooks' repository, and a folder for what pre-commit installs."""
    folder = tmp_path_factory.mktemp("hooks")
    return pre_commit, git_repository(copy_project(folder / "hooks")), folder / "cache"


@pytest.fixture
def hooked(both_hooks: tuple[Path, Path, Path], tmp_path: Path) -> Hooked:
    (tmp_path / "Dockerfile").write_text(STAGES)
    (tmp_path / "good.dockerfile").write_text(GOOD)
    return Hooked(git_repository(tmp_path), *both_hooks)


@pytest.mark.network
@pytest.mark.parametrize(("arguments", "fixed"), WAYS)
def test_all_files_are_fixed_in_the_way_that_the_arguments_choose(
    hooked: Hooked, arguments: list[str], fixed: str
) -> None:
    hooked.configure(*arguments)
    status, ends, output = hooked.run()
    assert (status, ends) == (1, ["Failed", "Failed"]), output
    assert re.findall(r"^(\S+): \w+ PIP001 ", output, re.MULTILINE) == ["Dockerfile:2:5", "Dockerfile:6:5"]
    assert "files were modified by this hook" in output
    assert (hooked.folder / "Dockerfile").read_text() == fixed
    assert (hooked.folder / "good.dockerfile").read_text() == GOOD
    status, ends, output = hooked.run()
    assert (status, ends) == (0, ["Passed", "Passed"]), output
    assert (hooked.folder / "Dockerfile").read_text() == fixed


@pytest.mark.network
def test_with_a_baseline_only_what_is_new_is_fixed_or_fails(hooked: Hooked) -> None:
    write = (program(hooked.folder / "programs"), "check", "--write-baseline", "known.json")
    run(*write, cwd=hooked.folder).check_returncode()
    hooked.configure("--baseline=known.json")
    status, ends, output = hooked.run()
    assert (status, ends) == (0, ["Passed", "Passed"]), output
    (hooked.folder / "Dockerfile").write_text(STAGES + "RUN pip install django\n")
    status, ends, output = hooked.run()
    assert (status, ends) == (1, ["Failed", "Failed"]), output
    assert re.findall(r"^(\S+): \w+ PIP001 ", output, re.MULTILINE) == ["Dockerfile:7:5"]
    fixed = STAGES + "RUN pip install --no-cache-dir django\n"
    assert (hooked.folder / "Dockerfile").read_text() == fixed
    status, ends, output = hooked.run()
    assert (status, ends) == (0, ["Passed", "Passed"]), output
    assert (hooked.folder / "Dockerfile").read_text() == fixed
