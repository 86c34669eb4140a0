"""What the phases cost beside one another, on real files."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from benchmarks.phases import phases


@pytest.mark.peers
def test_execution_costs_no_more_than_the_parsing_before_it(corpus: list[Path]) -> None:
    paths = [str(path) for path in corpus if path.parent.name in {"pip", "other"}]
    ratios = []
    for _ in range(3):
        seconds = phases(paths)
        ratios.append(seconds["execution"] / (seconds["parse"] + seconds["stages"] + seconds["shell syntax"]))
    assert median(ratios) <= 1
