"""`python -m tests.fuzz --minutes 60`: fuzz each target in turn, count the inputs, keep what breaks a promise.

Half of the time goes to hypothesis, which writes inputs after the strategies here, and half to atheris, where it is
installed: it changes real inputs and keeps those that reach code that no other did. What breaks a promise is written to
`--found` under a name that says which. The exit status is 1 if there is any.
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.keeping import keep, place
from tests.fuzz.targets import TARGETS, Target

_BATCH = 500
"""How many inputs hypothesis writes with one seed."""


def by_hypothesis(name: str, seconds: float, found: Path, first_seed: int) -> tuple[int, int]:
    """How many inputs were tried for so long, and how many different ones broke a promise."""
    target, known = TARGETS[name], dict[str, bytes]()
    end, tried, batch = time.monotonic() + seconds, 0, first_seed
    while time.monotonic() < end:
        tried += _batch(target, known, batch, end)
        batch += 1
    for data in known.values():
        print(f"kept: {keep(name, data, found)}")
    return tried, len(known)


def _batch(target: Target, known: dict[str, bytes], number: int, end: float) -> int:
    """Try some inputs; what breaks a promise comes to `known`, by the place that says so, made small."""
    tried = 0
    broken: dict[str, bytes] = {}

    @seed(number)
    @settings(
        max_examples=_BATCH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
    )
    @given(target.inputs)
    def holds(data: bytes) -> None:
        nonlocal tried
        if time.monotonic() > end:
            return
        tried += 1
        try:
            target.holds(data)
        except Exception as error:
            at = place(error)
            if at in known:
                return
            if at not in broken or len(data) < len(broken[at]):
                broken[at] = data
            raise

    try:
        holds()
    except Exception as error:  # all that there is to be found
        print("".join(traceback.format_exception(error)[-6:]))
    known.update(broken)
    return tried


def by_atheris(name: str, seconds: float, found: Path, first_seed: int) -> tuple[int, int]:
    """The same, by a process of its own: libFuzzer ends the process that it runs in."""
    found.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    options = [f"-max_total_time={round(seconds)}", f"-seed={first_seed}", f"-artifact_prefix={found}/{name}-"]
    command = [sys.executable, "-m", "tests.fuzz.by_coverage", name, str(found), *options]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    new = set(found.iterdir()) - before
    counted = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    if done.returncode or counted is None:
        print(f"atheris ended with {done.returncode}:\n{done.stderr[-4000:]}")
        return 0, max(len(new), 1)
    for path in new:
        print(f"kept: {path}")
    return int(counted[1]), len(new)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--minutes", type=float, default=1.0, help="for all targets together (default: 1)")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one (repeatable)")
    parser.add_argument("--seed", type=int, default=time.time_ns() // 1000 % 2**31, help="default: another each time")
    parser.add_argument("--found", type=Path, default=Path(".hypothesis") / "found", help="where inputs are kept")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    engines = {"hypothesis": by_hypothesis}
    if importlib.util.find_spec("atheris"):
        engines["atheris"] = by_atheris
    names = options.target or list(TARGETS)
    seconds = options.minutes * 60 / len(names) / len(engines)
    print(f"seed {options.seed}, {seconds:.0f} s a target with each of {', '.join(engines)}", flush=True)
    broken = 0
    for name in names:
        for engine, fuzz in engines.items():
            start = time.monotonic()
            tried, new = fuzz(name, seconds, options.found, options.seed)
            broken += new
            took = time.monotonic() - start
            print(f"{name:14} {engine:11} {tried:9,} inputs in {took:6.0f} s, {new} broke a promise", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
