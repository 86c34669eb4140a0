from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import replace

import pytest
from report_samples import finding_at, related_to, render

from layerlint.finding import Edit, FileError, FileReport, Fix, Safety
from layerlint.reporters import FORMATS
from layerlint.reporters.json_text import json_text
from layerlint.source.source import Source, decode
from layerlint.visible import visible

BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROL = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
SEPARATORS = "\u2028\u2029"
INVISIBLE = "\u200b\u200d\u2060\ufeff\U000e0041"
NOT_UTF8 = decode(bytes(range(0x80, 0x100)))
HOSTILE = CONTROL + BIDIRECTIONAL + SEPARATORS + INVISIBLE + NOT_UTF8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("pip install é 日本 😀", "pip install é 日本 😀", id="what is seen stays"),
        pytest.param("\x1b[31m", "␛[31m", id="an escape sequence loses its escape"),
        pytest.param("a\tb\nc\r", "a␉b␊c␍", id="white space that moves the cursor"),
        pytest.param("\x7f\x9b", "␡<U+009B>", id="delete, and the one-character CSI"),
        pytest.param("\u202eevil\u2069", "<U+202E>evil<U+2069>", id="the reading direction cannot be turned"),
        pytest.param("\udcff", "\ufffd", id="a byte that is not UTF-8"),
        pytest.param("\ufffe\uffff\ufdd0", "<U+FFFE><U+FFFF><U+FDD0>", id="what XML forbids, or is no character"),
        pytest.param("a\u200bb", "a<U+200B>b", id="a zero-width character is told"),
    ],
)
def test_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_visible_keeps_what_it_is_told_to() -> None:
    assert visible("a\tb\nc\x1b", keep="\t\n") == "a\tb\nc␛"


def test_no_character_of_unicode_comes_through_unseen() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    for shown in (visible(everything), json_text(everything)):
        assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_json_gives_every_character_back_but_lone_surrogates() -> None:
    everything = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert json.loads(json_text(everything)) == everything
    assert json.loads(json_text("\udcff")) == "\ufffd"


def hostile_report(char: str) -> FileReport:
    """A report with `char` in each field and in the source."""
    source = Source(f"a{char}b/Dockerfile", b"FROM a\nRUN " + ("x" + char + "y\n").encode("utf-8", "surrogateescape"))
    finding = finding_at(
        source,
        "x",
        message=f"m{char}",
        advice=f"a{char}",
        unfixable=f"u{char}",
        related=(related_to(source, "y", f"r{char}"),),
        fixes=(Fix(f"t{char}", Safety.SAFE, (Edit(12, 12, f"e{char}"),)),),
    )
    return FileReport(source.path, source, (finding,), (FileError(source.path, 2, 5, f"e{char}"),))


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name != "patch"])
@pytest.mark.parametrize("color", [False, True])
def test_no_reporter_prints_a_character_that_a_terminal_obeys(format_name: str, color: bool) -> None:
    harmless = render(format_name, hostile_report("?"), color=color)
    colors = {"\x1b"} if color and format_name == "text" else set()
    for char in HOSTILE:
        printed = render(format_name, hostile_report(char), color=color)
        assert printed.isascii() or printed.encode("utf-8")
        unseen = {char for char in printed if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert unseen <= {"\n"} | colors, (char, unseen)
        assert printed.count("\x1b") == harmless.count("\x1b")
        if format_name in ("github", "json"):
            # A line more would be a command or an object more. In a source, a line feed is one.
            assert printed.count("\n") <= harmless.count("\n")


def test_a_terminal_gets_no_character_of_a_patch_that_it_obeys() -> None:
    for char in HOSTILE:
        report = hostile_report(char)
        assert report.source is not None
        report = replace(report, errors=(), mended=report.source.data + b"# more\n")
        printed = render("patch", report, terminal=True)
        unseen = {char for char in printed if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert unseen <= {"\n", "\t"}
        assert printed.endswith("+# more\n")


def test_fixes_that_json_cannot_say_exactly_are_left_out() -> None:
    report = hostile_report("\udcff")
    assert json.loads(render("json", report))["findings"][0]["fixes"] == []
    assert "fixes" not in json.loads(render("sarif", report))["runs"][0]["results"][0]


def test_fixes_are_exact_in_json_and_sarif() -> None:
    for char in CONTROL + BIDIRECTIONAL:
        report = hostile_report(char)
        edits = json.loads(render("json", report))["findings"][0]["fixes"][0]["edits"]
        assert edits[0]["text"] == f"e{char}"
        fix = json.loads(render("sarif", report))["runs"][0]["results"][0]["fixes"][0]
        assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == f"e{char}"
