"""The rules that are not about caches, over real files: what they say and how they mend it."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from layerlint.finding import FileReport
from layerlint.fixing.fixer import fix_until_stable
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.selection import RuleChoice, Selection, select
from layerlint.source.source import Source, Span
from tests.dockerfile.buildkit import Reading, read_by_buildkit

RULES = load()


def selection(*selectors: str) -> Selection:
    return select(RULES.names, [RuleChoice(selectors)])


GENERAL = selection("DF")


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param("stagenamecasing", {"DF010"}, id="an alias in other letters"),
        pytest.param("latest-tag", {"DF002"}, id="a name"),
        pytest.param("DF", {f"DF{number:03}" for number in range(1, 11)}, id="a prefix"),
        pytest.param("PIP001", {"PIP001"}, id="another"),
    ],
)
def test_they_are_selected_by(selector: str, expected: set[str]) -> None:
    assert set(selection(selector).severities) == expected


# A Dockerfile that all ten report, each once.
WITH_ALL = """\
FROM debian AS Build
FROM debian:latest
MAINTAINER A B
WORKDIR srv
ADD app /srv/app
RUN sudo apt-get install curl
CMD ["sh"]
CMD python app.py
"""


ALIASES = (
    ("DL3014", "DF001", 6),
    ("DL3007", "DF002", 2),
    ("DL3006", "DF003", 1),
    ("DL3000", "DF004", 4),
    ("DL4000", "DF005", 3),
    ("MaintainerDeprecated", "DF005", 3),
    ("DL3004", "DF006", 6),
    ("DL3020", "DF007", 5),
    ("DL4003", "DF008", 7),
    ("MultipleInstructionsDisallowed", "DF008", 7),
    ("DL3025", "DF009", 8),
    ("JSONArgsRecommended", "DF009", 8),
    ("StageNameCasing", "DF010", 1),
)


@pytest.mark.parametrize(("alias", "rule", "line"), ALIASES)
def test_each_is_selected_by_what_other_linters_call_it(alias: str, rule: str, line: int) -> None:
    found = lint(Source("", WITH_ALL.encode()), RULES, selection(alias)).findings
    assert [(each.rule, each.instruction.line) for each in found if each.instruction] == [(rule, line)]


def test_no_alias_is_left_out() -> None:
    general = [rule for rule in RULES.rules if rule.id in GENERAL.severities]
    assert {(alias, rule) for alias, rule, _ in ALIASES} == {
        (alias, rule.id) for rule in general for alias in rule.aliases
    }
    assert {rule for _, rule, _ in ALIASES} == set(GENERAL.severities)


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
        result = fix_until_stable(source, partial(linted_after, source, before), unsafe=True)
        assert bool(result.report.errors) == bool(before.errors), (path, result.report.errors)
        mended += Counter(finding.rule for finding in result.applied)
        assert_reads_the_same(source.data, result.source.data, path)
    assert set(found) == set(GENERAL.severities)
    assert set(mended) == {"DF001", "DF005", "DF007", "DF008", "DF009", "DF010"}


def linted_after(source: Source, report: FileReport, changed: Source) -> FileReport:
    """The report of `changed`; that of `source` is there already."""
    return report if changed is source else lint(changed, RULES, GENERAL)


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


def words_of(script: str) -> list[str]:
    """The words of a simple command; of another one its text in pieces."""
    try:
        return shlex.split(script)
    except ValueError:
        return script.split()


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
        values = values if reading.is_exec_form else tuple(word for value in values for word in words_of(value))
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
