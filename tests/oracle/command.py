# ruff: noqa: T201 - a command prints
"""The commands that measure cases, and keep or compare what was measured."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol

from tests.oracle import measurements
from tests.oracle.case import Case
from tests.oracle.measurements import Measurements
from tests.oracle.measuring import Measurement


class Session(Protocol):
    """What can measure cases now, with which versions."""

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the programs by their names."""

    def measure(self, cases: Iterable[Case]) -> Iterator[tuple[Case, Measurement | RuntimeError]]:
        """Measure each case; they come in the order given. One that could not be understood gives its error."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases, the file that their measurements are kept in, and what measures them.

    `missing` says what the machine lacks for that, empty when nothing. `prepared` takes a folder for downloads, and the
    version of pip that is to be measured, empty for the newest.
    """

    cases: Sequence[Case]
    measured: Path
    missing: Callable[[], str]
    prepared: Callable[[Path, str], AbstractContextManager[Session]]


def parser(program: str, description: str | None) -> argparse.ArgumentParser:
    """The options that all of them have."""
    result = argparse.ArgumentParser(prog=program, description=description)
    result.add_argument("--only", metavar="GLOB", default="*", help="cases whose name, or family, matches")
    result.add_argument("--missing", action="store_true", help="only cases without a measurement of their present text")
    action = result.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="keep what is measured in measured.json")
    action.add_argument("--check", action="store_true", help="compare with measured.json, not with what cases say")
    default = Path(tempfile.gettempdir()) / "layerlint-oracle"
    result.add_argument("--keep", metavar="FOLDER", type=Path, default=default, help="for downloads: %(default)s")
    return result


def run(suite: Suite, options: argparse.Namespace) -> int:
    """Exit status: 0 all as expected, 1 not, 2 nothing could be measured."""
    if reason := suite.missing():
        print(f"error: cannot measure: {reason}", file=sys.stderr)
        return 2
    kept = measurements.read(suite.measured) if suite.measured.exists() else Measurements({}, {})
    measurable = [case for case in suite.cases if not case.reasoned]
    cases = [
        case
        for case in measurable
        if (fnmatch(case.name, options.only) or fnmatch(case.family, options.only))
        and not (options.missing and kept.of(case))
    ]
    measured: dict[str, tuple[str, Measurement]] = {}
    wrong = 0
    options.keep.mkdir(parents=True, exist_ok=True)
    # What is compared is compared with the pip that was measured: a newer one is measured on purpose, not by surprise.
    pip = kept.versions.get("pip", "") if options.check else ""
    with suite.prepared(options.keep, pip) as session:
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
                names = {case.name for case in measurable}
                merged = {name: entry for name, entry in {**kept.cases, **measured}.items() if name in names}
                measurements.write(Measurements(versions, merged), suite.measured)
    programs = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{len(measured)} of {len(cases)} cases measured with {programs}, {wrong} not as expected")
    return 1 if wrong else 0


def _expected(case: Case, result: Measurement) -> Measurement:
    """What the case says; it says nothing of directories."""
    return Measurement(case.leaves, case.wasted, case.fails, result.directories)
