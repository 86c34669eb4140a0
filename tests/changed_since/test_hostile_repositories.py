"""A repository that somebody else made never makes git run anything."""

# ruff: noqa: E501

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests import scratch
from tests.changed_since.repositories import MORE, changed, commit, git
from tests.program import BAD, run, write


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
