"""Work in several processes, with the results in order.

Not concurrent.futures: its threads make forking unsafe, it keeps every result that waits for its turn, and it reports
a process's death without saying which file killed it.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import Generic, TypeVar

from layerlint.run.jobs import Task, guarded, internal_error
from layerlint.system.interrupts import ended_by_the_first_process, interrupts_held_back

T = TypeVar("T", bound=Task)
R = TypeVar("R")

_Serve = Callable[[Connection, list[Connection], bool], None]

_CHUNK = 16
"""How many files a process is handed at a time."""

_PAUSE = 0.005
"""In seconds, between looking for results: to be woken for each of them costs the processes that make them time."""

_COLLECTING = 0.01
"""In seconds: for so long a process collects results before it sends them. One by one they take twice as long."""

_CHUNKS_AHEAD = 4
"""How many chunks a process may be ahead of the slowest file: bounds what waits in memory."""

_PATIENCE = 1.0
"""In seconds, for processes to finish what they are at when nobody wants it any more."""


def in_processes(
    tasks: Sequence[T], work: Callable[[T], R], failed: Callable[[T, str], R], jobs: int, *, repeatable: bool
) -> Iterator[R]:
    """As `run.run`, in at most `jobs` processes."""
    jobs = min(jobs, (len(tasks) + _CHUNK - 1) // _CHUNK)
    indexes = range(len(tasks))
    chunks = deque[Sequence[int]](indexes[start : start + _CHUNK] for start in indexes[::_CHUNK])
    results: dict[int, R] = {}
    turn = 0
    serve = partial(_serve, tasks=tasks, work=work, failed=failed)
    workers: list[_Worker[R]] = []
    try:
        while len(workers) < jobs and _start(serve, workers, collects=repeatable):
            pass
        while turn < len(tasks) and workers:
            for worker in workers:
                # It gets more before it is through, so that it need not wait for us.
                while len(worker.todo) <= _CHUNK and chunks and chunks[0][0] <= turn + _CHUNK * _CHUNKS_AHEAD * jobs:
                    worker.give(chunks.popleft())
            results.update(_next_results(workers, chunks, serve, lambda index, message: failed(tasks[index], message)))
            while turn in results:
                yield results.pop(turn)
                turn += 1
            if chunks:
                time.sleep(_PAUSE)
        for index in range(turn, len(tasks)):  # the system gives no process to do it
            yield results.pop(index) if index in results else guarded(tasks[index], work, failed)
    finally:
        for worker in workers:
            worker.connection.close()
        deadline = time.monotonic() + _PATIENCE
        for worker in workers:
            worker.stop(deadline)


def _next_results(
    workers: list[_Worker[R]],
    chunks: deque[Sequence[int]],
    serve: _Serve,
    failed: Callable[[int, str], R],
) -> Iterator[tuple[int, R]]:
    """Wait for results. A process that died is replaced by another one, which does what it had still to do.

    If the system gives no other, that goes back to the chunks.

    One that collected results may have died of any of the files whose results are missing. The one in its place sends
    each by itself: it says which file it is by dying of it.
    """
    busy = {worker.connection: worker for worker in workers if worker.todo}
    for connection in wait(list(busy)):
        worker = busy[connection]  # type: ignore[index]  # wait gives back what it got
        try:
            while worker.todo and worker.connection.poll():
                for result in worker.connection.recv():
                    yield worker.todo.popleft(), result
        except (EOFError, OSError):
            message = worker.death()
            if not worker.collects:
                index = worker.todo.popleft()
                yield index, failed(index, message)
            workers.remove(worker)
            successor = _start(serve, workers, collects=False)
            if worker.todo and successor:
                successor.give(tuple(worker.todo))
            elif worker.todo:
                chunks.appendleft(tuple(worker.todo))


def _start(serve: _Serve, workers: list[_Worker[R]], *, collects: bool) -> _Worker[R] | None:
    """Start another of the `workers`; None if the system gives no process more, or no pipe to it."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()  # or a forked process prints what waits there once more
    try:
        worker: _Worker[R] = _Worker(serve, workers, collects=collects)
    except OSError:
        return None
    workers.append(worker)
    return worker


class _Worker(Generic[R]):
    """A process and our end of the pipe to it. `todo` are the tasks (by index) whose results it has yet to send.

    With `collects` it sends several results together, without it each by itself.
    """

    def __init__(self, serve: _Serve, others: Sequence[_Worker[R]], *, collects: bool) -> None:
        method = "fork" if sys.platform == "linux" else None
        context = multiprocessing.get_context(method)
        self.connection, theirs = context.Pipe()
        self.todo = deque[int]()
        self.collects = collects
        # A forked process inherits our ends of all pipes: while it holds them, no other worker sees that we are gone.
        inherited = [self.connection, *(other.connection for other in others)] if method == "fork" else []
        self.process = context.Process(target=serve, args=(theirs, inherited, collects), daemon=True)  # type: ignore[attr-defined]
        with interrupts_held_back():  # a process that is just starting would print a traceback
            self.process.start()
        theirs.close()

    def give(self, todo: Sequence[int]) -> None:
        """Hand over more tasks. That the process is dead shows when its results are read."""
        self.todo.extend(todo)
        with suppress(OSError):
            self.connection.send(todo)

    def death(self) -> str:
        """What to say of the file that the process died of."""
        self.connection.close()
        self.process.join(1)
        code = self.process.exitcode or 0
        return f"internal error (the process that read it died, status {code}); please report it with this file"

    def stop(self, deadline: float) -> None:
        """Let the process finish its file, but wait no longer than `deadline` (monotonic) unless it is writing it."""
        self.process.join(max(0.0, deadline - time.monotonic()))
        if self.process.is_alive():
            self.process.terminate()  # which waits until the file is written: to kill it would leave a part of one
            self.process.join()


def _serve(
    connection: Connection,
    inherited: list[Connection],
    collects: bool,  # noqa: FBT001 (the one caller gives it by its place)
    *,
    tasks: Sequence[T],
    work: Callable[[T], R],
    failed: Callable[[T, str], R],
) -> None:
    """What a process does: tasks in, results out, until the other end is closed."""
    ended_by_the_first_process()
    for other in inherited:
        other.close()
    with suppress(EOFError, OSError):
        while True:
            done: list[tuple[T, R]] = []
            sent = time.monotonic()
            for index in connection.recv():
                done.append((tasks[index], guarded(tasks[index], work, failed)))
                if not collects or time.monotonic() - sent > _COLLECTING:
                    connection.send_bytes(_message(done, failed))
                    done, sent = [], time.monotonic()
            if done:
                connection.send_bytes(_message(done, failed))


def _message(done: Sequence[tuple[T, R]], failed: Callable[[T, str], R]) -> memoryview:
    """The results of some tasks, pickled. One that cannot be becomes `failed(task, message)`."""
    try:
        return ForkingPickler.dumps([result for _, result in done])
    except Exception:  # pickling raises what it likes
        return ForkingPickler.dumps([_picklable(task, result, failed) for task, result in done])


def _picklable(task: T, result: R, failed: Callable[[T, str], R]) -> R:
    try:
        ForkingPickler.dumps(result)
    except Exception as error:
        return failed(task, internal_error(error))
    return result
