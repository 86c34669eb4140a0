"""`--changed-since`, with real repositories: what counts as changed, what cannot be said, and what never runs."""

# ruff: noqa: E501, ISC004

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from layerlint import git_history
from tests import scratch
from tests.program import BAD, BROKEN, check, run, write

CLEAN = "FROM python:3.12\n"
MORE = "RUN pip install b\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, in which the tests run, with one Dockerfile on the branch main."""
    for name, value in scratch.clean_environment().items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "--initial-branch", "main")
    write("Dockerfile")
    commit()
    return folder


def git(*arguments: str, cwd: Path | str = ".", **extra: str) -> str:
    done = scratch.run("git", *arguments, cwd=Path(cwd), environment=scratch.clean_environment(**extra))
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def commit(cwd: Path | str = ".") -> str:
    git("add", "--all", cwd=cwd)
    git("commit", "--message", "Change it", cwd=cwd)
    return git("rev-parse", "HEAD", cwd=cwd)


def changed(*arguments: str, since: str = "main") -> list[str]:
    """What is found, as `path:line severity rule`."""
    status, output, errors = run("check", "--quiet", "--changed-since", since, *arguments)
    assert (status, errors) == (bool(output), "")
    return [":".join(line.split(":")[:2]) for line in output.splitlines()]


class TestWhatChanged:
    def test_nothing(self) -> None:
        assert run("check", "--changed-since", "main") == (
            0,
            "There was no file to check.\n",
            "layerlint: no Dockerfile changed since main\n",
        )

    @pytest.mark.parametrize("state", ["not added", "added", "committed"])
    def test_a_line_and_a_file_however_far_they_have_come(self, state: str) -> None:
        git("switch", "--create", "branch")
        write("Dockerfile", BAD + MORE)
        write("new/Dockerfile", BAD)
        if state != "not added":
            git("add", "--all")
        if state == "committed":
            commit()
        assert changed() == ["Dockerfile:3", "new/Dockerfile:2"]

    def test_the_working_tree_counts_and_not_what_was_added(self) -> None:
        write("Dockerfile", BAD + MORE)
        git("add", "--all")
        write("Dockerfile", BAD)
        assert changed() == []

    def test_what_the_other_branch_did_meanwhile_does_not_count(self) -> None:
        git("switch", "--create", "branch")
        write("other/Dockerfile")
        commit()
        git("switch", "main")
        write("Dockerfile", CLEAN)
        commit()
        git("switch", "branch")
        assert changed() == ["other/Dockerfile:2"]
        assert changed(since="HEAD") == []
        assert changed(since="HEAD~1") == ["other/Dockerfile:2"]

    def test_names_of_commits(self) -> None:
        git("commit", "--amend", "--message", "First of all")
        first = git("rev-parse", "HEAD")
        git("tag", "--annotate", "--message", "one", "v1")
        git("tag", "été")
        write("Dockerfile", BAD + MORE)
        commit()
        for name in (first, first[:8], "v1", "été", "HEAD~1", "HEAD^", "main@{1}", ":/First of all", "HEAD^{/First}"):
            assert changed(since=name) == ["Dockerfile:3"], name

    @pytest.mark.parametrize("how", ["not committed", "committed"])
    def test_a_renamed_file_is_compared_with_what_it_was(self, how: str) -> None:
        write("Dockerfile", BAD + "ENV a=b\n" * 20)
        commit()
        git("switch", "--create", "branch")
        Path("new folder").mkdir()
        git("mv", "Dockerfile", "new folder/app.dockerfile")
        write("new folder/app.dockerfile", BAD + "ENV a=b\n" * 20 + MORE)
        if how == "committed":
            commit()
        assert changed() == ["new folder/app.dockerfile:23"]

    def test_a_copy_is_new(self) -> None:
        write("a/Dockerfile")
        assert changed() == ["a/Dockerfile:2"]

    def test_a_file_that_is_gone_is_nothing(self) -> None:
        Path("Dockerfile").unlink()
        assert changed() == []

    def test_what_did_not_change_is_not_even_linted(self) -> None:
        write("broken/Dockerfile", BROKEN)
        commit()
        write("Dockerfile", BAD + MORE)
        assert check("--changed-since", "HEAD") == (
            1,
            ["Dockerfile:3 warning PIP001"],
            {"files": 1, "findings": 1, "fixed": 0, "errors": 0},
        )

    def test_what_cannot_be_read_is_said(self) -> None:
        assert check("--changed-since", "main", "none")[:2] == (2, ["none: there is no such file or folder"])

    def test_line_endings_of_a_checkout_do_not_count(self) -> None:
        git("config", "core.autocrlf", "true")
        Path("Dockerfile").unlink()
        git("checkout", "--", "Dockerfile")
        assert Path("Dockerfile").read_bytes() == BAD.replace("\n", "\r\n").encode()
        assert changed() == []
        write("Dockerfile", (BAD + MORE).replace("\n", "\r\n"))
        assert changed() == ["Dockerfile:3"]

    def test_a_link_is_what_it_leads_to(self) -> None:
        write("real/file")
        Path("linked.dockerfile").symlink_to("real/file")
        commit()
        assert changed(since="HEAD") == []
        write("real/file", BAD + MORE)
        assert changed(since="HEAD") == ["linked.dockerfile:3"]

    def test_what_was_a_link_or_a_folder_is_new(self) -> None:
        Path("a.dockerfile").symlink_to("Dockerfile")
        write("b.dockerfile/file")
        commit()
        Path("a.dockerfile").unlink()
        shutil.rmtree("b.dockerfile")
        write("a.dockerfile", "Dockerfile\n" + BAD)
        write("a.dockerfile")
        write("b.dockerfile")
        assert changed(since="HEAD") == ["a.dockerfile:2", "b.dockerfile:2"]

    def test_what_was_too_large_for_a_dockerfile_is_new(self) -> None:
        write("a/Dockerfile", "# \n" * 400_000)
        commit()
        write("a/Dockerfile")
        assert changed(since="HEAD") == ["a/Dockerfile:2"]

    def test_a_repository_of_sha256(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        other = tmp_path / "other"
        other.mkdir()
        monkeypatch.chdir(other)
        git("init", "--object-format", "sha256")
        write("Dockerfile")
        commit()
        assert changed(since="HEAD") == []
        write("Dockerfile", BAD + MORE)
        assert changed(since="HEAD") == ["Dockerfile:3"]


NAMES = [
    "a b",
    "é",
    "line\nfeed",
    "tab\t",
    '"',
    "\\",
    "*",
    ":(top)",
    "-x",
    "[a]",
    "\udcff",
    "日本",
    "$(touch x)",
    "a;b",
]


class TestPaths:
    @pytest.mark.parametrize("name", NAMES, ids=ascii)
    def test_names_that_are_hard_to_say(self, name: str) -> None:
        for folder in (name, "other"):
            write(f"{folder}/Dockerfile")
        commit()
        assert changed(since="HEAD") == []
        write(f"{name}/Dockerfile", BAD + MORE)
        status, summary = check("--changed-since", "HEAD")[::2]
        assert (status, summary["files"], summary["findings"]) == (1, 1, 1)
        git("mv", "--", "other", name + "2")
        write(f"{name}2/Dockerfile", BAD + MORE)
        assert check("--changed-since", "HEAD")[2]["findings"] == 2

    def test_all_of_them_at_once_and_in_several_calls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in NAMES:
            write(f"{name}/Dockerfile")
        commit()
        for name in NAMES[::2]:
            write(f"{name}/Dockerfile", BAD + MORE)
        for longest in (24_000, 40, 1):
            monkeypatch.setattr(git_history, "_LONGEST_COMMAND", longest)
            summary = check("--changed-since", "HEAD")[2]
            assert (summary["files"], summary["findings"]) == (len(NAMES) / 2, len(NAMES) / 2)

    @pytest.mark.parametrize(
        ("folder", "arguments", "expected"),
        [
            ("a", [], ["b/Dockerfile:3"]),
            ("a/b", ["Dockerfile"], ["Dockerfile:3"]),
            ("a/b", [".."], ["../b/Dockerfile:3"]),
            ("..", ["repository"], ["repository/a/b/Dockerfile:3"]),
        ],
    )
    def test_from_any_folder(
        self, folder: str, arguments: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a/b/Dockerfile")
        commit()
        write("a/b/Dockerfile", BAD + MORE)
        monkeypatch.chdir(folder)
        assert changed(*arguments, since="HEAD") == expected

    def test_through_a_link(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        link = repository.parent / "link"
        link.symlink_to(repository)
        monkeypatch.chdir(link)
        write("Dockerfile", BAD + MORE)
        assert changed(str(link / "Dockerfile")) == [f"{link}/Dockerfile:3"]

    def test_in_a_linked_working_tree(self, monkeypatch: pytest.MonkeyPatch) -> None:
        git("worktree", "add", "../tree")
        monkeypatch.chdir("../tree")
        assert changed() == []
        write("Dockerfile", BAD + MORE)
        assert changed() == ["Dockerfile:3"]

    def test_two_repositories_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        git("clone", ".", "../other")
        write("Dockerfile", BAD + MORE)
        write("../other/Dockerfile", BAD + MORE)
        monkeypatch.chdir("..")
        assert changed() == ["other/Dockerfile:3", "repository/Dockerfile:3"]

    def test_what_git_tells_hooks_is_not_taken_for_another_repository(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        git("init", str(tmp_path / "other"))
        write("Dockerfile", BAD + MORE)
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            monkeypatch.setenv(name, str(tmp_path / "other" / ".git"))
        monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
        assert changed() == ["Dockerfile:3"]


class TestSubmodules:
    @pytest.fixture(autouse=True)
    def submodule(self, repository: Path) -> Path:
        """The repository has one at `sub`, as of its commit before the last."""
        library = repository.parent / "library"
        library.mkdir()
        git("init", "--initial-branch", "main", cwd=library)
        write(str(library / "Dockerfile"))
        commit(library)
        git("-c", "protocol.file.allow=always", "submodule", "add", str(library), "sub")
        commit()
        return repository / "sub"

    def test_it_is_compared_with_what_its_parent_had(self, submodule: Path) -> None:
        assert changed(since="HEAD") == []
        write("sub/Dockerfile", BAD + MORE)
        commit(submodule)
        assert changed(since="HEAD") == ["sub/Dockerfile:3"]
        commit()
        assert changed(since="HEAD") == []
        assert changed(since="HEAD~1") == ["sub/Dockerfile:3"]

    def test_one_that_was_not_there_is_new(self) -> None:
        assert changed(since="HEAD~1") == ["sub/Dockerfile:2"]

    def test_inside_it_the_commit_is_its_own(self, submodule: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write("sub/Dockerfile", BAD + MORE)
        commit(submodule)
        monkeypatch.chdir(submodule)
        assert changed(since="HEAD") == []
        assert changed(since="HEAD~1") == ["Dockerfile:3"]

    def test_a_repository_inside_that_is_no_submodule_is_new(self) -> None:
        git("init", "nested")
        write("nested/Dockerfile")
        commit("nested")
        assert changed(since="HEAD") == ["nested/Dockerfile:2"]

    def test_what_is_called_git_and_is_no_repository(self) -> None:
        write("a/Dockerfile")
        commit()
        Path("a/.git").mkdir()
        write("a/Dockerfile", BAD + MORE)
        assert changed(since="HEAD") == ["a/Dockerfile:3"]

    def test_a_commit_that_was_not_fetched(self, submodule: Path) -> None:
        old = git("rev-parse", "HEAD", cwd=submodule)
        write("sub/Dockerfile", BAD + MORE)
        commit(submodule)
        commit()
        git("clone", "--depth", "1", f"file://{submodule}", "../clone")
        shutil.rmtree(submodule)
        Path("../clone").rename(submodule)
        assert run("check", "--changed-since", "HEAD~1") == (
            2,
            "",
            "layerlint: error: --changed-since: a submodule lacks the commit that it was at\n"
            f"  {submodule} was at {old}, and that is not in it\n"
            f"  help: fetch it: git -C {submodule} fetch origin {old}\n",
        )


class TestTogether:
    def test_with_fix_only_what_is_reported_is_fixed(self) -> None:
        write("Dockerfile", BAD + MORE)
        patch = run("check", "--changed-since", "main", "--diff")[1]
        assert "\n+RUN pip install --no-cache-dir b\n" in patch
        assert "\n-RUN pip install a" not in patch
        assert run("check", "--changed-since", "main", "--fix") == (
            0,
            "Fixed 1 finding. Nothing new in 1 file. 1 finding on lines that did not change.\n",
            "",
        )
        assert Path("Dockerfile").read_text() == BAD + "RUN pip install --no-cache-dir b\n"

    def test_with_add_ignores(self) -> None:
        write("Dockerfile", "FROM python:3.12\n" + MORE + BAD.partition("\n")[2])
        assert run("check", "--changed-since", "main", "--add-ignores")[0] == 0
        assert Path("Dockerfile").read_text().splitlines()[1:] == [
            "# layerlint: ignore=PIP001",
            "RUN pip install b",
            "RUN pip install a",
        ]

    def test_add_ignores_comes_to_an_end_however_lines_are_matched(self) -> None:
        text = "FROM python:3.12\n" + "RUN pip install a\nRUN pip install b\n" * 3
        write("Dockerfile", text)
        commit()
        write("Dockerfile", text.replace("install b", "install c", 2).replace("install a", "install c", 1))
        assert run("check", "--changed-since", "HEAD", "--add-ignores")[0] == 0
        written = Path("Dockerfile").read_text()
        assert changed(since="HEAD") == []
        run("check", "--changed-since", "HEAD", "--add-ignores")
        assert Path("Dockerfile").read_text() == written

    def test_with_a_baseline_which_is_held_against_the_whole_file(self) -> None:
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", MORE.join(["FROM python:3.12\n", BAD.partition("\n")[2]]))
        status, output, errors = run("check", "--baseline", "base.json", "--changed-since", "main")
        assert (status, errors) == (1, "")
        assert output.endswith("1 finding in 1 file (1 warning). 1 fixable with --fix. 1 finding in the baseline.\n")

    def test_standard_input_is_compared_under_its_name(self) -> None:
        arguments = ("check", "--quiet", "--changed-since", "main", "-", "--stdin-filename")
        status, output, _ = run(*arguments, "Dockerfile", stdin=BAD + MORE)
        assert (status, output.split()[0]) == (1, "Dockerfile:3:5:")
        assert run(*arguments, "Dockerfile", stdin=BAD) == (0, "", "")
        assert run(*arguments, "other", stdin=BAD)[1].split()[0] == "other:2:5:"

    def test_unchanged_standard_input_comes_back(self) -> None:
        arguments = ("check", "--changed-since", "main", "-", "--stdin-filename", "Dockerfile")
        assert run(*arguments, "--fix", stdin=BAD)[1] == BAD
        assert run(*arguments, "--add-ignores", stdin=BAD)[1] == BAD


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
            (["out"], "out/Dockerfile is in none\n  help: leave it out, or --changed-since\n"),
            (
                ["out", "out2", "repository"],
                "out/Dockerfile and 1 more are in none\n  help: leave them out, or --changed-since\n",
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


class TestHostileRepositories:
    """What a repository's own configuration would have git run. It comes with an unpacked archive, say."""

    @pytest.fixture
    def canary(self, tmp_path: Path) -> Path:
        """A program that leaves a trace."""
        program = tmp_path / "canary"
        program.write_text(f"#!/bin/sh\ntouch {tmp_path}/sang\ncat\n")
        program.chmod(0o755)
        return program

    def test_nothing_of_it_runs(self, canary: Path, repository: Path) -> None:
        program = str(canary)
        for name in (
            "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command",
            "diff.external", "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass",
            "pager.ls-tree", "pager.diff-index", "pager.cat-file", "pager.rev-parse", "core.gitProxy", "credential.helper",
            "core.alternateRefsCommand", "gpg.program", "interactive.diffFilter", "merge.evil.driver",
        ):  # fmt: skip
            git("config", name, program)
        for name in ("ls-tree", "diff-index", "cat-file", "rev-parse", "merge-base"):
            git("config", f"alias.{name}", f"!{program}")
        git("config", "core.hooksPath", str(repository / "hooks"))
        for name in (
            "post-index-change",
            "fsmonitor-watchman",
            "reference-transaction",
            "post-checkout",
            "pre-auto-gc",
        ):
            Path("hooks").mkdir(exist_ok=True)
            shutil.copy(canary, f"hooks/{name}")
            shutil.copy(canary, f".git/hooks/{name}")
        write(".gitattributes", "* filter=evil diff=evil merge=evil\n")
        write("Dockerfile", BAD + MORE)
        Path("moved").mkdir()
        assert changed() == ["Dockerfile:3"]
        assert changed("--fix") == []
        sang = canary.parent / "sang"
        assert not sang.exists()
        scratch.run("git", "status", cwd=repository)
        assert sang.exists(), "git itself runs it, so that the test can fail"

    def test_a_partial_clone_fetches_nothing(
        self, canary: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        canary.write_text(canary.read_text().replace("cat\n", "exit 1\n"))  # or git waits for what it fetches
        git("config", "uploadpack.allowFilter", "true")
        write("Dockerfile", BAD + MORE)
        commit()
        git("clone", "--filter=blob:none", f"file://{repository}", "../clone")
        monkeypatch.chdir("../clone")
        old = git("rev-parse", "HEAD~1")
        for name, value in (
            ("remote.origin.uploadpack", str(canary)), ("remote.origin.url", f"ext::{canary}"), ("protocol.allow", "always"),
            ("protocol.ext.allow", "always"), ("core.sshCommand", str(canary)),
        ):  # fmt: skip
            git("config", name, value)
        status, output, errors = run("check", "--changed-since", "HEAD~1")
        assert (status, output) == (2, "")
        title, _cause, step = errors.splitlines()  # each version of git has words of its own for the cause
        assert title == "layerlint: error: --changed-since: git cannot read what a file was"
        assert step == f"  help: fetch what a partial clone lacks: git -C {Path.cwd()} diff --stat {old}"
        assert not (canary.parent / "sang").exists()
        scratch.run("git", "diff", "--stat", old, cwd=Path.cwd())
        assert (canary.parent / "sang").exists(), "git itself runs it, so that the test can fail"

    def test_nothing_is_written(self, repository: Path) -> None:
        write("Dockerfile", BAD + MORE)
        git("add", "--all")
        os.utime("Dockerfile", (1, 1))

        def state() -> list[tuple[str, int]]:
            return sorted((str(path), path.lstat().st_mtime_ns) for path in repository.rglob("*"))

        before = state()
        assert changed() == ["Dockerfile:3"]
        assert state() == before
