"""The file that the measured verdicts are kept in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.case import Case
from tests.oracle.measuring import Measurement

MEASURED = Path(__file__).parent / "measured.json"


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was measured, with which versions; a case's entry is its text's hash and what was left.

    `versions` are those of the programs: `pip` for the cases about that, and `buildah` where it builds them.
    """

    versions: Mapping[str, str]
    cases: Mapping[str, tuple[str, Measurement]]

    def of(self, case: Case) -> Measurement | None:
        """The measurement of `case` as it now stands; None when there is none or it is of another text."""
        sha256, measurement = self.cases.get(case.name, ("", None))
        return measurement if sha256 == case.sha256 else None


def read(path: Path = MEASURED) -> Measurements:
    """Raises FileNotFoundError where nothing was ever measured."""
    content = json.loads(path.read_text(encoding="utf-8"))
    cases = {}
    for name, entry in content["cases"].items():
        directories = {int(line): tuple(found) for line, found in entry["directories"].items()}
        measurement = Measurement(tuple(entry["lines"]), tuple(entry["wasted"]), entry.get("fails"), directories)
        cases[name] = entry["sha256"], measurement
    versions = {name: version for name, version in content.items() if name != "cases"}
    return Measurements(versions, cases)


def write(measurements: Measurements, path: Path = MEASURED) -> None:
    """One line a case, in the order of their names, so that a change shows as a change of that line."""
    lines = []
    for name, (sha256, measurement) in sorted(measurements.cases.items()):
        entry: dict[str, object] = {"sha256": sha256, "lines": measurement.lines, "wasted": measurement.wasted}
        if measurement.fails is not None:
            entry["fails"] = measurement.fails
        entry["directories"] = {str(line): found for line, found in measurement.directories.items()}
        lines.append(f"    {json.dumps(name)}: {json.dumps(entry)}")
    versions = "".join(f'  "{name}": "{version}",\n' for name, version in measurements.versions.items())
    head = f'{{\n{versions}  "cases": {{\n'
    path.write_text(head + ",\n".join(lines) + "\n  }\n}\n", encoding="utf-8")
