"""The table of cases: Dockerfiles in YAML, each with what its build leaves where."""

import functools
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.case_files import read_cases

CASES = Path(__file__).parent / "cases"

_NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")  # it becomes the name of an image
_KEYS = {
    "name", "dockerfile", "context", "leaves", "wasted", "carried-from", "fails", "why", "reasoned", "unknown", "says"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One Dockerfile. Lines count from 1 and are the first of their instruction.

    `leaves` are the instructions whose layer of the final image holds files of pip's cache, `wasted` those of stages
    that do not reach it. `carried_from` names for a COPY in `leaves` the RUNs that filled the cache it takes along.
    `fails` is the RUN at which the build stops: no image, so nothing is left in one. `reasoned` says why a case cannot
    be measured here; `unknown` why no linter can decide it and what it should say, at the lines `says`. `context` is
    the text of the files in the build context by their path.
    """

    name: str
    family: str
    dockerfile: str
    leaves: tuple[int, ...]
    wasted: tuple[int, ...] = ()
    carried_from: dict[int, tuple[int, ...]] = field(default_factory=dict)
    fails: int | None = None
    context: dict[str, str] = field(default_factory=dict)
    why: str = ""
    reasoned: str = ""
    unknown: str = ""
    says: tuple[int, ...] | None = None

    @property
    def blamed(self) -> tuple[int, ...]:
        """The lines a linter should point at for what is in the image: for a COPY, the RUNs that filled the cache."""
        if self.says is not None:
            return self.says
        return tuple(sorted({line for left in self.leaves for line in self.carried_from.get(left, (left,))}))

    @property
    def blamed_for_the_build(self) -> tuple[int, ...]:
        """The lines of what is wasted in stages that do not reach the image, and taken along by no COPY."""
        sources = (source for line in self.wasted for source in self.carried_from.get(line, (line,)))
        return tuple(sorted({line for line in sources if line not in self.blamed}))

    @property
    def sha256(self) -> str:
        """Of all that the build reads: a measurement holds for this text and no other."""
        digest = hashlib.sha256(self.dockerfile.encode())
        for path, text in sorted(self.context.items()):
            digest.update(f"\0{path}\0{text}".encode())
        return digest.hexdigest()


@functools.cache
def load_cases(folder: Path = CASES) -> tuple[Case, ...]:
    """Every case of every file in `folder`; a file is a family. Raises ValueError naming the case that is wrong."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.yaml")):
        cases.extend(make_case(entry, path.stem) for entry in read_cases(path))
    seen: set[str] = set()
    for case in cases:
        if case.name in seen:
            raise ValueError(f"{case.family}.yaml: the name {case.name} is taken")
        seen.add(case.name)
    return tuple(cases)


def make_case(entry: dict[str, Any], family: str) -> Case:
    """One case as it is written. Raises ValueError naming the case that is wrong."""
    where = f"{family}.yaml: {entry.get('name', entry)}"
    if unknown := entry.keys() - _KEYS:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}")
    if missing := {"name", "dockerfile", "leaves"} - entry.keys():
        raise ValueError(f"{where}: no {', '.join(sorted(missing))}")
    if not _NAME.fullmatch(entry["name"]):
        raise ValueError(f"{where}: a name is lower-case words joined by dashes")
    return Case(
        name=entry["name"],
        family=family,
        dockerfile=entry["dockerfile"],
        leaves=tuple(entry["leaves"]),
        wasted=tuple(entry.get("wasted", ())),
        carried_from={line: tuple(runs) for line, runs in entry.get("carried-from", {}).items()},
        fails=entry.get("fails"),
        context=dict(entry.get("context", {})),
        why=entry.get("why", ""),
        reasoned=entry.get("reasoned", ""),
        unknown=entry.get("unknown", ""),
        says=tuple(entry["says"]) if "says" in entry else None,
    )
