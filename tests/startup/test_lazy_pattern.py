"""A lazy pattern finds what `re.compile` finds, and is compiled when it is first used."""

from __future__ import annotations

import re

import pytest

from layerlint.startup.lazy_pattern import lazy_pattern


def test_it_finds_what_the_standard_library_finds() -> None:
    lazy = lazy_pattern(r"(?P<word>a)b?", re.IGNORECASE)
    eager = re.compile(r"(?P<word>a)b?", re.IGNORECASE)
    for _ in range(2):  # compiled by the first
        assert [match.span() for match in lazy.finditer("AB ab")] == [match.span() for match in eager.finditer("AB ab")]
        assert lazy.sub("-", "AB ab") == eager.sub("-", "AB ab")
        assert lazy.groupindex == eager.groupindex
    assert lazy_pattern(rb"\s").split(b"a b") == [b"a", b"b"]


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    really = re.compile

    def noted(text: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(text)
        return really(text, flags)

    monkeypatch.setattr(re, "compile", noted)
    words = lazy_pattern("a+")
    assert not compiled
    assert words.fullmatch("aa")
    assert words.fullmatch("aaa")
    assert compiled == ["a+"]
