"""What the grammar misreads is read in another way: each byte stays in its place, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.shell.misread import read_again, with_groups_apart
from layerlint.shell.syntax import parse
from layerlint.source.mapped_text import MappedText


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"A=1 > f; b", b"A=1    ; b", id="a redirection of an assignment"),
        pytest.param(b"A=1 2>/dev/null; b", b"A=1            ; b", id="with a number"),
        pytest.param(b"A=1>f; b", b"A=1  ; b", id="with no blank in front"),
        pytest.param(b"A=1 >f 2>g; b", b"A=1       ; b", id="two of one assignment"),
        pytest.param(b"A=1 >f; B=1 >g; C=1 >h; b", b"A=1   ; B=1   ; C=1   ; b", id="one behind another"),
        pytest.param(b"A=1 >f || b ${B} c; d", b"A=1    || b ${B} c; d", id="one that the rest is taken for a part of"),
        pytest.param(b"A=1 >f || if :; then b; fi; c", b"A=1    || if :; then b; fi; c", id="in front of a clause"),
        pytest.param(b"[ -d / ] || A=1 >f; b", b"t -d / ] || A=1   ; b", id="hidden by a question"),
        pytest.param(b'A=1 >f b "$(c ; ; d)"', None, id="one of a command with an error in it"),
        pytest.param(b"A=1 >f || if b; then c; fi", b"A=1    || if b; then c; fi", id="in front of a keyword"),
        pytest.param(b"[ \\( -f a \\) ] && b", b"t \\( -f a \\) ] && b", id="a group of questions"),
        pytest.param(b"[ -d / ] && b", b"t -d / ] && b", id="a word that the grammar takes for an operator"),
        pytest.param(b"! [ -d / ]&&([ -e / ])", b"! t -d / ]&&(t -e / ])", id="two questions"),
        pytest.param(b"a[ ; ; b [x ]", None, id="what only looks like a question"),
        pytest.param(b"a > f; b )", None, id="a redirection of a command"),
        pytest.param(b"a ; ; b", None, id="another error"),
    ],
)
def test_what_is_misread(text: bytes, expected: bytes | None) -> None:
    root = parse(text)
    assert root.has_error
    again = read_again(text, root)
    assert again.text == (expected or text)
    assert again.has_error is (expected is None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("((a -b) || c) && d -e", "( (a -b) || c) && d -e", id="a group in a group"),
        pytest.param("((a) || (b))", "( (a) || (b))", id="one that ends in another group"),
        pytest.param("(((a) b) || c) && ((d) || e)", "( ( (a) b) || c) && ( (d) || e)", id="several"),
        pytest.param("((a | b ')' \")\" \\)) || c)", "( (a | b ')' \")\" \\)) || c)", id="parentheses in words"),
        pytest.param("((a=(1 + 2) * 3)) && b", None, id="arithmetic"),
        pytest.param("for ((i=0; i<(2); i++)); do a; done", None, id="arithmetic of a loop"),
        pytest.param("a $((b) + 1)", None, id="the expansion of arithmetic"),
        pytest.param("((a b", None, id="groups that do not end"),
        pytest.param("a '((b) || c)'", None, id="in a word"),
    ],
)
def test_groups_are_set_apart_that_are_no_arithmetic(text: str, expected: str | None) -> None:
    assert with_groups_apart(MappedText.unmapped(text.encode())).text == (expected or text)


PIECES = ["A=1", "B=$(b)", ">f", "> f", "2>&1", "[", "]", "\\(", "\\)", '"', "'", ";", "&&", "a", "if", "fi", "\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_every_byte_keeps_its_place(script: str) -> None:
    text = script.encode()
    again = read_again(text, parse(text)).text or b""
    assert len(again) <= len(text)
    changed = [(now, then) for now, then in zip(again.rjust(len(text)), text, strict=True) if now != then]
    assert all(now == ord(" ") or (now, then) == (ord("t"), ord("[")) for now, then in changed)
