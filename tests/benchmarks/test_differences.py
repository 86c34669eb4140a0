"""Where layerlint and hadolint differ: every frequent reason is one that a measured build decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import differences, peers
from layerlint.rules.loading import load
from tests.oracle import session
from tests.oracle.case import Case
from tests.oracle.programs import session as programs
from tests.oracle.systems import session as systems

# By hadolint's rule: a reason (as `benchmarks.differences` words it, up to what varies), and a case of the oracle that
# shows who is right.
EXPLAINED = {
    "DL3042": {
        "removed by rm in the same RUN": "removed-with-rm-rf",
        "off by option --no-cache": "flag-abbreviated-to-no-cache",
        "unwritable": "root-with-the-home-of-somebody-else",
        "called by its path": "pip-by-path",
        "behind sudo": "sudo",
        "off by variable PIP_NO_CACHE_DIR=": "variable-is-off",
    },
    "DL3009": {
        "subcommand update, and something else is removed": "apt-lists-and-another-removed",
        "behind sudo": "apt-update-by-sudo",
    },
    "DL3019": {},
    "DL3032": {"subcommand update in a RUN that installs nothing": "dnf-upgrade"},
    "DL3036": {"`zypper clean` leaves it": "zypper-clean"},
    "DL3040": {"removed by rm in the same RUN": "dnf-directory-removed"},
    "DL3060": {
        "subcommand global add in a RUN that installs nothing": "yarn-global",
        "no subcommand in a RUN that installs nothing": "yarn-bare",
        "subcommand add in a RUN that installs nothing": "yarn-add",
    },
}
# apk does not run where the cases are measured: what it does is read in its source (rules/apk/tool.yaml).
# Nor does get-pip.py, which is no package.
READ_IN_THE_SOURCE = {
    "DL3019": ("removed by rm in the same RUN", "subcommand update"),
    "DL3042": ("the program get-pip.py",),
    "DL3009": ("the program add-apt-repository",),
}
# These are about hadolint's reading of the file, or what it is for, and not about caches.
ABOUT_READING = (
    "hadolint: cannot parse the file",
    "here-document",
    "called as ",
    "subcommand update in a stage that reaches no image",
)
FREQUENT = 10


def measured_cases() -> dict[str, Case]:
    suites = (session.SUITE, systems.SUITE, programs.SUITE)
    return {case.name: case for suite in suites for case in suite.cases}


@pytest.mark.parametrize("case", sorted({case for reasons in EXPLAINED.values() for case in reasons.values()}))
def test_each_explanation_is_a_measured_case(case: str) -> None:
    found = measured_cases()[case]
    assert not found.reasoned
    assert not found.unknown


def test_each_rule_of_hadolints_that_one_of_ours_knows_is_compared() -> None:
    aliases = {alias for rule in load().rules for alias in rule.aliases if alias.startswith("DL")}
    assert EXPLAINED.keys() == {code for code in aliases if differences.tools_of(load(), code)}


@pytest.mark.peers
def test_each_frequent_difference_is_explained(corpus: list[Path]) -> None:
    paths = [str(path) for path in corpus]
    report = peers.hadolint_report(peers.find("hadolint"), paths)
    unexplained: set[tuple[str, str]] = set()
    for code, reasons in EXPLAINED.items():
        theirs, refused = peers.hadolint_findings(report, code)
        only_hadolint, only_layerlint, both = differences.differences(paths, load(), theirs, refused, code)
        groups = [*only_hadolint.items(), *only_layerlint.items()]
        frequent = [reason for reason, places in groups if len(places) > FREQUENT]
        explained = (*reasons, *READ_IN_THE_SOURCE.get(code, ()), *ABOUT_READING)
        unexplained |= {(code, reason) for reason in frequent if not reason.startswith(explained)}
        assert both, f"{code}: they agree nowhere, as if one of them had not looked"
    assert unexplained == set()
