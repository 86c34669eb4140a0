"""Which findings count when a file changed: from two texts alone."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.dockerfile.parser import parse
from layerlint.finding import FileReport, Finding, InstructionPlace, Severity
from layerlint.run.changed_lines import only_changed
from layerlint.source.source import Source, Span


def report(text: str) -> FileReport:
    """A finding in each RUN, and one without an instruction in each comment that says `bad`."""
    source = Source("Dockerfile", text.encode())
    dockerfile = parse(source)
    found = [
        Finding("TST001", "name", Severity.WARNING, "bad", Span(each.span.end - 1, each.span.end), place)
        for each in dockerfile.instructions
        if each.keyword == "RUN"
        for place in [InstructionPlace(each.keyword, each.line, each.end_line, each.span)]
    ]
    found += [
        Finding("LL001", "name", Severity.INFO, "bad", comment.span, None)
        for comment in dockerfile.comments
        if "bad" in source.text(comment.span)
    ]
    return FileReport(source.path, source, tuple(found))


def lines(before: str, after: str) -> list[int]:
    whole = report(after)
    result = only_changed(whole, before.encode())
    assert result.unchanged == len(whole.findings) - len(result.findings)
    assert set(result.findings) <= set(whole.findings)
    assert whole.source is not None
    return [
        found.instruction.line if found.instruction else whole.source.line_at(found.span.start)
        for found in result.findings
    ]


LONG = "FROM a\nRUN b \\\n  --flag \\\n  c\nRUN d\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(LONG, LONG, [], id="nothing"),
        pytest.param("", LONG, [2, 5], id="a new file"),
        pytest.param(LONG, LONG + "RUN e\n", [6], id="a line at the end"),
        pytest.param(LONG, "# x\n\n" + LONG, [], id="lines at the start"),
        pytest.param(LONG, LONG.replace("  c", "  e"), [2], id="another line of the same instruction"),
        pytest.param(LONG, LONG.replace("  --flag \\\n", ""), [2], id="a line taken out of the instruction"),
        pytest.param(LONG, LONG.replace("RUN b", "RUN e"), [2], id="its first line"),
        pytest.param(LONG, LONG.replace("RUN d", "RUN d && e"), [5], id="the line of one alone"),
        pytest.param(LONG, LONG.replace("\n", "\r\n"), [], id="line endings"),
        pytest.param(LONG, LONG.rstrip("\n"), [], id="the last newline"),
        pytest.param("FROM a\nENV b=c\nUSER d\nRUN e\n", "FROM a\nENV b=f\nUSER d\nRUN e\n", [], id="an instruction above"),
        pytest.param("FROM a\nENV b=c\nRUN e\n", "FROM a\nENV b=f\nRUN e\n", [], id="the instruction right above"),
        pytest.param("FROM a\nENV b=c\nRUN e\n", "FROM a\nRUN e\n", [2], id="what was right above is gone"),
        pytest.param("FROM a\nRUN e\nENV b=c\n", "FROM a\nRUN e\n", [], id="what was right below is gone"),
        pytest.param("FROM a\n# layerlint: ignore=X\nRUN e\n", "FROM a\nRUN e\n", [2], id="a suppression right above is gone"),
        pytest.param("FROM a\n# layerlint: ignore=X\n# c\nRUN e\n", "FROM a\n# layerlint: ignore=Y\n# c\nRUN e\n", [4], id="a suppression above changed"),
        pytest.param("FROM a\n# layerlint: ignore=X\n# c\nRUN e\n", "FROM a\n# c\nRUN e\n", [3], id="the first of the comments above is gone"),
        pytest.param("FROM a\n# x\n\nRUN e\n", "FROM a\n# y\n\nRUN e\n", [], id="a comment further up"),
        pytest.param("FROM a\nRUN <<EOF\nb\nEOF\n", "FROM a\nRUN <<EOF\nc\nEOF\n", [2], id="a here-document"),
        pytest.param("FROM a\n# bad\nRUN e\n", "FROM a\n# bad!\nRUN e\n", [3, 2], id="a finding in a comment"),
        pytest.param("FROM a\n# bad\n\nRUN e\n", "FROM a\n# bad\n\nRUN f\n", [4], id="a finding in a comment that stayed"),
        pytest.param("FROM a\nRUN b\nRUN c\n", "FROM a\nRUN c\nRUN b\n", [2, 3], id="lines that swapped places"),
    ],
)  # fmt: skip
def test_what_counts(before: str, after: str, expected: list[int]) -> None:
    assert lines(before, after) == expected


_TEXT = st.lists(st.sampled_from(["RUN a", "RUN b \\", "  c", "# d", "", "ENV e=f"]), max_size=12).map("\n".join)


@given(_TEXT)
def test_nothing_counts_where_nothing_changed(text: str) -> None:
    assert lines(text, text) == []


@given(_TEXT)
def test_all_counts_in_a_new_file(text: str) -> None:
    assert only_changed(report(text), b"") == report(text)


@given(_TEXT, _TEXT)
def test_each_instruction_that_was_not_there_counts(before: str, after: str) -> None:
    source = Source("Dockerfile", after.encode())
    new = {
        each.line
        for each in parse(source).instructions
        if each.keyword == "RUN" and source.text(each.span) not in before
    }
    assert new <= set(lines(before, after))


def test_a_file_that_could_not_be_read_stays_as_it_is() -> None:
    unreadable = FileReport("Dockerfile", None)
    assert only_changed(unreadable, b"x") == unreadable
    assert only_changed(replace(report(LONG), findings=()), b"x") == replace(report(LONG), findings=())
