"""Texts that could call a program are told from those that could not."""

from __future__ import annotations

import pytest

from layerlint.tools.mentions import Mentions, SearchedText

NAMES = Mentions(["zap", "go", "zap-*", "mix[0-9].[0-9]", "Big", ".zaprc", "zäp"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"zap get x", id="first"),
        pytest.param(b"a && /usr/bin/zap get", id="path"),
        pytest.param(rb"C:\Tools\zap.exe get", id="path on Windows"),
        pytest.param(b'RUN ["zap","get"]', id="exec form"),
        pytest.param(b"sh -c 'zap get'", id="quotes around"),
        pytest.param(b"z\\ap get", id="escape inside"),
        pytest.param(b"z'a'p get", id="quotes inside"),
        pytest.param(b"a|zap>x", id="operators around"),
        pytest.param(b"$ZAP get", id="variable named after it"),
        pytest.param(b"$ZAP_PROGRAM get", id="variable named after it and more"),
        pytest.param(b"run -mzap get", id="value of an option"),
        pytest.param(b"run -Imzap get", id="value of the last of several options"),
        pytest.param(b"zap-1.2 get", id="glob"),
        pytest.param(b"mix3.4 get", id="glob of characters"),
        pytest.param(b"big get", id="other case"),
        pytest.param(b"A=zap", id="assigned"),
        pytest.param(b"echo off > ~/.zaprc", id="configuration file"),
        pytest.param(b"go", id="short"),
        pytest.param("x; zäp get".encode(), id="a letter that is no ASCII"),
    ],
)
def test_it_is_mentioned(text: bytes) -> None:
    searched = SearchedText.of(text)
    assert NAMES(searched)
    assert NAMES(searched, NAMES.candidates(searched))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"apt-get install django mongodb cargo", id="end of a longer word"),
        pytest.param(b"google gopher", id="beginning of a longer word"),
        pytest.param(b"zaps", id="beginning of a longer word, another one"),
        pytest.param(b"unzap", id="end of a longer word, another one"),
    ],
)
def test_it_is_not_mentioned(text: bytes) -> None:
    assert not NAMES(SearchedText.of(text))


def test_without_names_nothing_is_mentioned() -> None:
    assert not Mentions([])(SearchedText.of(b"zap get -x"))
