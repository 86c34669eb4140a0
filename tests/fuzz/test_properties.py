"""A few inputs for each target in every run; `python -m tests.fuzz` goes on for as long as it is told to."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_inputs(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
    @given(target.inputs)
    def holds(data: bytes) -> None:
        target.holds(data)

    holds()
