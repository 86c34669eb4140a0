from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.finding import FileReport, Finding, Severity
from layerlint.fingerprint import fingerprints
from layerlint.source.source import Source, Span


def prints(text: str, path: str = "Dockerfile", rule: str = "PIP001") -> tuple[str, ...]:
    source = Source(path, text.encode())
    found = tuple(
        Finding(rule, "name", Severity.WARNING, "message", Span(match.start(), match.end()), None)
        for match in re.finditer(rb"pip install", source.data)
    )
    return fingerprints(FileReport(path, source, found))


ORIGINAL = "FROM a\nRUN pip install b\nUSER c\n"


def test_the_value_is_pinned() -> None:
    """Baselines are kept in repositories: another value makes every old finding new."""
    assert prints(ORIGINAL) == ("b0a3cb3d21b4e1fd718e74d83e0459be:1",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# a\n\n\nFROM a\nENV x=y\nRUN pip install b\n", id="lines before it"),
        pytest.param("FROM a\n\tRUN   pip install\tb  \n", id="white space"),
        pytest.param("FROM a\r\nRUN pip install b\r\n", id="line endings"),
        pytest.param("FROM a\nRUN pip install b && \\\n  c\n", id="a command appended"),
        pytest.param("FROM a\nRUN pip install b; \\\n  c\n", id="a command appended after a semicolon"),
        pytest.param("FROM a\nRUN pip install b `\n  c\n", id="another escape character"),
    ],
)
def test_it_survives(text: str) -> None:
    assert prints(text) == prints(ORIGINAL)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(prints("FROM a\nRUN pip install other\n"), id="another line"),
        pytest.param(prints(ORIGINAL, path="b/Dockerfile"), id="another file"),
        pytest.param(prints(ORIGINAL, rule="PIP002"), id="another rule"),
    ],
)
def test_it_differs_for(other: tuple[str, ...]) -> None:
    assert set(other).isdisjoint(prints(ORIGINAL))


def test_the_same_path_written_otherwise_is_the_same() -> None:
    assert prints(ORIGINAL, path="./a//../Dockerfile") == prints(ORIGINAL)


def test_equal_lines_are_told_apart_by_number() -> None:
    one, two, three = prints("RUN pip install b && pip install b\nRUN x\nRUN  pip install b && pip install b\n")[:3]
    assert [one[-2:], two[-2:], three[-2:]] == [":1", ":2", ":3"]
    assert one[:-1] == two[:-1] == three[:-1]


@given(st.lists(st.sampled_from(["RUN pip install a", "RUN pip install b", "# c"]), max_size=20))
def test_no_two_findings_of_a_file_share_one(lines: list[str]) -> None:
    all_prints = prints("\n".join(lines))
    assert len(set(all_prints)) == len(all_prints) == sum("pip" in line for line in lines)


def test_a_file_that_could_not_be_read_has_none() -> None:
    assert fingerprints(FileReport("Dockerfile", None)) == ()


def test_only_the_place_and_the_rule_count_not_the_wording() -> None:
    source = Source("Dockerfile", ORIGINAL.encode())
    finding = Finding("PIP001", "name", Severity.WARNING, "message", Span(11, 22), None)
    reworded = replace(finding, message="other", name="other", severity=Severity.ERROR)
    assert fingerprints(FileReport("Dockerfile", source, (finding,))) == fingerprints(
        FileReport("Dockerfile", source, (reworded,))
    )
