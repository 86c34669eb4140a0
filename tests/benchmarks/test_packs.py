"""What the packs of all package managers cost beside that of pip, on real files."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from benchmarks.packs import in_turn, settings
from layerlint.source.source import Source
from layerlint.system.reading import read


@pytest.mark.peers
def test_the_rules_of_all_packs_take_little_longer_than_those_of_one(corpus: list[Path]) -> None:
    sources = [source for path in corpus if isinstance(source := read(str(path)), Source)]
    _, selected, everything = (median(taken) for taken in in_turn(sources, settings("pip"), 3).values())
    assert everything <= 1.3 * selected
