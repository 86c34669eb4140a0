# ruff: noqa: E501, PTH101, PTH119, PTH211

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerlint.finding import FileError
from layerlint.run.discovery import Found, discover, is_dockerfile_name
from tests.program import BAD, in_short, run_unprivileged, timed


@pytest.fixture(autouse=True)
def _in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def make(*paths: str) -> None:
    for path in paths:
        file = Path(path)
        if path.endswith("/"):
            file.mkdir(parents=True, exist_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


def write(path: str, text: str) -> None:
    make(path)
    Path(path).write_text(text)


def found(*paths: str, **options: object) -> list[str]:
    """The paths that are found, and errors with their message."""
    return [
        item.path if isinstance(item, Found) else f"{item.path}: {item.message}"
        for item in discover(paths or (".",), **options)
    ]


NAMES = [
    *((name, True) for name in [
        "Dockerfile", "dockerfile", "DOCKERFILE", "Containerfile", "Dockerfile.dev", "Dockerfile-dev", "Dockerfile_dev",
        "app.dockerfile", "app.Dockerfile", "prod-Dockerfile", "prod_containerfile", "a.b.dockerfile", "Dockerfile.a.b",
        "x-Dockerfile-y", "Dockerfile.j2.dev", "é.dockerfile", "Dockerfile.é", "Dockerfile.py", "Dockerfile.txt",
    ]),
    *((name, False) for name in [
        "Dockerfile.dockerignore", "app.dockerfile.DockerIgnore", "Containerfile.containerignore", ".dockerignore",
        "Dockerfile.j2", "Dockerfile.jinja", "Dockerfile.jinja2", "Dockerfile.tmpl", "Dockerfile.tpl", "Dockerfile.ERB",
        "Dockerfile.template", "Dockerfile.in", "Dockerfiles", "MyDockerfile", "Dockerfile~", "Dockerfile.", "-Dockerfile",
        ".Dockerfile.swp", "docker-file", "Dockerfile dev", "README", "", "dockerfile.py", "test_dockerfile.py",
        "dockerfile-lint.sh", "Dockerfile.md", "Dockerfile.yaml", "Dockerfile.bak", "Dockerfile.dev~",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_names(name, expected):
    assert is_dockerfile_name(name) is expected
    if name:
        make(f"a/{name}")
        assert found("a") == ([f"a/{name}"] if expected else [])
        assert found(f"a/{name}") == [f"a/{name}"], "a file that is named is taken whatever its name"


@pytest.mark.parametrize(
    ("given_path", "shown"),
    [
        (".", "a/Dockerfile"), ("./", "a/Dockerfile"), ("a", "a/Dockerfile"), ("./a", "a/Dockerfile"),
        ("a/", "a/Dockerfile"), ("a//.//", "a/Dockerfile"), ("../t/a", "../t/a/Dockerfile"),
        ("./a/Dockerfile", "a/Dockerfile"), ("a/../a/Dockerfile", "a/../a/Dockerfile"),
    ],
)  # fmt: skip
def test_paths_are_shown_as_given(tmp_path, monkeypatch, given_path, shown):
    make("t/a/Dockerfile")
    monkeypatch.chdir(tmp_path / "t")
    assert found(given_path) == [shown]


def test_absolute_paths_stay(tmp_path):
    make("a/Dockerfile")
    assert found(str(tmp_path)) == [f"{tmp_path}/a/Dockerfile"]


def test_order_is_that_of_the_arguments_and_then_by_name():
    make("b/Dockerfile", "b/a/Dockerfile", "b/Dockerfile.1", "a/Dockerfile", "B/Dockerfile", "z")
    in_b = ["b/Dockerfile", "b/Dockerfile.1", "b/a/Dockerfile"]
    assert found() == ["B/Dockerfile", "a/Dockerfile", *in_b]
    assert found("z", "b", "a") == ["z", *in_b, "a/Dockerfile"]


def test_each_file_once():
    make("a/Dockerfile", "a/b/Dockerfile")
    os.symlink("Dockerfile", "a/Dockerfile.link")
    os.symlink("a", "link")
    assert found("a/b", "a", "a/Dockerfile", "./a/../a", "link", "link/Dockerfile") == [
        "a/b/Dockerfile",
        "a/Dockerfile",
    ]


def test_links_to_folders_are_followed_when_named_only():
    make("a/Dockerfile")
    os.symlink("a", "link")
    assert found() == ["a/Dockerfile"]
    assert found("link") == ["link/Dockerfile"]


def test_two_dots_behind_a_link_are_the_folder_above_what_it_leads_to():
    make("a/b/Dockerfile")
    make("a/Dockerfile")
    os.symlink("a/b", "link")
    (file,) = discover(["link/../Dockerfile"])
    assert isinstance(file, Found)
    assert file.absolute == os.path.realpath("a/Dockerfile")


def test_loops_end():
    make("a/Dockerfile")
    os.symlink("..", "a/up")
    os.symlink("Dockerfile.loop", "a/Dockerfile.loop")
    assert found() == ["a/Dockerfile"]
    assert found("a/Dockerfile.loop") == ["a/Dockerfile.loop: the symbolic link leads back to itself"]


def test_what_is_no_file_is_skipped_in_folders():
    make("Dockerfile.folder/Dockerfile")
    os.mkfifo("Dockerfile.pipe")
    os.symlink("/dev/zero", "Dockerfile.device")
    os.symlink("nowhere", "Dockerfile.broken")
    assert found() == ["Dockerfile.folder/Dockerfile"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nope", "there is no such file or folder"),
        ("a/Dockerfile/x", "there is no such file or folder"),
        ("", "there is no such file or folder"),
        ("x" * 300, "the name is too long"),
        ("broken", "the symbolic link leads nowhere"),
    ],
    ids=["missing", "below a file", "empty", "long", "broken link"],
)
def test_named_paths_that_are_not_there_are_errors_and_the_others_are_found(path, message):
    make("a/Dockerfile")
    os.symlink("nowhere", "broken")
    items = list(discover([path, "a"]))
    assert items[0] == FileError(path or '""', 0, 0, message)
    assert [item.path for item in items[1:]] == ["a/Dockerfile"]


def test_a_folder_that_cannot_be_read_is_an_error():
    make("a/b/Dockerfile")
    write("a/Dockerfile", BAD)
    os.chmod("a/b", 0)
    try:
        status, output, errors = run_unprivileged("check", "--format", "json")
        report = ["a/Dockerfile:2 warning PIP001", "a/b: the folder cannot be read: no permission to read it"]
        assert (status, in_short(json.loads(output)), errors) == (2, report, "")
    finally:
        os.chmod("a/b", 0o700)


def test_skipped_folders():
    make(".git/Dockerfile", "node_modules/x/Dockerfile", "a/node_modules/Dockerfile", ".hidden/Dockerfile")
    make("env/pyvenv.cfg", "env/lib/Dockerfile", "a/Dockerfile")
    assert found() == [".hidden/Dockerfile", "a/Dockerfile"]
    assert found("env") == ["env/lib/Dockerfile"], "named outright"
    assert found("node_modules") == ["node_modules/x/Dockerfile"], "named outright"


def test_exclude():
    make("a/Dockerfile", "b/Dockerfile", "b/c/Dockerfile")
    asked = []

    def exclude(path: str, is_folder: bool) -> bool:
        asked.append((os.path.relpath(path), is_folder))
        return os.path.basename(path) == "b"

    assert found(exclude=exclude) == ["a/Dockerfile"]
    assert ("b/Dockerfile", False) not in asked
    assert found("b/Dockerfile", exclude=exclude) == ["b/Dockerfile"]
    assert found("b/c/Dockerfile", "a/Dockerfile", exclude=exclude, force_exclude=True) == ["a/Dockerfile"]


class TestGitignore:
    def test_nested_files_and_negations(self):
        make(".git/", "x/Dockerfile", "x/Dockerfile.keep", "x/y/Dockerfile", "build/Dockerfile", "x/build/Dockerfile")
        write(".gitignore", "# comment\n/build/\nDockerfile.*\n")
        write("x/.gitignore", "!Dockerfile.keep\ny\n")
        assert found() == ["x/Dockerfile", "x/Dockerfile.keep", "x/build/Dockerfile"]
        assert found("x") == ["x/Dockerfile", "x/Dockerfile.keep", "x/build/Dockerfile"]

    def test_an_ignored_path_can_be_named(self):
        make(".git/", "build/a/Dockerfile", "build/b/Dockerfile")
        write(".gitignore", "build/\n")
        write("build/.gitignore", "b\n")
        assert found() == []
        assert found("build/b/Dockerfile") == ["build/b/Dockerfile"]
        assert found("build") == ["build/a/Dockerfile"]

    def test_info_exclude(self):
        make("a/Dockerfile", "b/Dockerfile")
        write(".git/info/exclude", "a\n")
        assert found() == ["b/Dockerfile"]
        assert found("b", "a") == ["b/Dockerfile", "a/Dockerfile"]

    def test_a_repository_in_a_repository_has_its_own_rules(self):
        make(".git/", "inner/.git/", "inner/Dockerfile.x", "Dockerfile.x")
        write(".gitignore", "*.x\n")
        assert found() == ["inner/Dockerfile.x"]
        assert found("inner") == ["inner/Dockerfile.x"]

    def test_outside_of_a_repository_only_files_below_the_argument_count(self):
        make("a/b/Dockerfile", "a/b/Dockerfile.x")
        write("a/.gitignore", "b\n")
        write("a/b/.gitignore", "*.x\n")
        assert found("a/b") == ["a/b/Dockerfile"]
        assert found("a") == []

    @pytest.mark.parametrize("line", ["!", "\\", "[z-a]", "\udcff", "a\\"])
    def test_bad_patterns_are_passed_over(self, line):
        make(".git/", "a/Dockerfile", "b/Dockerfile")
        Path(".gitignore").write_bytes(f"{line}\na\r\n".encode("utf-8", "surrogateescape"))
        assert found() == ["b/Dockerfile"]

    @timed
    def test_a_line_longer_than_any_path(self):
        make(".git/", "a/Dockerfile", "b/Dockerfile")
        write(".gitignore", "*a" * 400_000 + "\n/b/\n")
        start = time.process_time()
        assert found() == ["a/Dockerfile"]
        assert time.process_time() - start < 1

    def test_a_gitignore_that_is_no_file(self):
        make(".git/", ".gitignore/", "a/Dockerfile")
        os.mkfifo("a/.gitignore")
        assert found() == ["a/Dockerfile"]

    def test_a_worktree(self):
        make("main/", "tree/a/Dockerfile", "tree/b/Dockerfile")
        write("main/.git/info/exclude", "a\n")
        write("main/.git/worktrees/tree/commondir", "../..\n")
        write("tree/.git", f"gitdir: {Path('main/.git/worktrees/tree').absolute()}\n")
        assert found("tree") == ["tree/b/Dockerfile"]

    @pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(st.sampled_from(["a", "/a", "a/", "b/*", "!b/a", "!a", "*/b", "**/a/b", "a/b", "*", "!*/", "!Dockerfile", "Docker*", "/b/"]), max_size=4),
        st.lists(st.sampled_from(["a", "!a", "/b", "!Dockerfile", "*", "b/"]), max_size=3),
    )  # fmt: skip
    def test_git_agrees(self, tmp_path_factory, outer, inner):
        folder = tmp_path_factory.mktemp("repository")
        for path in (
            "Dockerfile",
            "a/Dockerfile",
            "b/Dockerfile",
            "a/b/Dockerfile",
            "b/a/Dockerfile",
            "b/a/a/Dockerfile",
        ):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).touch()
        (folder / ".gitignore").write_text("".join(f"{line}\n" for line in outer))
        (folder / "b/.gitignore").write_text("".join(f"{line}\n" for line in inner))
        subprocess.run(["git", "init", "-q", folder], check=True)
        listing = ["git", "-C", folder, "-c", "core.excludesFile=", "ls-files", "-o", "--exclude-standard"]
        listed = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split()
        expected = sorted(path for path in listed if path.endswith("Dockerfile"))
        assert sorted(os.path.relpath(path, folder) for path in found(str(folder))) == expected
