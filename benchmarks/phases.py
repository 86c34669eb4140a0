"""Where layerlint's time goes: the phases of a run in one process, and the functions by their own time.

python -m benchmarks.phases FOLDER ... [--limit N] [--functions N]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.compare import files_in
from benchmarks.table import number, table
from layerlint.caches.build import Run, read_runs
from layerlint.caches.runs import read_commands
from layerlint.dockerfile.build_state import build_states
from layerlint.dockerfile.instruction import Dockerfile
from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.stages import ImageFacts, stages
from layerlint.finding import FileError
from layerlint.image.accounts import Accounts
from layerlint.linting import lint
from layerlint.mapped_text import MappedText
from layerlint.reading import read
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.selection import Selection
from layerlint.shell.syntax import NestingTooDeepError
from layerlint.shell.syntax import parse as syntax
from layerlint.source import Source

T = TypeVar("T")
MILLISECONDS = 1000


def phases(paths: Sequence[str]) -> Mapping[str, float]:
    """Seconds for each phase over all files; a phase is done for all files before the next begins.

    `shell syntax` is the parsing of the RUNs that could use a cache, `execution` their execution beyond that, `ledger`
    what `read_runs` takes beyond the stages and those, `rules and the rest` what `lint` takes beyond parsing and
    `read_runs`.
    """
    seconds: dict[str, float] = {}

    def timed(phase: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        result = work()
        seconds[phase] = time.process_time() - start
        return result

    rules = timed("load the rules", load)
    sources = [source for source in timed("read", lambda: [read(path) for path in paths]) if _is_source(source)]
    dockerfiles = timed("parse", lambda: [parse(source) for source in sources if isinstance(source, Source)])
    relevant = [dockerfile for dockerfile in dockerfiles if rules.catalog.mentioned_in(dockerfile.source.data)]
    timed("stages", lambda: [_states(dockerfile) for dockerfile in relevant])
    runs = timed("runs", lambda: [run for dockerfile in dockerfiles for run in _runs(dockerfile, rules)])
    accounts = Accounts({})
    timed("shell syntax", lambda: [syntax(text.data) for run in runs for text in _texts(run)])
    timed("shell", lambda: [read_commands(run.run, run.state, rules.knowledge.wrappers, accounts) for run in runs])
    selection = Selection({rule.id: rule.severity for rule in rules.rules})
    timed("lint", lambda: [lint(source, rules, selection) for source in sources if isinstance(source, Source)])
    everything = seconds.pop("lint")
    in_runs = seconds.pop("runs")
    seconds["ledger"] = in_runs - seconds["stages"] - seconds["shell"]
    seconds["execution"] = seconds.pop("shell") - seconds["shell syntax"]
    seconds["rules and the rest"] = everything - in_runs - seconds["parse"]
    return seconds


def _texts(run: Run) -> list[MappedText]:
    return [run.run.text, *(heredoc.body for heredoc in run.run.heredocs)]


def _is_source(source: Source | FileError) -> bool:
    return isinstance(source, Source)


def _states(dockerfile: Dockerfile) -> object:
    return build_states(dockerfile, stages(dockerfile, lambda _: ImageFacts()))


def _runs(dockerfile: Dockerfile, rules: RuleSet) -> Sequence[Run]:
    try:
        return read_runs(dockerfile, rules.knowledge)
    except NestingTooDeepError:
        return ()


def functions(paths: Sequence[str], count: int) -> str:
    """The functions that take most time themselves, as cProfile sees it (which makes small functions look big)."""
    rules = load()
    selection = Selection({rule.id: rule.severity for rule in rules.rules})
    sources = [source for path in paths if isinstance(source := read(path), Source)]
    profile = cProfile.Profile()
    profile.enable()
    for source in sources:
        lint(source, rules, selection)
    profile.disable()
    entries = pstats.Stats(profile).get_stats_profile().func_profiles
    rows = [
        [f"{Path(entry.file_name).name}:{entry.line_number} {name}", str(entry.ncalls), number(entry.tottime)]
        for name, entry in sorted(entries.items(), key=lambda item: -item[1].tottime)[:count]
    ]
    return table(["function", "calls", "own seconds"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the phases and the functions."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phases")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--functions", type=int, default=15)
    options = parser.parse_args(arguments)
    paths = [path for folder in options.folders for path in files_in(folder, options.limit)]
    seconds = phases(paths)
    rows = [
        [phase, number(taken), number(taken * MILLISECONDS / max(1, len(paths)))] for phase, taken in seconds.items()
    ]
    print(f"{len(paths)} files\n")
    print(table(["phase", "seconds", "ms a file"], rows))
    if options.functions:
        print()
        print(functions(paths, options.functions))
    return 0


if __name__ == "__main__":
    sys.exit(main())
