"""The cases of one tool: a file of `cases/`, which also says what files of its cache look like."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.oracle.case import Case, make_case

CASES = Path(__file__).parent / "cases"
_KEYS = {"rules", "cache-files", "cases"}


@dataclass(frozen=True, slots=True)
class Family:
    """Cases whose layers are searched for files that match `cache_file`, and the rules that say that one is left."""

    tool: str
    rules: tuple[str, ...]
    cache_file: re.Pattern[str]
    cases: tuple[Case, ...]


@functools.cache
def load_families(folder: Path = CASES) -> tuple[Family, ...]:
    """Every file of `folder`. Raises ValueError naming what is wrong."""
    return tuple(_family(path) for path in sorted(folder.glob("*.yaml")))


def _family(path: Path) -> Family:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if content.keys() != _KEYS:
        raise ValueError(f"{path.name}: its keys are not {', '.join(sorted(_KEYS))}")
    cases = tuple(make_case({**case, "name": f"{path.stem}-{case['name']}"}, path.stem) for case in content["cases"])
    if len({case.name for case in cases}) < len(cases):
        raise ValueError(f"{path.name}: two cases have one name")
    return Family(path.stem, tuple(content["rules"]), re.compile("|".join(content["cache-files"])), cases)
