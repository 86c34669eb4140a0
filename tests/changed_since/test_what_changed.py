"""What counts as changed, line by line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.changed_since.repositories import CLEAN, MORE, changed, commit, git
from tests.program import BAD, BROKEN, check, run, write


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
