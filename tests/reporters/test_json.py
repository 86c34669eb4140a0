from __future__ import annotations

import json

from report_samples import failed, finding_at, related_to, render, report

from layerlint.finding import Edit, FileReport, Fix, InstructionPlace, Safety
from layerlint.source.source import Source, Span

SOURCE = Source("app/Dockerfile", b"FROM a\n\n\nRUN pip install b \\\n  && c \\\n  && d\n")


def test_the_contract_to_the_letter() -> None:
    finding = finding_at(
        SOURCE, "pip install", message="...", instruction=InstructionPlace("RUN", 4, 6, Span(9, 41)), advice="Add it"
    )
    printed = render("json", FileReport(SOURCE.path, SOURCE, (finding,)), failed("bad/Dockerfile", "...", 3))
    edit = {"line": 4, "column": 16, "end_line": 4, "end_column": 16, "text": " --no-cache-dir"}
    assert json.loads(printed) == {
        "version": 1,
        "findings": [
            {
                "rule": "PIP001",
                "name": "pip-cache-in-layer",
                "severity": "warning",
                "message": "...",
                "path": "app/Dockerfile",
                "line": 4,
                "column": 5,
                "end_line": 4,
                "end_column": 16,
                "instruction": {"keyword": "RUN", "line": 4, "end_line": 6},
                "advice": "Add it",
                "related": [],
                "fixes": [{"title": "Add --no-cache-dir", "safety": "safe", "edits": [edit]}],
                "unfixable": "",
            }
        ],
        "errors": [{"path": "bad/Dockerfile", "line": 3, "column": 0, "message": "..."}],
        "summary": {"files": 2, "findings": 1, "fixed": 0, "errors": 1},
    }


def test_nothing_found() -> None:
    assert render("json", report("Dockerfile", "FROM a\n")) == (
        '{"version": 1,\n "findings": [],\n "errors": [],\n'
        ' "summary": {"files": 1, "findings": 0, "fixed": 0, "errors": 0}}\n'
    )


def test_one_finding_a_line() -> None:
    printed = render("json", report("Dockerfile", "FROM a\nRUN pip install b\nRUN pip install c\n"))
    assert [line[:10] for line in printed.splitlines()] == [
        '{"version"',
        ' "findings',
        '  {"rule":',
        '  {"rule":',
        " ],",
        ' "errors":',
        ' "summary"',
    ]


def test_columns_are_code_points_and_a_byte_order_mark_is_none() -> None:
    source = Source("Dockerfile", "\ufeffRUN 😀é\udcff pip install b\n".encode("utf-8", "surrogateescape"))
    finding = json.loads(render("json", FileReport("Dockerfile", source, (finding_at(source, "pip install"),))))[
        "findings"
    ][0]
    assert (finding["column"], finding["end_column"]) == (9, 20)


def test_related_places_unsafe_fixes_and_findings_outside_of_an_instruction() -> None:
    fix = Fix("Mount a cache", Safety.UNSAFE, (Edit(12, 16, "x"),))
    finding = finding_at(
        SOURCE,
        "pip install",
        instruction=None,
        fixes=(fix,),
        related=(related_to(SOURCE, "FROM a", "the stage"),),
        unfixable="uid of $USER is not known",
    )
    shown = json.loads(render("json", FileReport(SOURCE.path, SOURCE, (finding,))))["findings"][0]
    assert shown["instruction"] is None
    assert shown["related"] == [{"message": "the stage", "line": 1, "column": 1, "end_line": 1, "end_column": 7}]
    assert shown["fixes"][0]["safety"] == "unsafe"
    assert shown["unfixable"] == "uid of $USER is not known"


def test_an_edit_over_lines() -> None:
    fix = Fix("Join", Safety.SAFE, (Edit(SOURCE.data.index(b" \\"), SOURCE.data.index(b"&& c"), " "),))
    finding = finding_at(SOURCE, "pip install", fixes=(fix,))
    shown = json.loads(render("json", FileReport(SOURCE.path, SOURCE, (finding,))))["findings"][0]
    assert shown["fixes"][0]["edits"] == [{"line": 4, "column": 18, "end_line": 5, "end_column": 3, "text": " "}]


def test_a_path_that_is_not_ascii_is_readable_in_the_output() -> None:
    assert '"path": "é/Dockerfile"' in render("json", report("é/Dockerfile", "RUN pip install b"))
