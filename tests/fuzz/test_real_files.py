"""Real files with accidents: cut short, lines doubled, dropped and swapped, bits flipped, characters put in."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.dockerfiles import MUTATIONS, mutated
from tests.fuzz.properties import fixed_well, linted_well, parsed_well

_SHARES = 8
"""In which the work is divided between processes."""
_OF_EACH_FILE = 7
_FIXED = 7
"""One of so many is fixed too, in each way."""


@pytest.mark.fuzz
@pytest.mark.parametrize("share", range(_SHARES))
def test_real_files_with_accidents(corpus: list[Path], share: int) -> None:
    files = corpus[share::_SHARES]
    for number, path in enumerate(files):
        original = path.read_bytes()
        for variant in range(_OF_EACH_FILE):
            # Each accident alone, then several together. The name, not the place in the list, decides.
            chance = random.Random(f"{path.name} {variant}")
            data = MUTATIONS[variant](original, chance) if variant < len(MUTATIONS) else mutated(original, chance)
            try:
                parsed_well(data)
                if (number + variant) % _FIXED:
                    linted_well(data)
                else:
                    fixed_well(data)
            except Exception as error:
                raise AssertionError(f"{path}, variant {variant}: {error}") from error
    assert len(files) * _OF_EACH_FILE * _SHARES >= 20_000
