"""Runs jobs each in a process of its own, forked so that the matrix is shared, and measures each one's time and memory."""

from __future__ import annotations

import multiprocessing
import pickle
import resource
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from .progress import Progress


class JobLost(Exception):
    """A process ended without an answer, as when the system takes its memory away; the message names the job."""


@dataclass(frozen=True)
class Job:
    name: str
    # Called in the new process with a function to tell how far it is (done, of).
    run: Callable[[Callable[[int, int], None]], Any]


def run_jobs(jobs: Sequence[Job], at_once: int, progress: Progress) -> list[Any]:
    """
    The jobs' answers, in the jobs' order, whatever order they end in. At most `at_once` processes run; each is one thread, so the
    answers do not depend on it. The peak told of each is the process's highest resident memory, the shared matrix included.
    """
    context = multiprocessing.get_context("fork")
    waiting = list(enumerate(jobs))
    running: dict[Connection, tuple[int, Any, float]] = {}
    answers: list[Any] = [None] * len(jobs)
    try:
        while waiting or running:
            while waiting and len(running) < max(1, at_once):
                number, job = waiting.pop(0)
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_in_child, args=(job, sender, progress), daemon=True)
                progress.tell("started", job.name)
                began = time.monotonic()
                process.start()
                sender.close()
                running[receiver] = (number, process, began)
            for receiver in wait(list(running)):
                number, process, began = running.pop(receiver)
                name = jobs[number].name
                try:
                    kind, value, peak = pickle.loads(receiver.recv_bytes())
                except EOFError:
                    process.join()
                    raise JobLost(f"the process of {name} was lost (exit code {process.exitcode})") from None
                process.join()
                receiver.close()
                if kind == "failed":
                    raise JobLost(f"{name} failed: {value}")
                answers[number] = value
                progress.finished(name, time.monotonic() - began, peak)
    finally:
        for _, process, _ in running.values():
            process.kill()
    return answers


def _in_child(job: Job, sender: Connection, progress: Progress) -> None:
    try:
        value = job.run(lambda done, of: progress.tell("advanced", job.name, done=done, of=of))
        message = ("done", value, peak_bytes())
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        message = ("failed", f"{type(error).__name__}: {error}", 0)
    sender.send_bytes(pickle.dumps(message, protocol=5))
    sender.close()


def peak_bytes() -> int:
    # Kilobytes on Linux, bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
