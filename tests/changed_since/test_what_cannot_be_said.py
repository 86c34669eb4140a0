"""A commit or repository that git cannot compare with."""

# ruff: noqa: ISC004

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changed_since.repositories import CLEAN, MORE, commit, git
from tests.program import BAD, run, write


class TestWhatCannotBeSaid:
    @pytest.mark.parametrize("ref", ["--output=x", "-p", "", "-"])
    def test_what_is_no_name_never_gets_to_git(self, ref: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        assert run("check", f"--changed-since={ref}") == (
            2,
            "",
            f"layerlint: error: --changed-since: {ref!r} cannot be the name of a commit\n"
            "  it is empty, or begins as an option does\n"
            "  help: write a branch, a tag or a commit: main, v1.2, HEAD~3\n",
        )

    @pytest.mark.parametrize(
        "ref", ["nope", "HEAD~9", "HEAD..HEAD", "^HEAD", "HEAD:Dockerfile", "HEAD^{tree}", "a b", "é"]
    )
    def test_an_unknown_commit(self, ref: str, repository: Path) -> None:
        assert run("check", "--changed-since", ref) == (
            2,
            "",
            f'layerlint: error: --changed-since: git knows no commit "{ref}"\n'
            f"  it is no branch, tag or commit in {repository}\n"
            f"  help: mend the name, or fetch it: git fetch origin {ref}\n",
        )

    def test_a_shallow_clone_without_it(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        write("Dockerfile", BAD + MORE)
        commit()
        git("clone", "--depth", "1", f"file://{Path.cwd()}", "../clone")
        monkeypatch.chdir("../clone")
        assert run("check", "--changed-since", "HEAD~1") == (
            2,
            "",
            'layerlint: error: --changed-since: git knows no commit "HEAD~1"\n'
            f"  it is no branch, tag or commit in {tmp_path / 'clone'}\n"
            "  help: fetch the history: git fetch --unshallow (in a workflow: fetch-depth: 0)\n",
        )

    def test_a_shallow_clone_that_does_not_know_where_the_branch_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        git("switch", "--create", "branch")
        write("a/Dockerfile")
        commit()
        git("switch", "main")
        write("b/Dockerfile")
        commit()
        git("clone", "--depth", "1", "--no-single-branch", f"file://{Path.cwd()}", "../clone")
        monkeypatch.chdir("../clone")
        assert run("check", "--changed-since", "origin/branch") == (
            2,
            "",
            'layerlint: error: --changed-since: the branch and "origin/branch" have no commit in common\n'
            f"  their histories, as far as they are in {Path.cwd()}, do not meet\n"
            "  help: fetch the history: git fetch --unshallow (in a workflow: fetch-depth: 0)\n",
        )

    def test_a_history_of_its_own(self) -> None:
        git("switch", "--orphan", "alone")
        write("Dockerfile", CLEAN)
        commit()
        assert run("check", "--changed-since", "main")[2].endswith("  help: name a commit of this branch\n")

    @pytest.mark.parametrize(
        ("paths", "said"),
        [
            (["out"], "out/Dockerfile is in none\n  help: leave out this file, or --changed-since\n"),
            (
                ["out", "out2", "repository"],
                "out/Dockerfile and 1 more are in none\n  help: leave out these files, or --changed-since\n",
            ),
        ],
    )
    def test_files_in_no_repository(
        self, paths: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for path in ("out", "out2"):
            write(f"{path}/Dockerfile")
        title = "layerlint: error: --changed-since: not in a git repository\n"
        assert run("check", "--changed-since", "main", *paths) == (2, "", f"{title}  {tmp_path}/{said}")

    def test_no_git(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        assert run("check", "--changed-since", "main") == (
            2,
            "",
            "layerlint: error: --changed-since needs git\n"
            "  there is no program of this name in PATH\n"
            "  help: install git, or leave out --changed-since\n",
        )

    def test_a_repository_of_another_user(self, monkeypatch: pytest.MonkeyPatch, repository: Path) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        assert run("check", "--changed-since", "main") == (
            2,
            "",
            'layerlint: error: --changed-since: git cannot say what changed since "main"\n'
            f"  detected dubious ownership in repository at '{repository}'\n"
            f"  help: git config --global --add safe.directory {repository}\n",
        )

    def test_a_repository_without_a_commit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        git("init", "../empty")
        monkeypatch.chdir("../empty")
        write("Dockerfile")
        assert "git knows no commit" in run("check", "--changed-since", "main")[2]

    def test_a_broken_repository(self) -> None:
        for path in Path(".git/objects").rglob("*"):
            if path.is_file():
                path.unlink()
        status, output, errors = run("check", "--changed-since", "main")
        assert (status, output) == (2, "")
        assert "layerlint: error: --changed-since" in errors
