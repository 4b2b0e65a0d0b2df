"""Runs each job in a process of its own, forked so that the matrix is shared, and measures time and memory of each."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any, TypeAlias

from .errors import JobError
from .memory import peak_bytes
from .progress import Progress

ReportProgress: TypeAlias = Callable[[int, int], None]
"""Called with the number of fits that are done, and the number of all fits."""


@dataclass(frozen=True)
class Job:
    """
    A function to run in a process of its own.

    Attributes
    ----------
    name : str
        Name for progress and error messages.
    run : callable
        Called in the new process with a function that reports progress. Its result must be picklable.
    """

    name: str
    run: Callable[[ReportProgress], Any]


def run_jobs(jobs: Sequence[Job], at_once: int, progress: Progress) -> list[Any]:
    """
    Run jobs in parallel processes.

    Each process is one thread, so the results do not depend on `at_once`. The peak memory reported for each is the highest resident
    memory of its process, including the shared matrix.

    Parameters
    ----------
    jobs : sequence of Job
        Started in this order.
    at_once : int
        The number of processes that run at the same time; at least one runs.
    progress : Progress
        Receives the events of all jobs.

    Returns
    -------
    list
        The results, in the order of the jobs.

    Raises
    ------
    JobError
        If a job raises or its process dies. The other processes are killed.
    """
    context = multiprocessing.get_context("fork")
    waiting = list(enumerate(jobs))
    running: dict[Connection, tuple[int, ForkProcess, float]] = {}
    results: list[Any] = [None] * len(jobs)
    try:
        while waiting or running:
            while waiting and len(running) < max(1, at_once):
                number, job = waiting.pop(0)
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_run_in_child, args=(job, sender, progress), daemon=True)
                progress.report("started", job.name)
                began = time.monotonic()
                process.start()
                sender.close()
                running[receiver] = (number, process, began)
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)
                number, process, began = running.pop(ready)
                name = jobs[number].name
                try:
                    outcome, value, peak = pickle.loads(ready.recv_bytes())
                except EOFError:
                    process.join()
                    raise JobError(f"the process of {name} was lost (exit code {process.exitcode})") from None
                process.join()
                ready.close()
                if outcome == "failed":
                    raise JobError(f"{name} failed: {value}")
                results[number] = value
                progress.finished(name, time.monotonic() - began, peak)
    finally:
        for _, process, _ in running.values():
            process.kill()
    return results


def _run_in_child(job: Job, sender: Connection, progress: Progress) -> None:
    message: tuple[str, Any, int]
    try:
        value = job.run(lambda done, of: progress.report("advanced", job.name, done=done, of=of))
        message = ("done", value, peak_bytes())
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        message = ("failed", f"{type(error).__name__}: {error}", 0)
    sender.send_bytes(pickle.dumps(message, protocol=5))
    sender.close()
