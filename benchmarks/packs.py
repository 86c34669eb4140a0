"""What the packs cost: one pack alone, all of them with the rules of that one selected, and all of them.

In one process, over files that are in memory.

python -m benchmarks.packs FOLDER ... [--pack NAME] [--runs N] [--limit N]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.compare import files_in
from benchmarks.table import number, table
from layerlint.linting import lint
from layerlint.rules.loading import load, shipped_folder
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import RuleChoice, Selection, select
from layerlint.source.source import Source
from layerlint.system.reading import read

SHARED = ("shell", "images", "layerlint")
"""The folders of the rules that are no pack of a package manager, and that every pack needs."""


def settings(pack: str) -> dict[str, tuple[RuleSet, Selection]]:
    """What is compared, by name."""
    folder = shipped_folder()
    alone = load([folder / name for name in (*SHARED, pack)], shipped=False)
    rules = load()
    own = {rule.id for rule in load([folder / pack], shipped=False).rules}
    return {
        f"{pack} alone": (alone, select(alone.names, ())),
        f"all packs, rules of {pack} selected": (rules, select(rules.names, [RuleChoice(select=tuple(own))])),
        "all packs": (rules, select(rules.names, ())),
    }


def seconds(sources: Sequence[Source], rules: RuleSet, selection: Selection) -> float:
    """The CPU time of linting, in one process, files read and rules loaded."""
    start = time.process_time()
    for source in sources:
        lint(source, rules, selection)
    return time.process_time() - start


def in_turn(
    sources: Sequence[Source], compared: Mapping[str, tuple[RuleSet, Selection]], runs: int
) -> Mapping[str, Sequence[float]]:
    """The seconds of each, a number for each of `runs`. They take turns: what else the machine does hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in compared}
    for _ in range(runs):
        for name, (rules, selection) in compared.items():
            taken[name].append(seconds(sources, rules, selection))
    return taken


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.packs")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--pack", default="pip")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args(arguments)
    paths = [path for folder in options.folders for path in files_in(folder, options.limit)]
    sources = [source for path in paths if isinstance(source := read(path), Source)]
    compared = settings(options.pack)
    taken = in_turn(sources, compared, max(1, options.runs))
    first = median(next(iter(taken.values())))
    rows = [
        [
            name,
            str(len(compared[name][0].tools)),
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
