from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import failed, lint, render, report

from layerlint.finding import FileError, FileReport
from layerlint.fixing import fixer
from layerlint.reporters.patch import unified_diff
from layerlint.source.line_diff import changes
from layerlint.source.source import Source, encode

NEEDS_TOOLS = pytest.mark.skipif(
    not (shutil.which("git") and shutil.which("patch")), reason="git or patch is not installed"
)


def test_the_whole_patch() -> None:
    lines = [f"# {number}" for number in range(20)]
    lines[5] = lines[8] = lines[19] = "RUN pip install b"
    assert render("patch", report("./app/Dockerfile", "\n".join(lines))) == (
        "--- a/app/Dockerfile\n+++ b/app/Dockerfile\n"
        "@@ -3,10 +3,10 @@\n # 2\n # 3\n # 4\n-RUN pip install b\n+RUN pip install --no-cache-dir b\n # 6\n # 7\n"
        "-RUN pip install b\n+RUN pip install --no-cache-dir b\n # 9\n # 10\n # 11\n"
        "@@ -17,4 +17,4 @@\n # 16\n # 17\n # 18\n-RUN pip install b\n\\ No newline at end of file\n"
        "+RUN pip install --no-cache-dir b\n\\ No newline at end of file\n"
    )


@pytest.mark.parametrize(
    ("between", "headers"),
    [
        pytest.param(6, ["@@ -1,8 +1,8 @@"], id="contexts that meet are one hunk"),
        pytest.param(7, ["@@ -1,4 +1,4 @@", "@@ -6,4 +6,4 @@"], id="contexts that do not meet are two"),
    ],
)
def test_hunks_never_share_a_line(between: int, headers: list[str]) -> None:
    text = "RUN pip install b\n" + "".join(f"# {number}\n" for number in range(between)) + "RUN pip install b\n"
    printed = render("patch", report("Dockerfile", text))
    assert [line for line in printed.splitlines() if line.startswith("@@")] == headers


def test_an_empty_side_is_counted_from_the_line_before() -> None:
    assert "@@ -0,0 +1 @@\n+a\n" in "".join(unified_diff("Dockerfile", b"", b"a\n"))
    assert "@@ -1 +0,0 @@\n-a\n" in "".join(unified_diff("Dockerfile", b"a\n", b""))


def test_lines_that_moved_are_matched_where_they_occur_once() -> None:
    old, new = [b"a", b"x", b"b", b"x", b"c"], [b"new", b"a", b"x", b"new", b"b", b"x", b"c", b"new"]
    assert changes(old, new) == [(0, 0, 0, 1), (2, 2, 3, 4), (5, 5, 7, 8)]


def test_nothing_to_fix_is_an_empty_patch() -> None:
    found = report("Dockerfile", "RUN pip install b\n")
    broken = FileReport(found.path, found.source, found.findings, (FileError("Dockerfile", 1, 1, "unknown"),))
    assert render("patch", report("Dockerfile", "FROM a\n"), failed("x", "unreadable"), broken) == ""


def test_the_patch_takes_the_bytes_that_it_is_given() -> None:
    printed = render("patch", replace(report("Dockerfile", "RUN pip install b\n"), mended=b"RUN true\n"))
    assert printed == "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1 +1 @@\n-RUN pip install b\n+RUN true\n"


NAMES = [
    pytest.param("Dockerfile", "a/Dockerfile", id="plain"),
    pytest.param("./x//../Dockerfile.b", "a/Dockerfile.b", id="not in its shortest form"),
    pytest.param("my app/Dockerfile", "a/my app/Dockerfile\t", id="space"),
    pytest.param("é/Dockerfile", '"a/\\303\\251/Dockerfile"', id="not ASCII"),
    pytest.param("日本 x/Dockerfile", '"a/\\346\\227\\245\\346\\234\\254 x/Dockerfile"', id="not ASCII, and a space"),
    pytest.param('a"b\\c.Dockerfile', '"a/a\\"b\\\\c.Dockerfile"', id="quote and backslash"),
    pytest.param("tab\there.Dockerfile", '"a/tab\\there.Dockerfile"', id="tab"),
    pytest.param("bell\x07esc\x1b.Dockerfile", '"a/bell\\aesc\\033.Dockerfile"', id="control characters"),
    pytest.param("latin\udce9.Dockerfile", '"a/latin\\351.Dockerfile"', id="not UTF-8"),
]


@pytest.mark.parametrize(("path", "quoted"), NAMES)
def test_names_are_quoted_as_git_does(path: str, quoted: str) -> None:
    header = "".join(unified_diff(path, b"a", b"b")).splitlines()[0]
    assert header == f"--- {quoted}"


def test_an_absolute_path_is_below_the_root_that_patch_is_run_in() -> None:
    assert "".join(unified_diff("/srv/Dockerfile", b"a", b"b")).startswith(
        "--- a/srv/Dockerfile\n+++ b/srv/Dockerfile\n"
    )


CONTENTS = [
    pytest.param(b"FROM a\nRUN pip install b\n", id="line feeds"),
    pytest.param(b"FROM a\r\nRUN pip install b\r\nRUN c\r\n", id="CRLF"),
    pytest.param(b"FROM a\r\nRUN pip install b\nRUN c\r\n", id="mixed line endings"),
    pytest.param(b"FROM a\nRUN pip install b", id="no last newline, on the changed line"),
    pytest.param(b"RUN pip install b\n\n\n\n\nUSER c", id="no last newline, far from the change"),
    pytest.param(b"RUN pip install b\nUSER c", id="no last newline, in the context"),
    pytest.param(b"\xef\xbb\xbfRUN pip install b\n", id="byte-order mark"),
    pytest.param(b"RUN pip install \xff\xe9 \x1b[31m\n# \x80\n", id="not UTF-8"),
    pytest.param(b"RUN pip install a\rRUN pip install b\n", id="lone carriage return"),
    pytest.param(b"RUN pip install b   \n\t\n \n", id="trailing white space"),
    pytest.param(b"RUN pip install b\n" * 30, id="the same line again and again"),
    pytest.param(b"--- a\n+++ b\n@@ -1 +1 @@\nRUN pip install b\n", id="lines that look like a patch"),
    pytest.param(b"RUN a\x0b\x0c\x85\xe2\x80\xa8 pip install b\n", id="what str.splitlines takes for line endings"),
]


def mend(found: FileReport) -> bytes:
    assert found.source is not None
    return fixer.apply(found.source.data, fixer.choose(found.findings, unsafe=False).edits)


def applied(folder: Path, reports: list[FileReport], command: list[str]) -> list[bytes]:
    """What the files are once `command` took the patch of all of them on its standard input."""
    for each in reports:
        assert each.source is not None
        path = os.fsencode(folder) + b"/" + encode(each.path)
        Path(os.fsdecode(path)).parent.mkdir(parents=True, exist_ok=True)
        Path(os.fsdecode(path)).write_bytes(each.source.data)
    run = subprocess.run(command, input=encode(render("patch", *reports)), cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode(errors="replace") + run.stdout.decode(errors="replace")
    assert b"fuzz" not in run.stdout
    return [Path(os.fsdecode(os.fsencode(folder) + b"/" + encode(each.path))).read_bytes() for each in reports]


@NEEDS_TOOLS
@pytest.mark.parametrize("command", [["git", "apply"], ["patch", "-p1"]], ids=["git", "patch"])
@pytest.mark.parametrize("content", CONTENTS)
def test_real_tools_take_every_content(tmp_path: Path, command: list[str], content: bytes) -> None:
    found = report("app/Dockerfile", content)
    assert applied(tmp_path, [found], command) == [mend(found)]
    assert mend(found) != content


@NEEDS_TOOLS
@pytest.mark.parametrize("command", [["git", "apply"], ["patch", "-p1"]], ids=["git", "patch"])
def test_real_tools_take_every_name_in_one_patch(tmp_path: Path, command: list[str]) -> None:
    reports = [report(str(name.values[0]), b"FROM a\nRUN pip install b\n") for name in NAMES]
    assert applied(tmp_path, reports, command) == [mend(each) for each in reports]


REPEATED = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\r\n", b"\n"]), max_size=30)
# Most lines of a real file occur once.
LINES = (
    REPEATED
    | st.lists(st.integers(0, 12).map(lambda number: b"%d\n" % number), unique=True)
    | st.permutations([b"%d\n" % number for number in range(8)] + [b"\n"] * 4)
)


@given(old=LINES, new=LINES)
def test_changes_turn_one_version_into_the_other(old: list[bytes], new: list[bytes]) -> None:
    result: list[bytes] = []
    at = 0
    for change in changes(old, new):
        assert change.old_start > at or at == 0
        assert (change.old_end - change.old_start) + (change.new_end - change.new_start) > 0
        result += old[at : change.old_start]
        assert change.new_start == len(result)
        result += new[change.new_start : change.new_end]
        at = change.old_end
    assert result + old[at:] == new


@given(st.lists(st.sampled_from(["RUN pip install a", "RUN b", "# c", "RUN pip install d"]), max_size=40))
def test_only_lines_with_an_edit_are_in_the_patch(lines: list[str]) -> None:
    text = "".join(line + "\n" for line in lines)
    printed = render("patch", report("Dockerfile", text)).splitlines()
    removed = [line[1:] for line in printed if line.startswith("-") and not line.startswith("---")]
    assert removed == [line for line in lines if "pip" in line]


@NEEDS_TOOLS
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"", b"RUN a\n", id="from nothing"),
        pytest.param(b"a\n", b"ENV x\na\n", id="a line before the first"),
        pytest.param(b"a\nb", b"a\nb\nc", id="a line after one without a newline"),
        pytest.param(b"a\nb\nc\nd\ne\nf\ng\nh\ni\n", b"a\nb\nx\ny\nc\nd\ne\nf\ng\nh\n", id="lines come and go"),
        pytest.param(b"a\n" * 20, b"a\n" * 9 + b"b\n" + b"a\n" * 12, id="a line among equal ones"),
    ],
)
@pytest.mark.parametrize("command", [["git", "apply"], ["patch", "-p1"]], ids=["git", "patch"])
def test_real_tools_take_fixes_that_add_lines(tmp_path: Path, command: list[str], old: bytes, new: bytes) -> None:
    (tmp_path / "Dockerfile").write_bytes(old)
    patch = encode("".join(unified_diff("Dockerfile", old, new)))
    subprocess.run(command, input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / "Dockerfile").read_bytes() == new


def test_linting_what_was_patched_finds_nothing() -> None:
    found = report("Dockerfile", b"RUN pip install a && pip install b\n")
    assert lint(Source("Dockerfile", mend(found))).findings == ()
