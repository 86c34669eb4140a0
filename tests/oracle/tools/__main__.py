# ruff: noqa: T201 - a command prints
"""`python -m tests.oracle.tools`: build the tools' cases and see what stays in the image."""

import argparse
import sys
import tempfile
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from tests.oracle import measurements
from tests.oracle.measurements import Measurements
from tests.oracle.measuring import Measurement
from tests.oracle.session import buildah_version, missing
from tests.oracle.tools.family import load_families
from tests.oracle.tools.session import prepared

MEASURED = Path(__file__).parent / "measured.json"


def main() -> int:
    """Exit status: 0 all as expected, 1 not, 2 nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.tools", description=__doc__)
    parser.add_argument("--only", metavar="GLOB", default="*", help="cases whose name, or tool, matches")
    parser.add_argument("--missing", action="store_true", help="only cases without a measurement of their present text")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="keep what is measured in measured.json")
    action.add_argument("--check", action="store_true", help="compare with measured.json, not with what cases say")
    default = Path(tempfile.gettempdir()) / "layerlint-oracle"
    parser.add_argument("--keep", metavar="FOLDER", type=Path, default=default, help="for downloads: %(default)s")
    options = parser.parse_args()
    if reason := missing():
        print(f"error: cannot measure: {reason}", file=sys.stderr)
        return 2
    kept = measurements.read(MEASURED) if MEASURED.exists() else Measurements({}, "", {})
    families = [
        replace(
            family,
            cases=tuple(
                case
                for case in family.cases
                if _chosen(options.only, case.name, family.tool) and not (options.missing and kept.of(case))
            ),
        )
        for family in load_families()
    ]
    measured: dict[str, tuple[str, Measurement]] = {}
    wrong = 0
    with prepared(options.keep, kept.versions.get("pip", "") if options.check else "") as session:
        try:
            for case, result in session.measure(families):
                if isinstance(result, RuntimeError):
                    wrong += 1
                    print(f"ERROR {result}", flush=True)
                    continue
                measured[case.name] = case.sha256, result
                said = Measurement(case.leaves, case.wasted, case.fails, result.directories)
                expected = kept.of(case) if options.check else said
                if result != expected:
                    wrong += 1
                    print(f"DIFFERS {case.name}\n  expected {expected}\n  measured {result}", flush=True)
        finally:  # what was measured before an interruption holds
            if options.write:
                _write(measured, kept, session.pip_version)
    print(f"{len(measured)} cases measured, {wrong} not as expected")
    return 1 if wrong else 0


def _write(measured: dict[str, tuple[str, Measurement]], kept: Measurements, pip: str) -> None:
    names = {case.name for family in load_families() for case in family.cases if not case.reasoned}
    merged = {name: entry for name, entry in {**kept.cases, **measured}.items() if name in names}
    measurements.write(Measurements({"pip": pip}, buildah_version(), merged), MEASURED)


def _chosen(glob: str, name: str, tool: str) -> bool:
    return fnmatch(name, glob) or fnmatch(tool, glob)


if __name__ == "__main__":
    sys.exit(main())
