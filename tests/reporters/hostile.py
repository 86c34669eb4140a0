"""Text as a Dockerfile may hold it whose author wants the report to say something else."""

from __future__ import annotations

from hypothesis import strategies as st
from report_samples import finding_at, related_to

from layerlint.finding import Edit, FileError, FileReport, Fix, Safety
from layerlint.source.source import Source

FRAGMENTS = (
    "a word",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\x00\x1b[2J\x7f\x9b",
    "\u2028\u202e\u200b\ufeff",
    "\ufffe\uffff\U0001ffff\ufdd0",
    "\udc80\udcff",
    "<b>&amp;&#64;&lt;]]><!--",
    "\"'/>",
    "<img src=x onerror=alert(1)>",
    "<script>",
    "|",
    "\\",
    "\\|",
    "`",
    "``",
    "` | `",
    "```",
    "@somebody",
    "someone@example.org",
    "@org/team",
    "#1",
    "org/project#1",
    "GH-1",
    "!1",
    "deadbeef",
    "0123456789",
    "https://evil.example",
    "www.evil.example",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "[click](https://evil.example)",
    "![](https://evil.example/x.png)",
    "[^1]",
    "<https://evil.example>",
    "*a*",
    "_a_",
    "~~a~~",
    "$a$",
    "$`a`$",
    ":smile:",
    "::error::x",
    "%0A",
    "---",
    "# a",
    "- a",
    "1. a",
    "é日😀",
)
# Of surrogates, only those that stand for bytes.
_CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(_CHARACTERS, max_size=3), max_size=8).map("".join)


def hostile_report(text: str) -> FileReport:
    """A report with `text` in each of its fields and in the source."""
    source = Source(f"a{text}b/Dockerfile", b"FROM a\nRUN " + f"x{text}y\n".encode("utf-8", "surrogateescape"))
    finding = finding_at(
        source,
        "x",
        message=f"m{text}",
        advice=text,
        unfixable=text,
        related=(related_to(source, "FROM", f"r{text}"),),
        fixes=(Fix(f"t{text}", Safety.SAFE, (Edit(12, 12, text),)),),
    )
    return FileReport(source.path, source, (finding,), (FileError(source.path, 2, 5, f"e{text}"),))
