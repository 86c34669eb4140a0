"""How fast and how big: layerlint, hadolint and tally on the same files in one run.

python -m benchmarks.compare FOLDER [--runs N] [--limit N] [--only TOOL ...] [--tools BIN-FOLDER]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import peers
from benchmarks.measuring import Cost, measure
from benchmarks.table import number, table

_MEBIBYTE = 1024 * 1024
_OURS = ("check", "--isolated", "--format", "json", "--fail-on", "never")
# A file that the parser refuses is reported, and the status says so.
_OUR_STATUSES = frozenset({0, 2})


@dataclass(frozen=True, slots=True)
class Contestant:
    """A tool in one setting: its command line without the files, and the files that it is given."""

    name: str
    version: str
    command: tuple[str, ...]
    files: tuple[str, ...]
    statuses: frozenset[int] = frozenset({0})

    def run(self) -> Cost:
        """All files, in as few processes as the length of a command line allows."""
        total: Cost | None = None
        for batch in peers.batches(self.files):
            cost = measure([*self.command, *batch], self.statuses)
            total = cost if total is None else total.and_then(cost)
        return total if total is not None else Cost(0.0, 0.0, 0)


def layerlint(name: str, files: Sequence[str], _folder: str | None, *options: str) -> Contestant:
    """What `python -m layerlint` is to this Python."""
    from layerlint.version import VERSION  # it may not be asked for

    return Contestant(name, VERSION, (sys.executable, "-m", "layerlint", *_OURS, *options), tuple(files), _OUR_STATUSES)


def hadolint(name: str, files: Sequence[str], folder: str | None) -> Contestant:
    """The program hadolint with all its rules; it has no way to run some of them that is faster."""
    program = peers.find("hadolint", folder)
    return Contestant(name, peers.version(program), (program, *peers.HADOLINT), tuple(files))


def tally(name: str, files: Sequence[str], folder: str | None, arguments: Sequence[str]) -> Contestant:
    """The program tally on the files that it parses."""
    program = peers.find("tally", folder)
    reads = peers.tally_reads(program, files)
    return Contestant(name, peers.version(program), (program, *arguments), tuple(reads))


TOOLS: Mapping[str, Callable[[str, Sequence[str], str | None], Contestant]] = {
    "layerlint": layerlint,
    "layerlint, one process": lambda name, files, folder: layerlint(name, files, folder, "--jobs", "1"),
    "hadolint": hadolint,
    "tally": lambda name, files, folder: tally(name, files, folder, peers.TALLY),
    "tally, cache rule only": lambda name, files, folder: tally(name, files, folder, peers.TALLY_ONE_RULE),
}


def files_in(folder: Path, limit: int | None = None) -> list[str]:
    """The Dockerfiles below `folder` in order, read once so that no tool pays for the disk."""
    found = sorted(path for path in folder.rglob("*ockerfile*") if path.is_file())[:limit]
    for path in found:
        path.read_bytes()
    return [str(path) for path in found]


def compare(contestants: Sequence[Contestant], runs: int) -> list[list[Cost]]:
    """The costs of each contestant, who take turns: what else the machine does hits all of them alike."""
    costs: list[list[Cost]] = [[] for _ in contestants]
    for _ in range(runs):
        for contestant, own in zip(contestants, costs, strict=True):
            own.append(contestant.run())
            print(f"{contestant.name}: {own[-1].seconds:.2f} s", file=sys.stderr)
    return costs


def report(contestants: Sequence[Contestant], costs: Sequence[Sequence[Cost]]) -> str:
    """The table: medians over the runs; the ratio is of the seconds a file to those of the first contestant."""
    rows: list[list[str]] = []
    first: float | None = None
    for contestant, own in zip(contestants, costs, strict=True):
        seconds = median(cost.seconds for cost in own)
        count = len(contestant.files)
        a_file = seconds / count if count else 0.0
        first = a_file if first is None else first
        rows.append([
            f"{contestant.name} {contestant.version}",
            str(count),
            number(seconds),
            f"{min(cost.seconds for cost in own):.2f} to {max(cost.seconds for cost in own):.2f}",
            number(count / seconds) if seconds else "-",
            number(median(cost.cpu for cost in own)),
            number(median(cost.memory for cost in own) / _MEBIBYTE),
            number(a_file / first) if first else "-",
        ])  # fmt: skip
    head = ["tool", "files", "seconds", "fastest to slowest", "files/s", "CPU seconds", "memory MiB", "ratio"]
    return table(head, rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print the table. The status is 2 when a tool is missing or there is nothing to compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="how often each tool runs (default: 3)")
    parser.add_argument("--limit", type=int, help="take the first files only")
    parser.add_argument("--only", nargs="+", choices=list(TOOLS), default=list(TOOLS), metavar="TOOL")
    parser.add_argument("--tools", help="the folder with the programs hadolint and tally")
    options = parser.parse_args(arguments)
    files = files_in(options.folder, options.limit)
    if not files:
        print(f"no Dockerfile in {options.folder}", file=sys.stderr)
        return 2
    try:
        contestants = [make(name, files, options.tools) for name, make in TOOLS.items() if name in options.only]
    except peers.NotInstalledError as error:
        print(error, file=sys.stderr)
        return 2
    print(report(contestants, compare(contestants, max(1, options.runs))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
