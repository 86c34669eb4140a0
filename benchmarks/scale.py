"""How layerlint starts and how it grows: one small file beside `import typer`, and a folder beside ten copies of it.

python -m benchmarks.scale FOLDER [--runs N] [--copies N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.compare import files_in
from benchmarks.measuring import Cost, measure
from benchmarks.table import number, table

COPIES = 10
SMALL = "FROM python:3.13-slim\nRUN pip install flask\n"
_MEBIBYTE = 1024 * 1024
_CHECK = (sys.executable, "-m", "layerlint", "check", "--isolated", "--format", "json", "--fail-on", "never")
_LOADING = """
import time
from layerlint.rules.loading import load
begun = time.process_time()
load()
print(time.process_time() - begun)
"""
_STATUSES = frozenset({0, 2})  # a file that the parser refuses is reported, and the status says so


@dataclass(frozen=True, slots=True)
class Start:
    """Medians, in seconds of CPU: `import typer` as a process, layerlint on one small file as another, and `load`."""

    typer: float
    layerlint: float
    rules: float
    """Reading the shipped rules, which a run before has compiled."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Medians of the costs of a folder in one process and in two, and of all copies of it together."""

    files: int
    copies: int
    one_process: Cost
    two_processes: Cost
    all_copies: Cost


def start(runs: int) -> Start:
    """How layerlint starts. All take turns, so that what else the machine does hits each of them."""
    # Without compiled modules a run measures Python's compiler.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "Dockerfile"
        file.write_text(SMALL)
        commands = {"typer": [sys.executable, "-c", "import typer"], "layerlint": [*_CHECK, str(file)]}
        for command in commands.values():  # the first compiles modules and rules
            measure(command, _STATUSES)
        taken: Mapping[str, list[float]] = {name: [] for name in (*commands, "rules")}
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(measure(command, _STATUSES).cpu)
            taken["rules"].append(_seconds_of_loading())
    return Start(**{name: median(seconds) for name, seconds in taken.items()})


def _seconds_of_loading() -> float:
    done = subprocess.run([sys.executable, "-c", _LOADING], check=True, capture_output=True, text=True)
    return float(done.stdout)


def growth(folder: Path, runs: int, copies: int = COPIES) -> Growth:
    """What a folder and `copies` copies of it cost."""
    files = files_in(folder)
    with tempfile.TemporaryDirectory() as scratch:
        places = [str(shutil.copytree(folder, Path(scratch) / str(number))) for number in range(copies)]
        commands = (
            [*_CHECK, "--jobs", "1", places[0]],
            [*_CHECK, "--jobs", "2", places[0]],
            [*_CHECK, "--jobs", "2", *places],
        )
        costs: list[list[Cost]] = [[] for _ in commands]
        for _ in range(runs):
            for own, command in zip(costs, commands, strict=True):
                own.append(measure(command, _STATUSES))
    one, two, everything = (_middle(own) for own in costs)
    return Growth(len(files), copies, one, two, everything)


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.seconds for cost in costs),
        median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--copies", type=int, default=COPIES)
    options = parser.parse_args(arguments)
    begun = start(max(1, options.runs) * 5)
    rows = [
        ["import typer", number(begun.typer * 1000), "1.00"],
        ["one small file", number(begun.layerlint * 1000), number(begun.layerlint / begun.typer)],
        ["of that, reading the rules", number(begun.rules * 1000), number(begun.rules / begun.typer)],
    ]
    print(table(["process", "CPU ms", "ratio"], rows))
    grown = growth(options.folder, max(1, options.runs), options.copies)
    first = grown.two_processes.seconds
    rows = [
        [what, str(files), number(cost.seconds), number(cost.memory / _MEBIBYTE), number(cost.seconds / first)]
        for what, files, cost in (
            ("one process", grown.files, grown.one_process),
            ("two processes", grown.files, grown.two_processes),
            (f"two processes, {grown.copies} copies", grown.files * grown.copies, grown.all_copies),
        )
    ]
    print()
    print(table(["run", "files", "seconds", "memory MiB", "ratio"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
