from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import layerlint
from layerlint.run import processes
from layerlint.run.jobs import default_jobs, run


@dataclass(frozen=True)
class Job:
    path: str


def work(job: Job) -> str:
    if job.path == "crash":
        raise ValueError("a\nb")
    if job.path == "die":
        os._exit(7)
    if job.path == "recurse":
        return work(job)
    if job.path == "slow":
        time.sleep(0.2)
    return f"done {job.path}"


def failed(job: Job, message: str) -> str:
    return f"{job.path}: {message}"


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_order_is_that_of_the_tasks(jobs):
    tasks = [Job("slow"), *(Job(str(number)) for number in range(100))]
    assert list(run(tasks, work, failed, jobs)) == [f"done {task.path}" for task in tasks]


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_exception_is_the_result_of_its_task_alone(jobs):
    tasks = [Job(str(number)) for number in range(30)]
    tasks[13], tasks[14] = Job("crash"), Job("recurse")
    results = list(run(tasks, work, failed, jobs))
    assert results[13].startswith("crash: internal error (ValueError: a b at test_run.py:")
    assert results[13].endswith("); please report it with this file")
    assert results[14].startswith("recurse: internal error (RecursionError: ")
    assert [result for result in results if result.startswith("done")] == [
        f"done {task.path}" for task in tasks if task.path.isdigit()
    ]


def test_a_process_that_dies_takes_one_file_with_it():
    tasks = [Job(str(number)) for number in range(40)]
    tasks[3] = tasks[39] = Job("die")
    results = list(run(tasks, work, failed, 2))
    message = "die: internal error (the process that read it died, status 7); please report it with this file"
    assert [results[3], results[39]] == [message, message]
    assert sum(result.startswith("done") for result in results) == 38


@pytest.mark.parametrize(("repeatable", "times"), [(False, {1}), (True, {1, 2})])
def test_what_a_process_has_done_before_it_dies_is_done_again_only_where_it_may_be(
    tmp_path, monkeypatch, repeatable, times
):
    # However slow the machine is, no result has been sent when the process dies, where results are collected.
    monkeypatch.setattr(processes, "_COLLECTING", 60)

    def note(job: Job) -> str:
        with (tmp_path / job.path).open("a") as file:
            file.write("x")
        return work(job)

    tasks = [Job(str(number)) for number in range(40)]
    tasks[7] = Job("die")
    results = list(run(tasks, note, failed, 2, repeatable=repeatable))
    assert [result for result in results if not result.startswith("done")] == [results[7]]
    assert {(tmp_path / task.path).stat().st_size for task in tasks if task.path != "die"} == times


def test_a_result_that_cannot_be_pickled_is_an_error():
    results = list(run([Job(str(number)) for number in range(20)], lambda _job: lambda: None, failed, 2))
    assert len(results) == 20
    assert all("internal error" in result for result in results)


def test_a_result_that_cannot_be_pickled_takes_no_other_with_it():
    tasks = [Job(str(number)) for number in range(40)]
    results = list(run(tasks, lambda job: (lambda: None) if job.path == "5" else work(job), failed, 2))
    assert results[5].startswith("5: internal error (")
    assert "died" not in results[5]
    assert results[:5] + results[6:] == [f"done {task.path}" for task in tasks if task.path != "5"]


def test_results_wait_in_bounded_memory(tmp_path):
    done = tmp_path / "done"
    done.touch()

    def note(job: Job) -> str:
        # The slow one is as slow as it takes the others to be as far ahead as they may get.
        deadline = time.monotonic() + 30
        while job.path == "slow" and done.stat().st_size <= 100 and time.monotonic() < deadline:
            time.sleep(0.01)
        with done.open("a") as file:
            file.write("x")
        return work(job)

    tasks = [Job("slow"), *(Job(str(number)) for number in range(5000))]
    results = run(tasks, note, failed, 2)
    assert next(results) == "done slow"
    assert 100 < done.stat().st_size < 500
    results.close()


@pytest.mark.parametrize("given", [0, 1, 2])
def test_a_system_that_gives_fewer_processes_is_no_failure(monkeypatch, given):
    left, fork = [given], os.fork

    def refusing() -> int:
        left[0] -= 1
        if left[0] < 0:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(os, "fork", refusing)
    tasks = [Job(str(number)) for number in range(100)]
    tasks[13] = Job("crash")
    results = list(run(tasks, work, failed, 4))
    assert [results[13][:27], *results[:13], *results[14:]] == [
        "crash: internal error (Valu",
        *(f"done {number}" for number in range(100) if number != 13),
    ]


def test_a_process_that_dies_and_cannot_be_replaced_leaves_its_files_to_the_others(monkeypatch):
    left, fork = [2], os.fork

    def refusing() -> int:
        left[0] -= 1
        if left[0] < 0:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(os, "fork", refusing)
    first = os.getpid()
    tasks = [Job("die" if number == 20 else str(number)) for number in range(100)]
    results = list(run(tasks, lambda job: work(job) if os.getpid() != first else f"done {job.path}", failed, 2))
    assert results == [f"done {task.path}" for task in tasks]


def test_closing_ends_the_processes():
    import multiprocessing

    results = run([Job(str(number)) for number in range(500)], work, failed, 2)
    next(results)
    assert multiprocessing.active_children()
    results.close()
    assert not multiprocessing.active_children()


@pytest.mark.parametrize(("files", "jobs"), [(0, 1), (1, 1), (79, 1), (80, 2), (10_000, 4)])
def test_small_runs_need_no_processes(monkeypatch, files, jobs):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: range(4), raising=False)
    assert default_jobs(files) == jobs


PROGRAM = """
import time
from tests.run.test_run import Job, failed
from layerlint.run.jobs import run
def work(job):
    if int(job.path) < 16:  # of one process, which says them together
        return "started"
    time.sleep(60)
try:
    for number, result in enumerate(run([Job(str(number)) for number in range(50)], work, failed, 2)):
        if number == 0:
            print(result, flush=True)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_ends_all_processes_without_a_traceback():
    folders = (Path(layerlint.__file__).parents[1], Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=environment,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=10)
    assert (output, errors) == ("interrupted\n", "")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
