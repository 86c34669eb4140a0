"""What a baseline has and the files have no more is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.baseline.runs import TWO, entries
from tests.program import BAD, BROKEN, FIXED, run, write

GONE = "layerlint: base.json has {} gone; write it anew: layerlint check --write-baseline base.json\n"


class TestFindingsThatAreGone:
    @pytest.fixture(autouse=True)
    def _baseline(self) -> None:
        for path in ("a/Dockerfile", "b/Dockerfile"):
            write(path, TWO)
        run("check", "--write-baseline", "base.json")

    def said(self, *arguments: str) -> str:
        status, _, errors = run("check", "--baseline", "base.json", *arguments)
        assert status == 0
        return errors

    def test_they_are_counted_in_one_line_and_listed_in_the_statistics(self) -> None:
        write("a/Dockerfile", FIXED)
        write("b/Dockerfile", BAD)
        line = GONE.format("3 findings that are")
        assert self.said() == line
        assert (
            self.said("--statistics") == line + "  a/Dockerfile PIP001\n  a/Dockerfile PIP001\n  b/Dockerfile PIP001\n"
        )
        assert self.said("--quiet") == ""

    def test_one_in_the_singular(self) -> None:
        write("a/Dockerfile", BAD)
        assert self.said() == GONE.format("1 finding that is")

    def test_only_files_that_were_checked_count(self) -> None:
        for path in ("a/Dockerfile", "b/Dockerfile"):
            write(path, FIXED)
        assert self.said("b/Dockerfile") == GONE.format("2 findings that are")

    def test_files_that_are_gone_always_count(self) -> None:
        Path("a/Dockerfile").unlink()
        assert self.said("b") == GONE.format("2 findings that are")

    def test_rules_that_were_not_asked_do_not_count(self) -> None:
        assert self.said("--select", "PIP002") == ""
        assert self.said("--ignore", "PIP001") == ""

    def test_a_rule_that_is_no_more_counts(self) -> None:
        content = Path("base.json").read_text()
        Path("base.json").write_text(content.replace("PIP001", "OLD001", 1).replace(":1", ":9", 1))
        assert "1 finding that is gone" in run("check", "--baseline", "base.json", "--select", "PIP002")[2]

    def test_a_file_with_errors_does_not_count(self) -> None:
        write("a/Dockerfile", BROKEN)
        assert run("check", "--baseline", "base.json")[2] == ""

    def test_writing_it_again_takes_them_out(self) -> None:
        write("a/Dockerfile", FIXED)
        run("check", "--write-baseline", "base.json")
        assert self.said() == ""
        assert {entry["path"] for entry in entries()} == {"b/Dockerfile"}
