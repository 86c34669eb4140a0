from __future__ import annotations

import re
from typing import Any

import pytest
from report_samples import failed, finding_at, lint, related_to, render, report

from layerlint.finding import (
    Edit,
    FileError,
    FileReport,
    Fix,
    InstructionPlace,
    Related,
    Safety,
    Severity,
)
from layerlint.source.source import Source, Span

MOUNT = Fix("Mount a cache at /root/.cache/pip", Safety.UNSAFE, (Edit(10, 10, " --mount=type=cache"),))
LONG_RUN = Source(
    "app/Dockerfile",
    b"FROM python:3.12\nENV PIP_NO_CACHE_DIR=\n\nRUN set -eux; \\\n    apt-get update; \\\n"
    b"    apt-get install gcc; \\\n    pip install flask; \\\n    true\n",
)


def shown(source: Source, text: str, **fields: Any) -> str:
    return render("text", FileReport(source.path, source, (finding_at(source, text, **fields),)))


def block(source: Source, text: str, **fields: Any) -> str:
    """The finding's lines without those for advice and fix, and without the summary."""
    printed = shown(source, text, **{"advice": "", "fixes": (), **fields})
    return printed.rpartition("\n\n")[0]


def test_a_finding_with_everything() -> None:
    printed = shown(
        LONG_RUN,
        "pip install",
        instruction=InstructionPlace("RUN", 4, 8, Span(40, 140)),
        related=(related_to(LONG_RUN, "PIP_NO_CACHE_DIR=", "an empty value turns nothing off"),),
        fixes=(finding_at(LONG_RUN, "pip install").fixes[0], MOUNT),
    )
    assert (
        printed
        == """\
app/Dockerfile:7:5: warning PIP001 pip install leaves /root/.cache/pip in this layer
 4 | RUN set -eux; \\
...
 7 |     pip install flask; \\
   |     ^^^^^^^^^^^
   = note: an empty value turns nothing off
 2 | ENV PIP_NO_CACHE_DIR=
   |     ^^^^^^^^^^^^^^^^^
   = help: Add --no-cache-dir
   = fix: Add --no-cache-dir (--fix)
   = fix: Mount a cache at /root/.cache/pip (--fix --unsafe-fixes)

1 finding in 1 file (1 warning). 1 fixable with --fix.
"""
    )


def test_a_finding_that_cannot_be_fixed() -> None:
    printed = shown(LONG_RUN, "set", severity=Severity.ERROR, fixes=(), advice="", unfixable="uid of $USER is unknown")
    assert (
        printed
        == """\
app/Dockerfile:4:5: error PIP001 pip install leaves /root/.cache/pip in this layer
 4 | RUN set -eux; \\
   |     ^^^
   = no fix: uid of $USER is unknown

1 finding in 1 file (1 error).
"""
    )


@pytest.mark.parametrize(
    ("line", "culprit", "expected"),
    [
        pytest.param("RUN pip install b", "pip install", ["RUN pip install b", "    ^^^^^^^^^^^"], id="plain"),
        pytest.param("RUN\tpip\tb", "pip", ["RUN    pip    b", "       ^^^"], id="tabs are four spaces"),
        pytest.param("RUN pip\tinstall", "pip\tinstall", ["RUN pip    install", "    ^^^^^^^^^^^^^^"], id="tab inside"),
        pytest.param("日本 pip b", "pip", ["日本 pip b", "     ^^^"], id="wide characters take two columns"),
        pytest.param("RUN 日本 b", "日本", ["RUN 日本 b", "    ^^^^"], id="wide culprit"),
        pytest.param("e\u0301 pip b", "pip", ["e\u0301 pip b", "  ^^^"], id="combining characters take none"),
        pytest.param("\x1b[2J pip b", "pip", ["␛[2J pip b", "     ^^^"], id="escape sequences are shown"),
        pytest.param("\u202e pip b", "pip", ["<U+202E> pip b", "         ^^^"], id="bidirectional controls are shown"),
        pytest.param("\udcff pip b", "pip", ["\ufffd pip b", "  ^^^"], id="not UTF-8"),
        pytest.param("\ufeffRUN pip b", "pip", ["RUN pip b", "    ^^^"], id="a byte-order mark takes no column"),
        pytest.param("RUN pip b   \r", "pip", ["RUN pip b", "    ^^^"], id="trailing white space and CRLF"),
        pytest.param("RUN", "", ["RUN", "^"], id="an empty culprit is still marked"),
    ],
)
def test_the_marks_stand_under_the_culprit(line: str, culprit: str, expected: list[str]) -> None:
    source = Source("Dockerfile", line.encode("utf-8", "surrogateescape") + b"\nUSER x\n")
    assert block(source, culprit).splitlines()[1:] == [f" 1 | {expected[0]}", f"   | {expected[1]}"]


def test_a_culprit_of_some_lines_is_marked_on_each() -> None:
    source = Source("Dockerfile", b"RUN pip \\\n# why\n   install b\n")
    assert block(source, "pip \\\n# why\n   install").splitlines()[1:] == [
        " 1 | RUN pip \\",
        "   |     ^^^^^",
        " 2 | # why",
        "   | ^^^^^",
        " 3 |    install b",
        "   |    ^^^^^^^",
    ]


def test_of_a_culprit_of_many_lines_the_first_and_the_last_are_shown() -> None:
    source = Source("Dockerfile", b"RUN <<EOF\na\nb\nc\nd\nEOF\nUSER x\n")
    assert block(source, "RUN <<EOF\na\nb\nc\nd\nEOF").splitlines()[1:] == [
        " 1 | RUN <<EOF",
        "   | ^^^^^^^^^",
        " 2 | a",
        "   | ^",
        "...",
        " 6 | EOF",
        "   | ^^^",
    ]


def test_a_culprit_that_ends_in_a_line_feed_stays_on_its_line() -> None:
    source = Source("Dockerfile", b"USER a\nUSER b\n")
    assert block(source, "USER a\n").splitlines()[1:] == [" 1 | USER a", "   | ^^^^^^"]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("filler", ["x", "é", "日", "\t", "\x1b", "\u202e", "\udcff"])
@pytest.mark.parametrize(("before", "after"), [(0, 1000), (1000, 0), (1000, 1000), (30, 1000), (1000, 30), (30, 30)])
def test_long_lines_are_cut_around_the_culprit(width: int, filler: str, before: int, after: int) -> None:
    data = (filler * before + "pip install" + filler * after + "\n").encode("utf-8", "surrogateescape")
    source = Source("Dockerfile", data)
    finding = finding_at(source, "pip install")
    lines = render("text", FileReport("Dockerfile", source, (finding,)), width=width).splitlines()[1:3]
    text, marks = (line[5:] for line in lines)
    columns = "".join(char + "\0" * (char == "日") for char in text)
    assert len(columns) <= width - 5
    marked = columns[marks.index("^") : marks.index("^") + len(marks.strip())]
    assert marked == "pip install"
    assert text.count("…") == (text.startswith("…")) + (text.endswith("…"))
    if before == after == 1000:
        assert text.startswith("…")
        assert text.endswith("…")
        assert len(columns) > (width - 5) // 2


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(100, 100, "…xxxxxxx pip xxxxxxxxxxxxxxxxxxxxxxxxxx…", id="both sides"),
        pytest.param(100, 5, "…xxxxxxxxxxxxxxxxxxxxxxxxxxxx pip xxxxx", id="what is not needed behind is used before"),
        pytest.param(5, 100, "xxxxx pip xxxxxxxxxxxxxxxxxxxxxxxxxxxx…", id="what is not needed before is used behind"),
    ],
)
def test_where_long_lines_are_cut(before: int, after: int, expected: str) -> None:
    source = Source("Dockerfile", b"x" * before + b" pip " + b"x" * after + b"\n")
    printed = render("text", FileReport("Dockerfile", source, (finding_at(source, "pip"),)), width=45)
    assert printed.splitlines()[1][5:] == expected


def test_a_cut_never_goes_through_a_character() -> None:
    source = Source("Dockerfile", ("\u20d0" * 300 + "pip" + "\u20d0" * 300).encode())
    printed = render("text", FileReport("Dockerfile", source, (finding_at(source, "pip"),)), width=60)
    assert "\ufffd" not in printed
    assert "…" in printed


def test_an_empty_culprit_is_marked_between_wide_characters_too() -> None:
    source = Source("Dockerfile", "日本\n".encode())
    found = FileReport("Dockerfile", source, (finding_at(source, "日", span=Span(3, 3)),))
    assert render("text", found).splitlines()[1:3] == [" 1 | 日本", "   |   ^"]


def test_the_gutter_has_room_for_related_lines() -> None:
    source = Source("Dockerfile", b"pip\n" + b"\n" * 998 + b"USER b\n")
    found = finding_at(source, "pip", related=(related_to(source, "USER b", "here"),))
    lines = render("text", FileReport("Dockerfile", source, (found,))).splitlines()
    assert lines[1:5] == ["    1 | pip", "      | ^^^", "      = note: here", " 1000 | USER b"]


def test_a_culprit_longer_than_the_line_is_cut() -> None:
    source = Source("Dockerfile", b"RUN " + b"x" * 500 + b" && y\n")
    lines = render("text", FileReport("Dockerfile", source, (finding_at(source, "x" * 500),)), width=60).splitlines()
    assert lines[1] == " 1 | RUN " + "x" * 49 + "…"
    assert lines[2] == "   |     " + "^" * 49


def test_errors_of_files() -> None:
    source = Source("bad/Dockerfile", b"FROM a\nFRM b\n")
    broken = FileReport("bad/Dockerfile", source, (), (FileError("bad/Dockerfile", 2, 1, "unknown instruction: FRM"),))
    no_column = FileReport("b", source, (), (FileError("b", 2, 0, "odd"), FileError("b", 99, 1, "behind the end")))
    assert (
        render("text", broken, failed("x", "permission denied"), no_column)
        == """\
bad/Dockerfile:2:1: error: unknown instruction: FRM
 2 | FRM b
   | ^

x: error: permission denied

b:2: error: odd
 2 | FRM b
   | ^^^^^

b:99:1: error: behind the end

3 files could not be checked in full: see the errors above.
"""
    )


CLEAN = report("Dockerfile", "FROM a\n")
TWO = report("two/Dockerfile", "RUN pip install a && pip install b\n")


def with_fix(safety: Safety, severity: Severity = Severity.WARNING) -> FileReport:
    source = Source("Dockerfile", b"RUN pip install a\n")
    fix = Fix("Mend it", safety, (Edit(1, 1, "x"),))
    return FileReport("Dockerfile", source, (finding_at(source, "pip", fixes=(fix,), severity=severity),))


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        pytest.param([CLEAN], "All clear: 1 file, nothing left in a layer.", id="one clean file"),
        pytest.param([CLEAN] * 12, "All clear: 12 files, nothing left in a layer.", id="clean files"),
        pytest.param([], "There was no file to check.", id="no file"),
        pytest.param(
            [TWO, CLEAN], "2 findings in 1 of 2 files (2 warnings). 2 fixable with --fix.", id="one file of two"
        ),
        pytest.param(
            [with_fix(Safety.SAFE, severity) for severity in (*Severity, Severity.INFO, Severity.ERROR)],
            "5 findings in 5 files (2 errors, 1 warning, 2 info). 5 fixable with --fix.",
            id="the worst severity first",
        ),
        pytest.param(
            [with_fix(Safety.SAFE), with_fix(Safety.UNSAFE)],
            "2 findings in 2 files (2 warnings). 1 fixable with --fix, 1 more with --fix --unsafe-fixes.",
            id="safe and unsafe fixes",
        ),
        pytest.param(
            [with_fix(Safety.UNSAFE)],
            "1 finding in 1 file (1 warning). 1 fixable with --fix --unsafe-fixes.",
            id="unsafe fixes alone",
        ),
        pytest.param(
            [FileReport("a", CLEAN.source, fixed=2)],
            "Fixed 2 findings. All clear: 1 file, nothing left in a layer.",
            id="all fixed",
        ),
        pytest.param(
            [FileReport("a", TWO.source, TWO.findings, fixed=1)],
            "Fixed 1 finding. 2 findings left in 1 file (2 warnings). 2 fixable with --fix.",
            id="some fixed",
        ),
        pytest.param(
            [CLEAN, failed("x", "unreadable")],
            "No findings in 1 file. 1 file could not be checked in full: see the errors above.",
            id="an unreadable file is not all clear",
        ),
    ],
)
def test_summaries(reports: list[FileReport], expected: str) -> None:
    assert render("text", *reports).splitlines()[-1] == expected


def test_quiet_prints_headlines_alone() -> None:
    assert render("text", TWO, CLEAN, failed("x", "unreadable"), quiet=True) == (
        "two/Dockerfile:1:5: warning PIP001 pip install leaves /root/.cache/pip in this layer\n"
        "two/Dockerfile:1:22: warning PIP001 pip install leaves /root/.cache/pip in this layer\n"
        "x: error: unreadable\n"
    )
    assert render("text", CLEAN, quiet=True) == ""


def test_statistics_count_the_rules_the_most_frequent_first() -> None:
    source = Source("Dockerfile", b"RUN pip install a\n")
    other = FileReport("a", source, (finding_at(source, "RUN", rule="LL001", name="unused-suppression"),))
    printed = render("text", *[TWO] * 5, other, statistics=True, quiet=True)
    assert printed.splitlines()[-2:] == ["10  PIP001  pip-cache-in-layer", " 1  LL001   unused-suppression"]
    assert render("text", TWO, statistics=True).endswith(
        "\n\n2  PIP001  pip-cache-in-layer\n\n2 findings in 1 file (2 warnings). 2 fixable with --fix.\n"
    )


def test_colors_change_nothing_but_colors() -> None:
    finding = finding_at(LONG_RUN, "pip install", related=(Related(Span(0, 4), "here"),), fixes=(MOUNT,))
    found = FileReport(LONG_RUN.path, LONG_RUN, (finding,), (FileError("a", 1, 1, "odd"),))
    plain, colored = (render("text", found, color=color) for color in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert "\x1b[1;33mwarning\x1b[0m" in colored
    assert "\x1b[1;33m^^^^^^^^^^^\x1b[0m" in colored
    assert colored.count("\x1b[0m") == len(re.findall(r"\x1b\[[1-9][0-9;]*m", colored))


def test_the_gutter_is_as_wide_as_the_largest_number() -> None:
    found = lint(Source("Dockerfile", b"\n" * 999 + b"RUN pip install a\n"))
    assert render("text", found).splitlines()[1:3] == [" 1000 | RUN pip install a", "      |     ^^^^^^^^^^^"]
