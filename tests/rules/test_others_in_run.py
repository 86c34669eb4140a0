"""One finding for what several commands of a RUN leave in one directory, which names the others: a made-up tool."""

from __future__ import annotations

import pytest

from layerlint.finding import Severity
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.source.source import Source

TOOL = """\
tool: depot
names: [depot]
options: {values: [--store]}
caches:
  - title: depot's list
    filled-by: [subcommand: [list]]
    at: [{option: --store}, {path: /var/depot}]
"""
RULE = """\
id: DPT001
name: depot-list-in-layer
severity: warning
summary: depot's list stays in a layer
message: "`{command}` leaves {cache}"
advice: Remove it.
note: |
  It makes it bigger.
when: {tool: depot, cache: [left]}
others-in-run: "`{command}` does too"
fixes:
  - title: Remove it in the same RUN
    safety: safe
    append-command: rm -rf {directory}
"""
CASES = [
    pytest.param("RUN depot list", [("2:5", [])], id="one command"),
    pytest.param("RUN depot list; \\\n     depot list", [("2:5", ["3:6"])], id="two"),
    pytest.param("RUN depot list\nRUN depot list", [("2:5", []), ("3:5", [])], id="two in a RUN each"),
    pytest.param(
        "RUN depot list; \\\n     depot list --store /s", [("2:5", []), ("3:6", [])], id="two with a directory each"
    ),
    pytest.param("RUN depot list && rm -rf /var/depot; \\\n     depot list", [("3:6", [])], id="one is removed"),
    pytest.param("RUN for x in 1 2; do depot list; done", [("2:22", [])], id="one that runs twice"),
]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "tool.yaml").write_text(TOOL)
    (folder / "rule.yaml").write_text(RULE)
    return load([folder])


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_the_first_is_reported_and_names_the_others(
    lines: str, expected: list[tuple[str, list[str]]], rules: RuleSet
) -> None:
    """The others are places of the same finding, and what mends it mends them."""
    source = Source("Dockerfile", f"FROM base\n{lines}\n".encode())

    def place(offset: int) -> str:
        position = source.position(offset)
        return f"{position.line}:{position.column}"

    findings = lint(source, rules, Selection({"DPT001": Severity.WARNING})).findings
    assert expected == [
        (place(each.span.start), [place(related.span.start) for related in each.related]) for each in findings
    ]
    assert all(related.message == "`depot list` does too" for each in findings for related in each.related)
    assert len(findings[0].fixes) == 1
