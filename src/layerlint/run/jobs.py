"""Many files, with the results in order: the same whatever the number of processes."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from layerlint.finding import FileError, FileReport

_FILES_A_PROCESS = 40
"""Below this number of files for each, another process costs more time than it saves."""

_OBJECTS_BETWEEN_COLLECTIONS = 10_000


class Task(Protocol):
    """A file to work on; `path` is as shown."""

    @property
    def path(self) -> str:
        """What messages call it."""


T = TypeVar("T", bound=Task)
R = TypeVar("R")


def default_jobs(files: int) -> int:
    """How many processes to use for this number of files: 1 means none but this one."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores, files // _FILES_A_PROCESS))


def run(
    tasks: Sequence[T], work: Callable[[T], R], failed: Callable[[T, str], R], jobs: int, *, repeatable: bool = True
) -> Iterator[R]:
    """`work` of each task, in the order of `tasks`. An exception in it becomes `failed(task, message)`.

    With more than one job the work is done in processes, which are gone when the iterator is closed; `work`, its
    results and, where processes are not forked, the tasks are pickled. When a process dies, another one does its last
    tasks again; where that is not the same as to do them once, they are not `repeatable`.
    """
    if not gc.isenabled():
        # What is there by now stays to the end: nobody need look at it again, and forked processes go on sharing it.
        gc.freeze()
        # A file leaves next to nothing that refers to itself: to look for it after every 700 objects finds nothing.
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        gc.enable()
    if jobs > 1 and len(tasks) > 1:
        # multiprocessing takes as long to import as a small run does.
        from layerlint.run.processes import in_processes

        yield from in_processes(tasks, work, failed, jobs, repeatable=repeatable)
        return
    for task in tasks:
        yield guarded(task, work, failed)


def failed_report(task: Task, message: str) -> FileReport:
    """The report of a file that the linter itself failed on."""
    return FileReport(task.path, None, errors=(FileError(task.path, 0, 0, message),))


def internal_error(error: BaseException) -> str:
    """What to say of an exception that nobody expected: its kind, its text and where it came from."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f" at {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else ""
    text = " ".join(str(error).split())[:200]
    return f"internal error ({type(error).__name__}{': ' + text if text else ''}{place}); please report it"


def guarded(task: T, work: Callable[[T], R], failed: Callable[[T, str], R]) -> R:
    """`work` of a task; an exception in it becomes `failed(task, message)`."""
    try:
        return work(task)
    except Exception as error:  # one file must never hide the others
        return failed(task, internal_error(error) + " with this file")
