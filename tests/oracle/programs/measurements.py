"""What was measured, in a file that is read and compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.case import Case

MEASURED = Path(__file__).parent / "measured.json"


@dataclass(frozen=True, slots=True)
class Measurements:
    """The versions of the programs; by a case's name, the hash of its text and the lines that leave a cache."""

    versions: Mapping[str, str]
    cases: Mapping[str, tuple[str, tuple[int, ...]]]

    def of(self, case: Case) -> tuple[int, ...] | None:
        """The lines of a case's present text, None if that was not measured."""
        sha256, lines = self.cases.get(case.name, ("", ()))
        return lines if sha256 == case.sha256 else None


def read() -> Measurements:
    """The kept measurements; none if there are none."""
    if not MEASURED.exists():
        return Measurements({}, {})
    content = json.loads(MEASURED.read_text(encoding="utf-8"))
    return Measurements(
        content["versions"], {name: (entry[0], tuple(entry[1])) for name, entry in content["cases"].items()}
    )


def write(measurements: Measurements) -> None:
    """Keep the measurements, one case a line."""
    cases = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(entry)}" for name, entry in sorted(measurements.cases.items())
    )
    head = f'{{\n  "versions": {json.dumps(dict(measurements.versions))},\n  "cases": {{\n'
    MEASURED.write_text(f"{head}{cases}\n  }}\n}}\n", encoding="utf-8")
