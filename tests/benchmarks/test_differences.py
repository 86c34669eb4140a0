"""Where layerlint and hadolint differ: every frequent reason is one that a measured build decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import differences, peers
from layerlint.rules.loading import load
from tests.oracle.case import load_cases

# A reason (as `benchmarks.differences` words it, up to what varies) and a case of the oracle that shows who is right.
EXPLAINED = {
    "removed by rm in the same RUN": "removed-with-rm-rf",
    "off by option --no-cache": "flag-abbreviated-to-no-cache",
    "unwritable": "root-with-the-home-of-somebody-else",
    "called by its path": "pip-by-path",
    "behind sudo": "sudo",
    "off by variable PIP_NO_CACHE_DIR=": "variable-is-off",
}
# These are about hadolint's reading of the file, not about caches.
ABOUT_READING = ("hadolint: cannot parse the file",)
FREQUENT = 10


@pytest.mark.parametrize("case", sorted(set(EXPLAINED.values())))
def test_each_explanation_is_a_measured_case(case: str) -> None:
    found = {known.name: known for known in load_cases()}[case]
    assert not found.reasoned
    assert not found.unknown


@pytest.mark.peers
def test_each_frequent_difference_is_explained(corpus: list[Path]) -> None:
    paths = [str(path) for path in corpus if path.parent.name in {"pip", "other"}]
    theirs, refused = peers.run_hadolint(peers.find("hadolint"), paths)
    only_hadolint, only_layerlint, both = differences.differences(paths, load(), theirs, refused)
    groups = [*only_hadolint.items(), *only_layerlint.items()]
    frequent = {reason: len(places) for reason, places in groups if len(places) > FREQUENT}
    assert both > 2000
    assert [reason for reason in frequent if not reason.startswith((*EXPLAINED, *ABOUT_READING))] == []
