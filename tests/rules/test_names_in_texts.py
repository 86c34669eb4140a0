"""What names in braces stand for: each that a rule may use is filled in, whatever the rule speaks of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layerlint.linting import lint
from layerlint.rules.model import When
from layerlint.rules.selection import Selection
from layerlint.rules.templates import known_names
from layerlint.source.source import Source
from tests.rules.test_conditions import CASES, FILE, RULES, USES, rule

# Everything that there is a name for.
FULL = """\
FROM python:3.13-slim@sha256:00 AS build
ENV PIP_NO_CACHE_DIR=
RUN --mount=type=cache,target=/c --network=host sudo tar -x a
RUN make all
USER app
USER root
RUN HOME=/home/app pip install --retries=1 a
RUN rm -rf /home/app/.cache
RUN --mount=type=cache,target=/root/.cache/pip PIP_NO_CACHE_DIR=1 pip install b
"""
OF_USE = "{tool: pip, cache: [left, off], option: [--retries, --no-cache-dir]}"
COMMAND = "{command: {name: tar, option: -x, argument: a, wrapper: sudo}, mount: {}, instruction: {flag: --network}}"


def condition(text: str) -> When:
    return rule(text).all_cases[0].when


def messages(when: str, text: str) -> list[dict[str, str]]:
    """What each name stands for in what a rule reports."""
    names = known_names(condition(when))
    made = rule(when, message="|".join(f"{{{name}}}" for name in names))
    report = lint(Source("", text.encode()), replace(RULES, rules=(made,)), Selection({made.id: made.severity}))
    return [dict(zip(names, each.message.split("|"), strict=True)) for each in report.findings]


@pytest.mark.parametrize(
    ("when", "text"),
    [
        *(pytest.param(case.values[0], FILE, id=f"{case.id}") for case in CASES),
        pytest.param("instruction: {keyword: [CMD, ARG]}", FILE, id="before the first stage, and in an exec form"),
        pytest.param("file: {}", "# nothing\n", id="a file without instructions"),
        pytest.param(COMMAND, FULL, id="a command of which everything is asked"),
        pytest.param("{tool: pip, cache: [left, off, mounted, removed]}", USES, id="uses of a cache"),
        pytest.param("{tool: pip, cache: [left, off], option: [--no-cache-dir]}", USES, id="of an option"),
        pytest.param("removal: [late]", USES, id="a removal"),
    ],
)
def test_each_name_that_is_known_is_filled_in(when: str, text: str) -> None:
    for values in messages(when, text):
        assert not [name for name, value in values.items() if value == f"{{{name}}}"]


@pytest.mark.parametrize(
    ("when", "empty"),
    [
        pytest.param("file: {}", set(), id="a file"),
        pytest.param("stage: {}", set(), id="a stage"),
        pytest.param("instruction: {keyword: RUN}", set(), id="an instruction"),
        pytest.param(COMMAND, set(), id="a command"),
        pytest.param("{mount: {}, instruction: {flag: --network}}", set(), id="a mount"),
        pytest.param(OF_USE, {"mount", "variable", "value", "setting"}, id="a use"),
        pytest.param("{tool: pip, cache: [off]}", {"owner", "removal"}, id="a use that is off"),
        pytest.param("removal: [late]", set(), id="a removal"),
    ],
)  # fmt: skip
def test_no_name_is_known_that_never_stands_for_anything(when: str, empty: set[str]) -> None:
    found = messages(when, FULL)
    assert found
    assert {name for name in found[0] if not any(values[name] for values in found)} == empty


@pytest.mark.parametrize(
    ("when", "names"),
    [
        pytest.param("removal: [late]", {"command", "directory", "cache", "user", "removal"}, id="a removal"),
        pytest.param("suppression: unused", {"suppression"}, id="a suppression"),
    ],
)
def test_what_there_is_to_say_of(when: str, names: set[str]) -> None:
    assert set(known_names(condition(when))) == names


@pytest.mark.parametrize(
    ("when", "more"),
    [
        pytest.param("command: {name: a, option: -x}", "option", id="an option"),
        pytest.param("command: {name: a, argument: x}", "argument", id="an argument"),
        pytest.param("command: {name: a, wrapper: sudo}", "wrapper", id="a wrapper"),
        pytest.param("{command: {name: a}, instruction: {flag: --x}}", "flag", id="a flag"),
        pytest.param("{command: {name: a}, mount: {}}", "mount", id="a mount"),
        pytest.param("{cache: [left], option: [-x]}", "option", id="an option of a use of a cache"),
        pytest.param("{cache: [left], unknown-option: ['-*']}", "option", id="an option that the tool does not know"),
    ],
)
def test_what_is_only_known_where_it_is_asked_for(when: str, more: str) -> None:
    plain = "cache: [left]" if when.startswith("{cache") else "command: {name: a}"
    assert set(known_names(condition(when))) - set(known_names(condition(plain))) == {more}
