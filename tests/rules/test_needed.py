"""What a rule says where something needs what is in the cache, and where nothing does, of a made-up tool."""

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
caches:
  - title: depot's list
    filled-by: [subcommand: [list]]
    at: [path: /var/depot]
    used-by: [subcommand: [take]]
  - title: depot's index
    filled-by: [subcommand: [fetch]]
    at: [path: /var/index]
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
cases:
  - when: {tool: depot, cache: [left], needed: [later]}
    message: "`{needed-by}` needs {cache}"
    advice: Join the RUNs.
    related: [{place: needed-by, message: this}]
  - when: {tool: depot, cache: [left], needed: [nowhere]}
    advice: Take it out.
  - when: {tool: depot, cache: [left]}
"""
LATER = ("`depot take` needs depot's list", "Join the RUNs.", [3])
HERE = ("`depot list` leaves depot's list", "Remove it.", [])
NOWHERE = ("`depot list` leaves depot's list", "Take it out.", [])
FETCHED = ("`depot fetch` leaves depot's index", "Remove it.", [])
CASES = [
    pytest.param("RUN depot fetch", [FETCHED], id="by what fetched it"),
    pytest.param("RUN depot list && depot take x", [HERE], id="in the RUN itself"),
    pytest.param(
        "RUN depot list\nRUN depot take x",
        [LATER],
        id="by a later RUN",
    ),
    pytest.param(
        "RUN depot list && depot take x\nRUN depot take y",
        [LATER],
        id="by a later RUN too",
    ),
    pytest.param("RUN depot list", [NOWHERE], id="by nothing"),
    pytest.param("RUN depot take x && depot list", [NOWHERE], id="by what was before"),
    pytest.param("RUN depot list\nRUN depot list && depot take x", [NOWHERE, HERE], id="by what has it anew"),
    pytest.param("RUN depot list\nFROM base\nRUN depot take x", [NOWHERE], id="by what is in another image"),
]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "tool.yaml").write_text(TOOL)
    (folder / "rule.yaml").write_text(RULE)
    return load([folder])


@pytest.mark.parametrize(("lines", "said"), CASES)
def test_advice_follows_who_needs_the_cache(lines: str, said: list[tuple[str, str, list[int]]], rules: RuleSet) -> None:
    """Where a later RUN needs it, removing it at the end of this one would break that."""
    source = Source("Dockerfile", f"FROM base\n{lines}\n".encode())
    assert said == [
        (finding.message, finding.advice, [source.line_at(related.span.start) for related in finding.related])
        for finding in lint(source, rules, Selection({"DPT001": Severity.WARNING})).findings
    ]
