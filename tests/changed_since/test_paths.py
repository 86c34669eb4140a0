"""Changes in files of any name, in any place, in submodules, and together with other options."""

# ruff: noqa: ISC004

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layerlint.git import history
from tests.changed_since.repositories import MORE, changed, commit, git
from tests.program import BAD, check, run, write

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
            monkeypatch.setattr(history, "_MAX_COMMAND_LENGTH", longest)
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
