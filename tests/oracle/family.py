"""The cases of one tool: a file of a folder `cases`, which also says what files of its cache look like."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from tests.case_files import read_cases
from tests.oracle.case import Case, make_case

_KEYS = {"rules", "cache-files", "cases"}
_MAY = {"directories"}


@dataclass(frozen=True, slots=True)
class Family:
    """Cases whose layers are searched for files that match `cache_file`, and the rules that say that one is left."""

    tool: str
    rules: tuple[str, ...]
    cache_file: re.Pattern[str]
    cases: tuple[Case, ...]


@functools.cache
def load_families(folder: Path) -> tuple[Family, ...]:
    """Every file of `folder`, by its tool. Raises ValueError naming what is wrong."""
    families = [_family(path) for path in sorted(folder.glob("*.yaml"))]
    names = [case.name for family in families for case in family.cases]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"names that are taken: {', '.join(twice)}")
    return tuple(families)


def cases_of(families: tuple[Family, ...]) -> tuple[Case, ...]:
    """All of their cases, in order; a case's family is that of its tool."""
    return tuple(case for family in families for case in family.cases)


def _family(path: Path) -> Family:
    content = read_cases(path)
    if content.keys() - _MAY != _KEYS:
        raise ValueError(f"{path.name}: its keys are not {', '.join(sorted(_KEYS))}")
    # A case's name becomes that of an image, and is one of all families.
    cases = tuple(make_case({**case, "name": f"{path.stem}-{case['name']}"}, path.stem) for case in content["cases"])
    cache_file = re.compile(
        f"(?P<directory>{content.get('directories', '.*?')})/(?:{'|'.join(content['cache-files'])})"
    )
    return Family(path.stem, tuple(content["rules"]), cache_file, cases)
