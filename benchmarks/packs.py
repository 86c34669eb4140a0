"""What the packs cost: the time of linting with one pack alone and with all of them, in one process.

python -m benchmarks.packs FOLDER ... [--pack NAME] [--runs N] [--limit N]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.compare import files_in
from benchmarks.table import number, table
from layerlint.linting import lint
from layerlint.reading import read
from layerlint.rules.loading import load, shipped_folder
from layerlint.rules.ruleset import RuleSet
from layerlint.selection import Catalogue, select
from layerlint.source import Source

SHARED = ("shell", "images", "layerlint")
"""The folders of the rules that are no pack of a package manager, and that every pack needs."""


def rule_sets(pack: str) -> dict[str, RuleSet]:
    """The rules of one pack, and all rules."""
    folder = shipped_folder()
    return {f"{pack} alone": load([folder / name for name in (*SHARED, pack)], shipped=False), "all packs": load()}


def seconds(sources: Sequence[Source], rules: RuleSet) -> float:
    """The CPU time of linting, in one process, files read and rules loaded."""
    selection = select(Catalogue(rules.rules), ())
    start = time.process_time()
    for source in sources:
        lint(source, rules, selection)
    return time.process_time() - start


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. The rule sets take turns, so that what else the machine does hits both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.packs")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--pack", default="pip")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args(arguments)
    paths = [path for folder in options.folders for path in files_in(folder, options.limit)]
    sources = [source for path in paths if isinstance(source := read(path), Source)]
    sets = rule_sets(options.pack)
    taken: dict[str, list[float]] = {name: [] for name in sets}
    for _ in range(max(1, options.runs)):
        for name, rules in sets.items():
            taken[name].append(seconds(sources, rules))
    first = median(next(iter(taken.values())))
    rows = [
        [
            name,
            str(len(sets[name].tools)),
            number(median(own)),
            f"{min(own):.2f} to {max(own):.2f}",
            number(median(own) / first),
        ]
        for name, own in taken.items()
    ]
    print(f"{len(sources)} files\n")
    print(table(["rules", "tools", "CPU seconds", "fastest to slowest", "ratio"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
