"""One RUN in which several tools fill their caches: one ledger, in which what each leaves is removed on its own."""

from __future__ import annotations

import pytest

from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.selection import RuleChoice, select
from layerlint.source.source import Source

RULES = load()
EVERYTHING = select(RULES.names, [RuleChoice(("ALL",))])
INSTALL = "apt-get update && apt-get install -y python3-pip && pip install x"
LISTS, CACHES = "/var/lib/apt/lists/*", "~/.cache"


def reported(script: str) -> list[str]:
    """The rules that report a RUN, of all that there are."""
    found = lint(Source("", f"FROM debian:12\nRUN {script}\n".encode()), RULES, EVERYTHING).findings
    return [finding.rule for finding in found]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(f"{INSTALL} && rm -rf {LISTS} {CACHES}", [], id="both removed at once"),
        pytest.param(f"{INSTALL} && rm -rf {LISTS} && rm -rf {CACHES}", [], id="both removed one by one"),
        pytest.param(f"{INSTALL} && rm -rf {LISTS}", ["PIP001"], id="without the home's caches"),
        pytest.param(f"{INSTALL} && rm -rf {CACHES}", ["APT001"], id="without the lists"),
        pytest.param(INSTALL, ["APT001", "PIP001"], id="neither removed"),
        pytest.param(
            f"{INSTALL} && rm -rf {LISTS} {CACHES} && apt-get update", ["APT001"], id="one filled again behind it"
        ),
        pytest.param(
            f"{INSTALL} && rm -rf {LISTS} {CACHES} && pip install y", ["PIP001"], id="the other filled again behind it"
        ),
        pytest.param(
            f"{INSTALL} && npm install -g z && rm -rf {LISTS} {CACHES}", ["NPM001"], id="a third one in another place"
        ),
        pytest.param(
            f"{INSTALL} && npm install -g z && rm -rf {LISTS} {CACHES} ~/.npm", [], id="all three removed at once"
        ),
    ],
)
def test_what_each_leaves_is_its_own(script: str, expected: list[str]) -> None:
    assert reported(script) == expected
