"""Where layerlint's time goes: the phases of a run in one process, and the functions by their own time.

python -m benchmarks.phases FOLDER ... [--limit N] [--functions N]
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.compare import files_in
from benchmarks.table import number, table
from layerlint.caches.build import Run, read_runs
from layerlint.caches.runs import execute_run, shell_state
from layerlint.dockerfile.build_state import build_states
from layerlint.dockerfile.instruction import Dockerfile
from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.stages import ImageFacts, stages
from layerlint.image.accounts import Accounts
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import select
from layerlint.shell.plain_syntax import read_plain_script
from layerlint.shell.syntax import NestingTooDeepError
from layerlint.shell.syntax import parse as syntax
from layerlint.source.source import Source
from layerlint.system.reading import read
from layerlint.tools.mentions import SearchedText

T = TypeVar("T")
MILLISECONDS = 1000


def phases(paths: Sequence[str]) -> Mapping[str, float]:
    """Seconds of CPU for each phase over all files; each file goes through all phases before the next one begins.

    `shell syntax` is making the syntax trees of the RUNs that could use a cache, `execution` is what follows them,
    `ledger` what `read_runs` takes beyond the stages and those, `rules and the rest` what `lint` takes beyond parsing
    and `read_runs`.
    """
    seconds: dict[str, float] = defaultdict(float)

    def timed(phase: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        result = work()
        seconds[phase] += time.process_time() - start
        return result

    rules = timed("load the rules", load)
    selection = select(rules.names, ())
    accounts = Accounts({})
    for path in paths:
        source = timed("read", partial(read, path))
        if not isinstance(source, Source):
            continue
        dockerfile = timed("parse", partial(parse, source))
        if rules.catalog.mentioned_in(SearchedText.of(source.data)):
            timed("stages", partial(_states, dockerfile))
        runs = timed("runs", partial(_runs, dockerfile, rules))
        for run in runs:
            timed("shell syntax", partial(_trees, _texts_that_need_trees(run)))
            timed("shell", partial(_execute, run, rules, accounts))
        timed("lint", partial(lint, source, rules, selection))
    everything, in_runs, in_shell = (seconds.pop(phase) for phase in ("lint", "runs", "shell"))
    seconds["ledger"] = in_runs - seconds["stages"] - in_shell
    seconds["execution"] = in_shell - seconds["shell syntax"]
    seconds["rules and the rest"] = everything - in_runs - seconds["parse"]
    return seconds


def _texts_that_need_trees(run: Run) -> Sequence[bytes]:
    texts = (run.run.text, *(heredoc.body for heredoc in run.run.heredocs))
    return [text.data for text in texts if read_plain_script(text) is None]


def _trees(texts: Sequence[bytes]) -> None:
    for text in texts:
        syntax(text)


def _execute(run: Run, rules: RuleSet, accounts: Accounts) -> None:
    execute_run(run.run, run.state, shell_state(run.state, accounts), rules.knowledge.wrappers)


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
    selection = select(rules.names, ())
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
