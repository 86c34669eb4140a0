"""A few inputs for each target in every run; `python -m tests.fuzz` goes on for as long as it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.keeping import KEPT
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_inputs(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
    @given(target.inputs)
    def holds(data: bytes) -> None:
        target.holds(data)

    holds()


@pytest.mark.parametrize("path", sorted(KEPT.iterdir()), ids=lambda path: path.name)
def test_what_was_found_once(path: Path) -> None:
    TARGETS[path.name.partition("-")[0]].holds(path.read_bytes())
