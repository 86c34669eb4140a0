# ruff: noqa: T201 - a command prints
"""`python -m tests.oracle`: build the cases and see what stays in the image."""

import argparse
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from tests.oracle import measurements, systems
from tests.oracle.case import CASES, Case, load_cases
from tests.oracle.measurements import Measurements
from tests.oracle.measuring import Measurement
from tests.oracle.session import buildah_version, missing, prepared
from tests.oracle.systems.session import prepared as prepared_with_systems

_SYSTEMS = Path(systems.__file__).parent


def main() -> int:
    """Exit status: 0 all as expected, 1 not, 2 nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--only", metavar="GLOB", default="*", help="cases whose name, or family, matches")
    parser.add_argument("--systems", action="store_true", help="the cases about distributions' package managers")
    parser.add_argument("--missing", action="store_true", help="only cases without a measurement of their present text")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="keep what is measured in measured.json")
    action.add_argument("--check", action="store_true", help="compare with measured.json, not with what cases say")
    default = Path(tempfile.gettempdir()) / "layerlint-oracle"
    parser.add_argument(
        "--keep", metavar="FOLDER", type=Path, default=default, help="for Debian's packages: %(default)s"
    )
    options = parser.parse_args()

    if reason := missing():
        print(f"error: cannot measure: {reason}", file=sys.stderr)
        return 2
    measured_file, folder = measurements.MEASURED, CASES
    if options.systems:
        measured_file, folder = _SYSTEMS / "measured.json", _SYSTEMS / "cases"
    kept = measurements.read(measured_file) if measured_file.exists() else Measurements({}, "", {})
    all_cases = load_cases(folder)
    cases = [
        case
        for case in all_cases
        if not case.reasoned
        and (fnmatch(case.name, options.only) or fnmatch(case.family, options.only))
        and not (options.missing and kept.of(case))
    ]
    measured: dict[str, tuple[str, Measurement]] = {}
    wrong = 0
    # What is compared is compared with the pip that was measured: a newer one is measured on purpose, not by surprise.
    pip = kept.versions.get("pip", "") if options.check else ""
    with prepared_with_systems(options.keep) if options.systems else prepared(options.keep, pip) as session:
        versions = session.versions
        try:
            for case, result in session.measure(cases):
                if isinstance(result, RuntimeError):
                    wrong += 1
                    print(f"ERROR {result}", flush=True)
                    continue
                measured[case.name] = case.sha256, result
                expected = kept.of(case) if options.check else _expected(case, result)
                if result != expected:
                    wrong += 1
                    print(f"DIFFERS {case.family}/{case.name}\n  expected {expected}\n  measured {result}", flush=True)
        finally:  # what was measured before an interruption holds
            if options.write:
                names = {case.name for case in all_cases if not case.reasoned}
                merged = {name: entry for name, entry in {**kept.cases, **measured}.items() if name in names}
                measurements.write(Measurements(versions, buildah_version(), merged), measured_file)
    tools = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{len(measured)} of {len(cases)} cases measured with {tools}, {wrong} not as expected")
    return 1 if wrong else 0


def _expected(case: Case, result: Measurement) -> Measurement:
    """What the case says; it says nothing of directories."""
    return Measurement(case.leaves, case.wasted, case.fails, result.directories)


if __name__ == "__main__":
    sys.exit(main())
