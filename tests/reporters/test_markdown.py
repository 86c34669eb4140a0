from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hostile import FRAGMENTS, TEXTS, hostile_report
from hypothesis import given
from report_samples import failed, finding_at, render, report

from layerlint.finding import FileReport, Severity
from layerlint.reporters.markdown_text import code, markdown
from layerlint.source.source import Source
from layerlint.visible import visible

SOURCE = Source("app/Dockerfile", b"FROM a\n\nRUN pip install b\n")
# What is left of a text for GitHub and GitLab to see something in.
HARMLESS = re.compile(r"(?:[A-Za-z]+(?:['-][A-Za-z]+)*|[0-9]{1,6}|[ ()\"'.,;:!?])*")


def test_the_whole_report() -> None:
    advice = "Mount a cache at /root/.cache/pip, or add `--no-cache-dir` (twice)."
    finding = finding_at(SOURCE, "pip install", message="`pip install` leaves pip's cache: 3 times", advice=advice)
    printed = render(
        "markdown",
        FileReport(SOURCE.path, SOURCE, (finding,)),
        report("clean/Dockerfile", "FROM a\n"),
        failed("bad/Dockerfile", "There is no instruction `FRM`; did you mean FROM?", 3, 1),
    )
    assert printed == (
        """\
**layerlint**: 1 finding in 1 of 3 files (1 warning). 1 fixable with `--fix`. """
        """1 file could not be checked in full: see the errors below.

| Severity | Place | Rule | Finding |
| --- | --- | --- | --- |
| warning | `app/Dockerfile:3` | `PIP001` | `pip install` leaves pip's cache: 3 times. """
        """Mount a cache at `/root/.cache/pip`, or add `--no-cache-dir` (twice). |
| error | `bad/Dockerfile:3` |  | There is no instruction `FRM`; did you mean FROM? |
"""
    )


def test_nothing_found() -> None:
    assert render("markdown", report("Dockerfile", "FROM a\n")) == (
        "**layerlint**: All clear: 1 file, nothing left in a layer.\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "plain words, and read-only: pip's (own).", "plain words, and read-only: pip's (own).", id="plain"
        ),
        pytest.param("`a b` and `c`'s", "`a b` and `c`'s", id="code stays code"),
        pytest.param("in /root/.cache/pip: no", "in `/root/.cache/pip`: no", id="a path"),
        pytest.param("@somebody", "`@somebody`", id="a mention"),
        pytest.param("(@somebody).", "(`@somebody`).", id="a mention between marks"),
        pytest.param("`x`@somebody", "`` `x`@somebody ``", id="a mention beside code"),
        pytest.param("`x @somebody", "`` ` `` x `@somebody`".replace("`` ` `` x", "`` `x ``"), id="half of a pair"),
        pytest.param("#1 GH-1 deadbeef 0123456", "`#1` `GH-1` `deadbeef` `0123456`", id="references"),
        pytest.param("<b>", "`<b>`", id="HTML"),
        pytest.param("&#64;a", "`&#64;a`", id="an escape"),
        pytest.param("a|b", r"`a\|b`", id="a bar ends no cell"),
        pytest.param(r"a\|b", r"`a\\\|b`", id="nor with a backslash before it"),
        pytest.param("a\nb\r\n c", "a `b␍` c", id="one line"),
        pytest.param("``", "``` `` ```", id="backticks alone"),
        pytest.param("été", "`été`", id="letters that are not ASCII"),
    ],
)
def test_escapes(text: str, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize("text", [".{}a", "({}", "`{}", "`a{}", "'{}`", "\\\\{}|"])
def test_a_long_text_takes_no_longer_than_it_is_long(text: str) -> None:
    assert markdown(text.format(text[0] * 200_000))


def test_no_code_is_no_text() -> None:
    assert code("") == ""


@dataclass
class Page(HTMLParser):
    """What GitHub's own parser makes of a report: the cells of the table, what is outside of code, and the tags."""

    rows: list[list[str]] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    in_code: bool = False
    in_cell: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(" ".join([tag, *(name for name, _ in attributes)]))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True
        self.in_code = self.in_code or tag == "code"

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self.in_code = False
        elif tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.rows[-1][-1] += data
        if not self.in_code:
            self.outside.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.add(f"!--{data}")


def page_of(printed: str) -> Page:
    page = Page()
    # What GitHub turns on, and HTML let through, which GitHub would take out.
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    extensions = ["table", "autolink", "strikethrough", "tasklist"]
    page.feed(cmarkgfm.markdown_to_html_with_extensions(printed, options=options, extensions=extensions))
    page.close()
    return page


def check_page(page: Page, rows: int) -> None:
    assert page.tags <= {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code"}
    assert [len(row) for row in page.rows] == [4] * (rows + 1)
    for text in page.outside:
        assert HARMLESS.fullmatch(text.strip("\n")), text


@given(TEXTS)
def test_a_dockerfile_cannot_break_out_of_the_table(text: str) -> None:
    found = hostile_report(text)
    page = page_of(render("markdown", found))
    check_page(page, 2)
    assert letters(page.rows[1][1]) == letters(f"{visible(found.path)}:2")
    assert letters(page.rows[1][3]).startswith(letters(visible(f"e{text}", keep="\n")))


def letters(text: str) -> str:
    """`text` without what there may be more or less of: space, backticks, backslashes before a bar."""
    return re.sub(r"[\s`\\]", "", text)


@pytest.mark.parametrize("fragment", FRAGMENTS)
@pytest.mark.parametrize("around", ["{}", "`{}`", "({})", "a {} b", "`a` {} `b`", "{0}`{0}", "a|{}|b", "\\{}"])
def test_no_fragment_does(fragment: str, around: str) -> None:
    check_page(page_of(render("markdown", hostile_report(around.format(fragment)))), 2)


def test_the_parser_would_see_it() -> None:
    """The check itself: the same text, not made harmless, is seen."""
    text = "| a | @b https://evil.example <img src=x> |\n| --- | --- |\n| c | d |\n"
    page = page_of(text)
    assert {"a href", "img src"} <= page.tags
    assert not all(HARMLESS.fullmatch(each.strip("\n")) for each in page.outside)
    assert html.unescape("&#64;") == "@"


def rows(number: int, severity: Severity, path: str, text: str = "word " * 20) -> FileReport:
    source = Source(path, b"RUN pip\n")
    return FileReport(
        path, source, tuple(finding_at(source, "pip", message=text, severity=severity) for _ in range(number))
    )


def test_of_too_many_rows_the_most_severe_are_kept() -> None:
    warnings: list[str] = []
    printed = render(
        "markdown",
        rows(300, Severity.INFO, "a"),
        rows(200, Severity.WARNING, "b"),
        rows(1, Severity.ERROR, "c", "x" * 70_000),
        rows(100, Severity.ERROR, "d"),
        warn=warnings.append,
    )
    assert len(printed) < 65_536
    page = page_of(printed)
    kept = [row[0] for row in page.rows[1:]]
    assert kept == ["info"] * kept.count("info") + ["warning"] * 200 + ["error"] * 100
    left_out = 601 - len(kept)
    said = f"{left_out} of 601 rows do not fit in a comment"
    assert printed.endswith(f"|\n\n{said}, the least severe ones.\n")
    assert warnings == [f"{said} and are left out of the markdown report"]
