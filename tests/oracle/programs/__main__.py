# ruff: noqa: T201 - a command prints
"""`python -m tests.oracle.programs`: run the cases and see what each RUN leaves."""

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

from tests.oracle.case import Case
from tests.oracle.programs import measurements
from tests.oracle.programs.family import Family, load_families
from tests.oracle.programs.measurements import Measurements
from tests.oracle.programs.session import Session, missing, prepared, versions

_AT_ONCE = 2


def main() -> int:
    """Exit status: 0 all as expected, 1 not, 2 nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.programs", description=__doc__)
    parser.add_argument("--only", metavar="GLOB", default="*", help="cases whose name matches")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="keep what is measured in measured.json")
    action.add_argument("--check", action="store_true", help="compare with measured.json, not with what cases say")
    default = Path(tempfile.gettempdir()) / "layerlint-oracle"
    parser.add_argument("--keep", metavar="FOLDER", type=Path, default=default, help="for downloads: %(default)s")
    options = parser.parse_args()
    if reason := missing():
        print(f"error: cannot measure: {reason}", file=sys.stderr)
        return 2
    kept = measurements.read()
    chosen = [
        (family, case)
        for family in load_families()
        for case in family.cases
        if fnmatch(case.name, options.only) and not case.reasoned
    ]
    measured: dict[str, tuple[str, tuple[int, ...]]] = {}
    wrong = 0
    options.keep.mkdir(parents=True, exist_ok=True)
    with prepared(options.keep) as session, ThreadPoolExecutor(_AT_ONCE) as workers:
        found = versions(session)
        for (_, case), lines in zip(chosen, workers.map(lambda each: _measured(session, *each), chosen), strict=True):
            if isinstance(lines, str):
                wrong += 1
                print(f"ERROR {case.name}: {lines}", flush=True)
                continue
            measured[case.name] = case.sha256, lines
            expected = kept.of(case) if options.check else case.leaves
            if lines != expected:
                wrong += 1
                print(f"DIFFERS {case.name}\n  expected {expected}\n  measured {lines}", flush=True)
    if options.write:
        names = {case.name for family in load_families() for case in family.cases}
        merged = {name: entry for name, entry in {**kept.cases, **measured}.items() if name in names}
        measurements.write(Measurements(found, merged))
    print(f"{len(measured)} of {len(chosen)} cases measured, {wrong} not as expected")
    return 1 if wrong else 0


def _measured(session: Session, family: Family, case: Case) -> tuple[int, ...] | str:
    try:
        return session.measure(family, case)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main())
