"""How layerlint starts and grows, on real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.scale import growth, start

MEBIBYTE = 1024 * 1024


@pytest.mark.peers
def test_a_small_file_takes_no_more_than_twice_the_import_of_typer_and_the_rules_less_than_10_ms() -> None:
    begun = start(15)
    assert begun.layerlint <= 2 * begun.typer
    assert begun.rules < 0.01


@pytest.mark.peers
def test_time_grows_with_the_files_and_memory_does_not(corpus: list[Path]) -> None:
    folder = corpus[0].parent.parent
    grown = growth(folder, 3)
    assert grown.files == len(corpus)
    assert grown.all_copies.seconds <= 11 * grown.two_processes.seconds
    assert grown.all_copies.memory < 150 * MEBIBYTE
