"""Baselines as a user has them: written, checked in, read again somewhere else, outlived, merged and broken."""

# ruff: noqa: E501, ISC004

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.baseline_file import Entry, parse, text
from layerlint.reporters import FORMATS
from tests.program import BAD, BROKEN, FIXED, check, run, run_unprivileged, write

TWO = BAD + "USER app\nRUN pip install a\n"
CLEAN = "FROM python:3.12\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str) -> tuple[int, list[str]]:
    """Exit status and what `check` finds with the baseline."""
    status, output, errors = run("check", "--format", "json", "--baseline", "base.json", *arguments)
    assert errors == ""
    return status, [f"{found['path']}:{found['line']} {found['rule']}" for found in json.loads(output)["findings"]]


def entries(path: str = "base.json") -> list[dict[str, str]]:
    content = json.loads(Path(path).read_text())
    assert list(content) == ["layerlint-baseline", "findings"]
    findings: list[dict[str, str]] = content["findings"]
    return findings


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


# What stands in each format for a finding on a line.
OF_LINE = {
    "text": "Dockerfile:{}:5: warning",
    "json": '"line": {}, "column": 5, "end_line"',
    "sarif": '"startLine": {}, "startColumn": 5',
    "github": "line={},",
    "patch": "-RUN pip install {}\n",
    "gitlab": '"begin": {}}}',
    "checkstyle": '<error line="{}"',
    "junit": ">Dockerfile:{}:5: warning",
    "markdown": "| `Dockerfile:{}` |",
}


class TestKnownFindings:
    @pytest.mark.parametrize(
        ("after", "left"),
        [
            pytest.param(BAD, [], id="nothing changed"),
            pytest.param("# a\n\n" + BAD, [], id="lines before it"),
            pytest.param(BAD.replace("RUN", "ENV a=b\nRUN") + "USER c\n", [], id="neighbours"),
            pytest.param(BAD.replace("RUN ", "RUN\t  "), [], id="white space"),
            pytest.param(BAD.replace("\n", "\r\n"), [], id="line endings"),
            pytest.param(BAD + "RUN pip install b\n", ["Dockerfile:3 PIP001"], id="another finding"),
            pytest.param(BAD + "RUN pip install a\n", ["Dockerfile:3 PIP001"], id="an equal finding, counted"),
            pytest.param(BAD * 3, ["Dockerfile:4 PIP001", "Dockerfile:6 PIP001"], id="two equal findings"),
            pytest.param(BAD.replace(" a", " b"), ["Dockerfile:2 PIP001"], id="its own line changed"),
        ],
    )
    def test_what_is_new(self, after: str, left: list[str]) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", after)
        status, _, _ = run("check", "--baseline", "base.json")
        found = json.loads(run("check", "--format", "json", "--baseline", "base.json")[1])["findings"]
        assert [f"{each['path']}:{each['line']} {each['rule']}" for each in found] == left
        assert status == bool(left)

    @pytest.mark.parametrize("folder", [".", "a", "a/b", "elsewhere"])
    @pytest.mark.parametrize("place", ["base.json", "a/base.json", "other/base.json"])
    def test_it_does_not_matter_where_layerlint_runs(
        self, place: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for path in ("a/b/Dockerfile", "a/Dockerfile"):
            write(path)
        for name in ("elsewhere", "other"):
            Path(name).mkdir()
        baseline = tmp_path / place
        run("check", "--write-baseline", place)
        paths = {"base.json": "a/b/Dockerfile", "a/base.json": "b/Dockerfile", "other/base.json": "../a/b/Dockerfile"}
        assert paths[place] in [entry["path"] for entry in entries(place)]
        monkeypatch.chdir(folder)
        for named in (str(baseline), os.path.relpath(baseline)):
            for target in (str(tmp_path), os.path.relpath(tmp_path), str(tmp_path / "a" / "b" / "Dockerfile")):
                assert run("check", "-q", "--baseline", named, target) == (0, "", "")

    def test_a_link_on_the_way_does_not_matter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write("real/a/Dockerfile")
        Path("link").symlink_to("real")
        run("check", "real", "--write-baseline", "real/base.json")
        monkeypatch.chdir("link")
        for baseline in ("base.json", "../link/base.json", str(tmp_path / "real" / "base.json")):
            assert run("check", "-q", "--baseline", baseline) == (0, "", "")

    @pytest.mark.parametrize("name", ["é", "a b", "\udcff", "line\nfeed", '"quoted\\', "\u202e"])
    def test_names_that_are_hard_to_write(self, name: str) -> None:
        write(f"{name}/Dockerfile")
        run("check", "--write-baseline", "base.json")
        written = Path("base.json").read_text()
        assert written.isascii() or name == "é"
        assert written.count("\n") == 6
        assert new() == (0, [])

    def test_every_format_leaves_them_out(self) -> None:
        write("Dockerfile", "FROM python:3.12\nRUN pip install 2\n")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", "FROM python:3.12\nRUN pip install 2\nRUN pip install 3\n")
        assert sorted(OF_LINE) == sorted(FORMATS)
        without = {format_name: run("check", "--format", format_name)[1] for format_name in OF_LINE}
        for format_name, of_line in OF_LINE.items():
            status, output, errors = run("check", "--format", format_name, "--baseline", "base.json")
            assert (status, errors) == (1, "")
            old, new = (of_line.format(line) for line in (2, 3))
            assert old in without[format_name]
            assert (old in output, new in output) == (False, True)

    def test_the_summary_says_how_many(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", BAD + "RUN pip install new\n")
        summary = run("check", "--baseline", "base.json")[1].splitlines()[-1]
        assert summary == ("1 finding in 1 file (1 warning). 1 fixable with --fix. 1 finding in the baseline.")

    def test_standard_input_is_known_by_its_name(self) -> None:
        write("a/Dockerfile")
        run("check", "--write-baseline", "base.json")
        arguments = ("check", "-q", "--baseline", "base.json", "-", "--stdin-filename")
        assert run(*arguments, "a/Dockerfile", stdin=BAD) == (0, "", "")
        assert run(*arguments, "a/Dockerfile", stdin=CLEAN) == (0, "", "")
        assert run(*arguments, "b/Dockerfile", stdin=BAD)[0] == 1

    def test_a_comment_silences_what_the_baseline_has_and_is_used(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", BAD.replace("RUN", "# layerlint: ignore=PIP001\nRUN"))
        status, output, errors = run("check", "--baseline", "base.json")
        assert (status, output) == (0, "All clear: 1 file, nothing left in a layer.\n")
        assert errors.startswith("layerlint: base.json has 1 finding that is gone; ")

    def test_a_comment_that_silences_nothing_may_be_in_the_baseline(self) -> None:
        write("Dockerfile", FIXED.replace("RUN", "# layerlint: ignore=PIP001\nRUN"))
        run("check", "--write-baseline", "base.json")
        assert [entry["rule"] for entry in entries()] == ["LL001"]
        assert new() == (0, [])


class TestConfiguration:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a/.layerlint.yaml", "baseline: in/base.json\n"),
            ("a/pyproject.toml", '[tool.layerlint]\nbaseline = "in/base.json"\n'),
        ],
    )
    def test_its_path_is_relative_to_the_configuration(self, name: str, content: str) -> None:
        write("a/b/Dockerfile")
        write("Dockerfile")
        Path("a/in").mkdir()
        run("check", "--write-baseline", "a/in/base.json")
        write(name, content)
        assert check() == (1, ["Dockerfile:2 warning PIP001"], {"files": 2, "findings": 1, "fixed": 0, "errors": 0})
        assert run("check", "-q", "--config", name) == (0, "", "")
        assert run("check", "-q", "--no-baseline", "a")[0] == 1
        assert run("check", "-q", "--isolated", "a")[0] == 1

    def test_the_command_line_is_stronger(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "full.json")
        write("empty.json", '{"layerlint-baseline": 1, "findings": []}')
        write(".layerlint.yaml", "baseline: full.json\n")
        assert run("check", "-q")[0] == 0
        assert run("check", "-q", "--baseline", "empty.json")[0] == 1

    def test_it_can_be_named_before_it_is_there(self) -> None:
        write("Dockerfile")
        write("a/.layerlint.yaml", "baseline: ../base.json\n")
        write("a/Dockerfile")
        assert run("check") == (
            2,
            "",
            "a/.layerlint.yaml:1:11: error: the baseline cannot be read\n"
            "  base.json: there is no such file or folder\n"
            "  help: write it: layerlint check --write-baseline base.json\n",
        )
        run("check", "--write-baseline", "base.json")
        assert run("check", "-q", "a") == (0, "", "")

    def test_all_mistakes_at_once(self) -> None:
        write("Dockerfile", BROKEN)
        write("a/Dockerfile")
        write(".layerlint.yaml", "baseline: none.json\nselect: [PIPP]\n")
        write("a/.layerlint.yaml", 'baseline: "a\\0b"\n')
        status, output, errors = run("check", "--ignore", "X")
        assert (status, output) == (2, "")
        assert [line for line in errors.splitlines() if "error:" in line] == [
            ".layerlint.yaml:1:11: error: the baseline cannot be read",
            "a/.layerlint.yaml:1:11: error: the baseline cannot be read",
            'layerlint: error: --ignore: unknown rule "X"',
            '.layerlint.yaml:2:10: error: unknown rule "PIPP"',
        ]


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


class TestFixing:
    def test_what_is_not_reported_is_not_fixed(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        old_and_new = BAD + "RUN pip install b\n"
        fixed = BAD + "RUN pip install --no-cache-dir b\n"
        write("Dockerfile", old_and_new)
        patch = run("check", "--diff", "--baseline", "base.json")[1]
        assert "-RUN pip install b\n+RUN pip install --no-cache-dir b\n" in patch
        assert patch.count("\n+") == 2
        assert run("check", "--fix", "--baseline", "base.json") == (
            0,
            "Fixed 1 finding. Nothing new in 1 file. 1 finding in the baseline.\n",
            "",
        )
        assert Path("Dockerfile").read_text() == fixed
        run("check", "--fix")
        assert "RUN pip install a" not in Path("Dockerfile").read_text()

    def test_a_fix_that_touches_a_known_line_makes_it_new_as_any_change_does(self) -> None:
        write("Dockerfile", "FROM python:3.12\nRUN pip install a && pip install b\n")
        run("check", "--write-baseline", "base.json")
        first, _ = entries()
        write("base.json", json.dumps({"layerlint-baseline": 1, "findings": [first]}))
        assert new()[1] == ["Dockerfile:2 PIP001"]
        run("check", "--fix", "--baseline", "base.json")
        assert Path("Dockerfile").read_text().count("--no-cache-dir") == 2
        assert new("--quiet") == (0, [])


HOSTILE = [
    pytest.param(
        "",
        ":1:1: error: this is not JSON\n  Expecting value\n  help: mend it, or write it anew: {command}\n",
        id="empty",
    ),
    pytest.param(
        '{"layerlint-baseline": 1,\n<<<<<<< HEAD\n',
        ":2:1: error: this is not JSON\n  Expecting property name enclosed in double quotes\n"
        "  help: mend it, or write it anew: {command}\n",
        id="a merge that was not finished",
    ),
    pytest.param(
        b"\xff\xfe{",
        ": error: the baseline is not UTF-8\n  byte 1 is not part of any character\n"
        "  help: mend it, or write it anew: {command}\n",
        id="not UTF-8",
    ),
    pytest.param(
        '{"version": 1, "findings": []}',
        ': error: this is not a baseline\n  the key "layerlint-baseline" is missing\n  help: write one: {command}\n',
        id="a report",
    ),
    pytest.param(
        "[]",
        ': error: this is not a baseline\n  the key "layerlint-baseline" is missing\n  help: write one: {command}\n',
        id="a list",
    ),
    *(
        pytest.param(
            f'{{"layerlint-baseline": {version}, "findings": []}}',
            f": error: the baseline cannot be read\n  it has version {version}, and this layerlint reads version 1\n"
            "  help: use the layerlint that wrote it, or write it anew: {command}\n",
            id=f"version {version}",
        )
        for version in ("2", "true", "1.0", '"1"', "NaN", "null")
    ),
    pytest.param(
        '{"layerlint-baseline": 1}',
        ':1:1: error: missing key "findings"\n  it must be given\n  help: write it anew: {command}\n',
        id="no findings",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": {}}',
        ':1:39: error: "findings" has the wrong type\n  it must be a list, and here is a mapping\n'
        "  help: write it anew: {command}\n",
        id="findings are no list",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": [],\n"x": 1}',
        ':2:1: error: unknown key "x"\n  known keys: layerlint-baseline, findings\n  help: write it anew: {command}\n',
        id="unknown key",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": [\n{"path": "a", "rule": 1, "fingerprint": "b"},\n{"path": "a", "rule": "b"}]}',
        ':2:23: error: "rule" has the wrong type\n  it must be text, and here is the number 1\n'
        "  help: write it anew: {command}\n"
        'base.json:3:1: error: missing key "fingerprint"\n  it must be given\n  help: write it anew: {command}\n',
        id="entries",
    ),
    pytest.param(
        "[" * 100_000,
        ": error: this is not a baseline\n  it is nested too deep, or a number in it is too long\n"
        "  help: mend it, or write it anew: {command}\n",
        id="deep",
    ),
    pytest.param(
        '{"layerlint-baseline": ' + "1" * 5000 + "}",
        ": error: this is not a baseline\n  it is nested too deep, or a number in it is too long\n"
        "  help: mend it, or write it anew: {command}\n",
        id="a long number",
    ),
    pytest.param(
        b" " * (16 * 1024 * 1024 + 1),
        ": error: the baseline cannot be read\n  the file is larger than 16384 KiB\n"
        "  help: give the path of a file that --write-baseline wrote\n",
        id="too big",
    ),
]


class TestBrokenFiles:
    @pytest.mark.parametrize(("content", "message"), HOSTILE)
    def test_the_run_stops_before_any_file_is_read(self, content: str | bytes, message: str) -> None:
        write("Dockerfile", BROKEN)
        Path("base.json").write_bytes(content if isinstance(content, bytes) else content.encode())
        command = "layerlint check --write-baseline base.json"
        assert run("check", "--baseline", "base.json") == (2, "", "base.json" + message.format(command=command))

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            pytest.param(
                "no\x1b[31m.json",
                "no\\x1b[31m.json: error: the baseline cannot be read\n  there is no such file or folder\n"
                "  help: write it: layerlint check --write-baseline 'no\\x1b[31m.json'\n",
                id="not there",
            ),
            pytest.param(
                ".",
                ".: error: the baseline cannot be read\n  this is a folder, not a file\n"
                "  help: give the path of a file that --write-baseline wrote\n",
                id="a folder",
            ),
            pytest.param(
                "",
                "layerlint: error: the baseline cannot be read\n  this is a folder, not a file\n"
                "  help: give the path of a file that --write-baseline wrote\n",
                id="an empty name",
            ),
        ],
    )
    def test_a_path_that_leads_to_none(self, path: str, message: str) -> None:
        write("Dockerfile")
        assert run("check", "--baseline", path) == (2, "", message)

    def test_ten_mistakes_are_enough(self) -> None:
        write("base.json", json.dumps({"layerlint-baseline": 1, "findings": [1] * 1000}))
        assert run("check", "--baseline", "base.json")[2].count("error:") == 10

    @pytest.mark.parametrize(
        "path", ["\ud800", "\0", "", "/etc/none", "a/../../none", "\x1b[31m", "x" * 5000, "Dockerfile/below"], ids=ascii
    )
    def test_paths_that_no_file_has_are_gone_or_somebody_elses(self, path: str) -> None:
        write("Dockerfile", CLEAN)
        write("base.json", json.dumps({"layerlint-baseline": 1, "findings": [Entry(path, "PIP001", "x")._asdict()]}))
        status, output, errors = run("check", "--statistics", "--baseline", "base.json")
        assert (status, output) == (0, "All clear: 1 file, nothing left in a layer.\n")
        assert ("gone" in errors) == (path not in ("/etc/none", ""))
        assert "\x1b" not in errors

    def test_a_byte_order_mark_and_another_layout_are_read(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        content = json.loads(Path("base.json").read_text())
        Path("base.json").write_text("\ufeff" + json.dumps(content, indent=4).replace("\n", "\r\n"), encoding="utf-8")
        assert new() == (0, [])


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
