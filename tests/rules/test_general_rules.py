"""The rules that are not about caches, over real files: what they say and how they mend it."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from layerlint.fixing import fix_until_stable
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.selection import RuleChoice, Selection, select
from layerlint.source import Source, Span
from tests.dockerfile.buildkit import Reading, read_by_buildkit

RULES = load()


def selection(*selectors: str) -> Selection:
    return select(RULES.names, [RuleChoice(selectors)])


GENERAL = selection("DF")


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param("DL3014", {"DF001"}, id="an alias"),
        pytest.param("stagenamecasing", {"DF010"}, id="an alias of BuildKit's"),
        pytest.param("latest-tag", {"DF002"}, id="a name"),
        pytest.param("DF", {f"DF{number:03}" for number in range(1, 11)}, id="a prefix"),
        pytest.param("PIP001", {"PIP001"}, id="another"),
    ],
)
def test_they_are_selected_by(selector: str, expected: set[str]) -> None:
    assert set(selection(selector).severities) == expected


def test_they_are_off_unless_selected() -> None:
    assert not {rule for rule in select(RULES.names, []).severities if rule.startswith("DF")}


def test_a_comment_for_another_linter_silences_them() -> None:
    text = "FROM a:1\n# hadolint ignore=DL3000\nWORKDIR b\nWORKDIR c\n"
    found = lint(Source("", text.encode()), RULES, GENERAL).findings
    assert [each.instruction.line for each in found if each.instruction] == [4]


def test_real_files(corpus: list[Path]) -> None:
    found: Counter[str] = Counter()
    mended: Counter[str] = Counter()
    for path in corpus[::6]:
        source = Source(path.name, path.read_bytes())
        before = lint(source, RULES, GENERAL)
        for finding in before.findings:
            assert finding.instruction is not None
            assert finding.instruction.span.covers(finding.span)
            assert Span(0, len(source.data)).covers(finding.span)
            assert "{" not in finding.message.replace("${", ""), (path, finding.message)
        found += Counter(finding.rule for finding in before.findings)
        result = fix_until_stable(source, lambda changed: lint(changed, RULES, GENERAL), unsafe=True)
        assert bool(result.report.errors) == bool(before.errors), (path, result.report.errors)
        mended += Counter(finding.rule for finding in result.applied)
        assert_reads_the_same(source.data, result.source.data, path)
    assert set(found) == set(GENERAL.severities)
    assert set(mended) == {"DF001", "DF005", "DF007", "DF008", "DF009", "DF010"}


def assert_reads_the_same(before: bytes, after: bytes, path: Path) -> None:
    """BuildKit's parser reads the same instructions but for those that were meant."""
    if before == after:
        return
    try:
        readings = read_by_buildkit(before), read_by_buildkit(after)
    except UnicodeDecodeError:
        return
    assert readings[0] is not None, path
    assert readings[1] is not None, path
    assert [*map(said, without_former_cmd(readings[0]))] == [*map(said, without_former_cmd(readings[1]))], path


def without_former_cmd(readings: list[Reading]) -> list[Reading]:
    """Those of each stage but for every CMD that another one follows."""
    kept: list[Reading] = []
    has_cmd = False
    for reading in reversed(readings):
        if reading.keyword == "FROM":
            has_cmd = False
        if reading.keyword != "CMD" or not has_cmd:
            kept.append(reading)
        has_cmd = has_cmd or reading.keyword == "CMD"
    return kept[::-1]


def said(reading: Reading) -> tuple[object, ...]:
    """What an instruction says, in the form in which the rules want it."""
    keyword, trigger, values = reading.keyword, reading.trigger, reading.values
    if keyword == "MAINTAINER":
        return "LABEL", values
    if keyword == "LABEL" and values[0] == "org.opencontainers.image.authors":
        return "LABEL", (values[1].strip('"'),)
    if "ADD" in {keyword, trigger}:
        keyword, trigger = ("COPY" if word == "ADD" else word for word in (keyword, trigger))
    if keyword in {"CMD", "ENTRYPOINT"}:
        values = tuple(word for value in values for word in value.split())
    if keyword == "FROM":
        values = tuple(value.lower() for value in values)
    if keyword == "RUN":
        values = tuple(value.replace(" -y", "") for value in values)
    return keyword, trigger, values, reading.flags, reading.heredocs


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("CMD a b\n", id="instructions of which all but one are left over"),
        pytest.param("RUN sudo apt-get install b\n", id="commands"),
        pytest.param("FROM a AS B{}\n", id="stages"),
        pytest.param("ENV A{}=b\nWORKDIR c\n", id="variables"),
        pytest.param("ONBUILD ADD a b\n", id="instructions in ONBUILD"),
    ],
)
def test_time_grows_with_the_size_of_the_file(line: str) -> None:
    def seconds(lines: int) -> float:
        text = "FROM a\n" + "".join(line.format(number) for number in range(lines))
        source = Source("", text.encode())
        start = time.process_time()
        lint(source, RULES, GENERAL)
        return time.process_time() - start

    seconds(10)
    assert seconds(1600) < 12 * max(seconds(400), 0.05)
