"""A baseline is written: what stands in it, where it may be, and what it leaves alone."""

# ruff: noqa: E501

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.baseline.file import Entry, parse, text
from tests.baseline.runs import CLEAN, TWO, entries, new
from tests.program import BAD, BROKEN, run, run_unprivileged, write


class TestWriting:
    def test_what_is_there_is_written_and_said(self) -> None:
        write("Dockerfile")
        write("a/Dockerfile", TWO)
        assert run("check", "--write-baseline", "base.json") == (
            0,
            "Nothing new in 2 files. 3 findings in the baseline.\n",
            "layerlint: wrote 3 findings in 2 files to base.json\n",
        )
        assert Path("base.json").read_text() == (
            "{\n"
            '  "layerlint-baseline": 1,\n'
            '  "findings": [\n'
            '    {"path": "Dockerfile", "rule": "PIP001", "fingerprint": "6aa812f411ef2467dd9f61a593751f26:1"},\n'
            '    {"path": "a/Dockerfile", "rule": "PIP001", "fingerprint": "4eee1bbadb46987b640f33994c5bbfeb:1"},\n'
            '    {"path": "a/Dockerfile", "rule": "PIP001", "fingerprint": "4eee1bbadb46987b640f33994c5bbfeb:2"}\n'
            "  ]\n"
            "}\n"
        )
        assert run("check", "--baseline", "base.json") == (
            0,
            "Nothing new in 2 files. 3 findings in the baseline.\n",
            "",
        )

    def test_nothing_to_write_is_a_baseline_too(self) -> None:
        write("Dockerfile", CLEAN)
        assert run("check", "--write-baseline", "base.json") == (
            0,
            "All clear: 1 file, nothing left in a layer.\n",
            "layerlint: wrote 0 findings in 0 files to base.json\n",
        )
        assert Path("base.json").read_text() == '{\n  "layerlint-baseline": 1,\n  "findings": []\n}\n'
        assert new() == (0, [])

    def test_writing_again_changes_nothing_whatever_the_order_and_the_number_of_processes(self) -> None:
        for number in range(20):
            write(f"{number}/Dockerfile", TWO)
        run("check", "--write-baseline", "base.json")
        before = Path("base.json").read_text()
        folders = [str(number) for number in reversed(range(20))]
        run("check", "--jobs", "2", "--write-baseline", "base.json", *folders)
        assert Path("base.json").read_text() == before

    def test_quietly(self) -> None:
        write("Dockerfile")
        assert run("check", "--quiet", "--write-baseline", "base.json") == (0, "", "")

    def test_the_fingerprints_are_those_of_sarif(self) -> None:
        write("a/Dockerfile", TWO)
        run("check", "--write-baseline", "base.json")
        results = json.loads(run("check", "--format", "sarif")[1])["runs"][0]["results"]
        assert [entry["fingerprint"] for entry in entries()] == sorted(
            result["partialFingerprints"]["layerlint/v1"] for result in results
        )

    def test_a_file_with_errors_does_not_keep_the_others_out(self) -> None:
        write("Dockerfile")
        write("bad/Dockerfile", BROKEN)
        status, output, errors = run("check", "--write-baseline", "base.json")
        assert (status, errors) == (2, "layerlint: wrote 1 finding in 1 file to base.json\n")
        assert "There is no instruction `WRONG`" in output
        assert [entry["path"] for entry in entries()] == ["Dockerfile"]

    def test_an_old_baseline_is_replaced_and_keeps_its_mode_and_its_link(self) -> None:
        write("Dockerfile", TWO)
        run("check", "--write-baseline", "real.json")
        Path("real.json").chmod(0o640)
        Path("base.json").symlink_to("real.json")
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        assert Path("base.json").is_symlink()
        assert stat.S_IMODE(Path("real.json").stat().st_mode) == 0o640
        assert len(entries("real.json")) == 1

    def test_a_new_one_has_the_mode_that_new_files_have(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        Path("other").touch()
        assert Path("base.json").stat().st_mode == Path("other").stat().st_mode
        assert sorted(path.name for path in Path().iterdir()) == ["Dockerfile", "base.json", "other"]

    def test_one_that_may_not_be_written_stays(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        before = Path("base.json").read_bytes()
        Path("base.json").chmod(0o444)
        write("Dockerfile", TWO)
        status, _, errors = run_unprivileged("check", "--write-baseline", "base.json")
        message = "base.json: error: the baseline cannot be written\n  it was not written: the file is read-only\n"
        assert (status, errors) == (2, message)
        assert Path("base.json").read_bytes() == before

    def test_a_broken_one_is_written_anew(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        good = Path("base.json").read_text()
        Path("base.json").write_text(good.replace('  "findings"', '<<<<<<< HEAD\n  "findings"'))
        assert run("check", "--baseline", "base.json")[0] == 2
        assert run("check", "--write-baseline", "base.json")[0] == 0
        assert Path("base.json").read_text() == good

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            pytest.param(
                "Dockerfile",
                "Dockerfile: error: this file is not a baseline\n  it would be overwritten\n"
                "  help: give the baseline another name, or delete the file if it is not needed\n",
                id="another file, as when the name is forgotten",
            ),
            pytest.param(
                "none/base.json",
                "none/base.json: error: the baseline cannot be written\n  there is no such folder\n",
                id="no such folder",
            ),
            pytest.param(
                ".", ".: error: the baseline cannot be written\n  this is a folder, not a file\n", id="a folder"
            ),
            pytest.param(
                "",
                "layerlint: error: the baseline cannot be written\n  this is a folder, not a file\n",
                id="an empty name",
            ),
            pytest.param(
                "pipe",
                'pipe: error: the baseline cannot be written\n  this is a named pipe, not a file; give "-" to read standard input\n',
                id="a pipe",
            ),
        ],
    )
    def test_where_it_is_not_written(self, path: str, message: str) -> None:
        write("Dockerfile")
        os.mkfifo("pipe")
        assert run("check", "--write-baseline", path) == (2, "", message)
        assert Path("Dockerfile").read_text() == BAD


ENTRIES = st.builds(Entry, *[st.text()] * 3)


@given(st.lists(ENTRIES, max_size=20))
def test_what_is_written_is_read(given_entries: list[Entry]) -> None:
    written = text(given_entries)
    assert parse(written.encode(), "base.json") == sorted(given_entries)
    assert written.count("\n") == (len(given_entries) + 5 if given_entries else 4)
    assert text(reversed(given_entries)) == written


@given(st.lists(ENTRIES, min_size=1, max_size=9), st.data())
def test_one_finding_more_is_one_line_more(given_entries: list[Entry], data: st.DataObject) -> None:
    entry = data.draw(ENTRIES)
    before = [line.rstrip(",") for line in text(given_entries).splitlines()]
    after = [line.rstrip(",") for line in text([*given_entries, entry]).splitlines()]
    for line in before:
        after.remove(line)
    assert len(after) == 1
