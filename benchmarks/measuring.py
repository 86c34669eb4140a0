"""One run of a command: how long, how much of the processors, how much memory. Linux only (it reads /proc)."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLES_EVERY = 0.02
"""In seconds."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: `seconds` by the clock, `cpu` seconds in all its processes, `memory` in bytes.

    The memory is the resident size of all processes of the run together at its highest, looked at every 20 ms: pages
    that processes share count once for each.
    """

    seconds: float
    cpu: float
    memory: int

    def and_then(self, other: Cost) -> Cost:
        """The cost of both, one after the other."""
        return Cost(self.seconds + other.seconds, self.cpu + other.cpu, max(self.memory, other.memory))


def measure(command: Sequence[str], statuses: frozenset[int]) -> Cost:
    """Run `command`, its output thrown away. Raises RuntimeError when it ends with none of `statuses`."""
    before = _of_children()
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        memory = 0
        while True:
            memory = max(memory, sum(resident(pid) for pid in tree(process.pid)))
            try:
                process.wait(SAMPLES_EVERY)
            except subprocess.TimeoutExpired:
                continue
            break
        seconds = time.perf_counter() - start
        said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    cpu = _of_children() - before
    if process.returncode not in statuses:
        raise RuntimeError(f"{command[0]} ended with status {process.returncode}: {said.strip()[:500]}")
    return Cost(seconds, cpu, memory)


def _of_children() -> float:
    """Seconds of CPU of all children that have ended, to the microsecond: `os.times` counts in hundredths."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tree(pid: int) -> list[int]:
    """A process and all that it started, as far as they are there."""
    found = [pid]
    for parent in found:
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            found.extend(int(child) for task in tasks for child in (task / "children").read_text().split())
        except OSError:
            continue  # it has ended
    return found


def resident(pid: int) -> int:
    """The resident size of a process in bytes, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
