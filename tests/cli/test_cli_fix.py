"""What the command line does to files: fixing in place, showing a patch, standard input."""

# ruff: noqa: E501, ISC004, PTH101

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.program import BAD, BROKEN, FIXED, MOUNTED, check, run, run_unprivileged, write

CLEAN = "FROM python:3.12\n"
ENDLESS = """
id: TST001
name: not-long-enough
severity: error
summary: The command could be longer.
message: it is too short
advice: Make it longer.
note: Its fix makes it longer, and the rule finds the longer one too short.
when: {command: {name: pip}}
fixes: [{title: Make it longer, safety: safe, replace: {place: command, by: "{command} y"}}]
"""


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class TestFixing:
    def test_fix_writes_and_reports_what_is_left(self) -> None:
        write("Dockerfile", MOUNTED + "RUN pip install b\n")
        assert check("--fix") == (
            0,
            ["Dockerfile:2 info PIP002"],
            {"files": 1, "findings": 1, "fixed": 1, "errors": 0},
        )
        assert Path("Dockerfile").read_text() == MOUNTED + "RUN pip install --no-cache-dir b\n"

    @pytest.mark.parametrize(("format_name", "key"), [("json", "rule"), ("sarif", "ruleId")])
    def test_reports_of_a_run_that_fixes_have_what_is_left(self, format_name: str, key: str) -> None:
        write("Dockerfile", MOUNTED + "RUN pip install b\n")
        status, printed, _ = run("check", "--fix", "--format", format_name)
        assert (status, Path("Dockerfile").read_text()) == (0, MOUNTED + "RUN pip install --no-cache-dir b\n")
        report = json.loads(printed)
        found = report["findings"] if format_name == "json" else report["runs"][0]["results"]
        assert [each[key] for each in found] == ["PIP002"]

    def test_nothing_left_is_clean(self) -> None:
        write("Dockerfile")
        assert check("--fix") == (0, [], {"files": 1, "findings": 0, "fixed": 1, "errors": 0})
        assert check("--fix") == (0, [], {"files": 1, "findings": 0, "fixed": 0, "errors": 0})
        assert Path("Dockerfile").read_text() == FIXED

    @pytest.mark.parametrize("text", [MOUNTED, CLEAN, BROKEN + "RUN pip install a\n"])
    def test_a_file_that_is_not_fixed_is_not_written(self, text: str) -> None:
        write("Dockerfile", text)
        os.utime("Dockerfile", (1, 1))
        run("check", "--fix")
        assert Path("Dockerfile").stat().st_mtime == 1
        assert Path("Dockerfile").read_text() == text

    def test_what_is_not_fixed_says_why_with_and_without_fix(self) -> None:
        write("Dockerfile", BAD + "WRONG\n")
        for arguments in ([], ["--fix"]):
            output = run("check", *arguments)[1]
            assert "the file has errors, and is only fixed once they are mended" in output
            assert "(--fix)" not in output
            assert "1 finding in 1 file (1 warning). 1 file could not be checked in full" in output

    def test_a_file_that_cannot_be_written_is_an_error_and_its_findings_are_still_there(self) -> None:
        write("Dockerfile")
        os.chmod("Dockerfile", 0o444)
        status, output, errors = run_unprivileged("check", "--fix")
        assert (status, errors) == (2, "")
        assert output.startswith(
            "Dockerfile: error: the fixed file was not written: the file is read-only\n\nDockerfile:2:5: warning PIP001 "
        )
        assert Path("Dockerfile").read_text() == BAD

    @pytest.mark.parametrize("arguments", [["--diff"], ["--format", "patch"], ["--diff", "--format", "patch"]], ids=str)
    def test_diff_writes_nothing(self, arguments: list[str]) -> None:
        write("Dockerfile")
        write("a/Dockerfile", BROKEN)
        assert run("check", *arguments) == (
            2,
            "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,2 @@\n FROM python:3.12\n"
            "-RUN pip install a\n+RUN pip install --no-cache-dir a\n",
            "a/Dockerfile:2:1: error: There is no instruction `WRONG`.\n",
        )
        assert Path("Dockerfile").read_text() == BAD

    @pytest.mark.parametrize("arguments", [["--fix"], ["--diff"], ["--output", "patch=changes"]], ids=" ".join)
    def test_fixes_that_do_not_come_to_an_end_are_an_error(self, arguments: list[str]) -> None:
        write("Dockerfile")
        write("endless.yaml", ENDLESS)
        status, output, errors = run("check", "--rules", "endless.yaml", "--select", "TST001", *arguments)
        said = "Dockerfile: error: the fixes do not come to an end: TST001 still changes the file after 10 rounds. "
        assert (status, (errors or output)[: len(said)]) == (2, said)
        assert errors if arguments == ["--diff"] else not errors
        assert Path("Dockerfile").read_text() == BAD

    @pytest.mark.parametrize("said", ["on the command line", "in the configuration", "both, and the command line wins"])
    def test_the_way_to_fix(self, said: str) -> None:
        write("Dockerfile")
        arguments = ["--fix-with", "env"] if said != "in the configuration" else []
        if said != "on the command line":
            write(".layerlint.yaml", f"fix-with: {'flag' if arguments else 'env'}\n")
        assert check("--fix", *arguments)[0] == 0
        assert Path("Dockerfile").read_text() == "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install a\n"

    def test_a_mount_is_only_made_with_unsafe_fixes(self) -> None:
        write("Dockerfile")
        assert check("--fix", "--fix-with", "mount")[0] == 1
        assert Path("Dockerfile").read_text() == BAD
        assert "1 fixable with --fix --unsafe-fixes." in run("check", "--fix-with", "mount")[1]
        assert check("--fix", "--fix-with", "mount", "--unsafe-fixes")[0] == 0
        assert (
            "RUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install a\n" in Path("Dockerfile").read_text()
        )

    @pytest.mark.parametrize(
        ("config", "arguments", "unsafe"),
        [
            pytest.param("", [], False, id="not said"),
            pytest.param("unsafe-fixes: true\n", [], True, id="configured"),
            pytest.param("unsafe-fixes: true\n", ["--no-unsafe-fixes"], False, id="the command line wins: no"),
            pytest.param("unsafe-fixes: false\n", ["--unsafe-fixes"], True, id="the command line wins: yes"),
            pytest.param("unsafe-fixes: true\n", ["--isolated"], False, id="isolated"),
        ],
    )
    def test_unsafe_fixes_can_be_configured(self, config: str, arguments: list[str], unsafe: bool) -> None:
        write("Dockerfile")
        write(".layerlint.yaml", config)
        assert check("--fix", "--fix-with", "mount", *arguments)[0] == int(not unsafe)
        assert ("--mount=type=cache" in Path("Dockerfile").read_text()) is unsafe

    @pytest.mark.parametrize("arguments", [["--diff"], ["--format", "patch"], ["--output", "patch=p"]], ids=str)
    def test_a_patch_that_leaves_out_unsafe_fixes_says_so(self, arguments: list[str]) -> None:
        write("Dockerfile")
        assert run("check", *arguments)[2] == ""
        for count in ("1 finding has", "2 findings have"):
            status, output, errors = run("check", *arguments, "--fix-with", "mount")
            if "--output" in arguments:
                assert "fixable with --fix --unsafe-fixes" in output, "the text says it"
                assert errors == ""
            else:
                assert (output, errors) == ("", f"layerlint: {count} only unsafe fixes: add --unsafe-fixes\n")
            assert status == 1
            write("c/Dockerfile")
        assert run("check", *arguments, "--fix-with", "mount", "--quiet")[2] == ""
        assert run("check", *arguments, "--fix-with", "mount", "--unsafe-fixes")[2] == ""
        assert run("check", "--add-ignores", "--diff", "--fix-with", "mount")[2] == ""

    def test_a_way_that_there_is_not(self) -> None:
        status, _, errors = run("check", "--fix-with", "magic")
        assert status == 2
        assert "'magic' is not one of 'flag', 'mount', 'env'" in errors
        write(".layerlint.yaml", "fix-with: magic\n")
        write("Dockerfile")
        status, _, errors = run("check")
        assert status == 2
        assert errors.startswith(".layerlint.yaml:1:11: error: ")

    def test_a_run_that_fixed_something_fails_if_it_is_told_to(self) -> None:
        write("Dockerfile")
        assert check("--fix", "--exit-non-zero-on-fix") == (
            1,
            [],
            {"files": 1, "findings": 0, "fixed": 1, "errors": 0},
        )
        assert check("--fix", "--exit-non-zero-on-fix")[0] == 0

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_fixing_a_folder(self, jobs: str) -> None:
        for number in range(30):
            write(f"{number}/Dockerfile")
        assert check("--fix", "--jobs", jobs) == (0, [], {"files": 30, "findings": 0, "fixed": 30, "errors": 0})
        assert {Path(f"{number}/Dockerfile").read_text() for number in range(30)} == {FIXED}

    @pytest.mark.parametrize("arguments", [["--format", "patch"], ["--diff"]], ids=str)
    def test_the_diff_is_what_fix_changes_and_git_takes_it(self, arguments: list[str]) -> None:
        texts = {
            "Dockerfile": BAD,
            "a b/é.dockerfile": "\ufeff" + BAD.replace("\n", "\r\n") + "RUN pip install \\\r\n  b",
            "c/Dockerfile": MOUNTED,
            "d/Containerfile": "FROM a\n" * 40 + "RUN pip download x && pip3 install y",
        }
        for path, text in texts.items():
            write(path, text)
        subprocess.run(["git", "init", "-q"], check=True)
        Path("changes").write_bytes(run("check", *arguments)[1].encode())
        assert {path: Path(path).read_bytes().decode() for path in texts} == texts
        subprocess.run(["git", "apply", "changes"], check=True)
        applied = {path: Path(path).read_bytes().decode() for path in texts}
        for path, text in texts.items():
            write(path, text)
        run("check", "--fix")
        assert {path: Path(path).read_bytes().decode() for path in texts} == applied
        assert [path for path in texts if texts[path] == applied[path]] == ["c/Dockerfile"]


class TestStandardInput:
    def test_it_is_called_as_it_should_be(self) -> None:
        assert check("-", stdin=BAD)[1] == ["-:2 warning PIP001"]
        write("a/.layerlint.yaml", "ignore: [PIP001]\n")
        assert check("-", "--stdin-filename", "a/x", stdin=BAD)[:2] == (0, [])
        assert check("-", "--stdin-filename", "b/x", stdin=BAD)[1] == ["b/x:2 warning PIP001"]

    def test_fixing_it_prints_it(self) -> None:
        status, output, errors = run("check", "--fix", "-", stdin=BAD.replace("\n", "\r\n"))
        assert (status, output) == (0, FIXED.replace("\n", "\r\n"))
        assert errors == "Fixed 1 finding. All clear: 1 file, nothing left in a layer.\n"

    @pytest.mark.parametrize("text", [BROKEN, "", "FROM a\nRUN <<EOF\n", "\ufeffFROM a"])
    def test_what_cannot_be_fixed_comes_back_as_it_was(self, text: str) -> None:
        assert run("check", "--fix", "-", stdin=text)[1] == text

    def test_it_stands_alone(self) -> None:
        assert run("check", "-", ".") == (
            2,
            "",
            'layerlint: error: "-" stands beside other paths\n  standard input is checked alone\n',
        )
