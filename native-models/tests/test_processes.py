import json
import multiprocessing
import os
import signal
import time
from functools import partial

import pytest

from sluice_trainer.errors import JobError
from sluice_trainer.processes import Job, run_jobs
from sluice_trainer.progress import Progress


def test_run_jobs_returns_the_results_in_the_order_of_the_jobs_whichever_ends_first() -> None:
    receiver, sender = os.pipe()
    # The first job ends only after the second has written to the pipe.
    jobs = [
        Job("first", lambda report: os.read(receiver, 1)),
        Job("second", lambda report: os.write(sender, b"x")),
        Job("third", lambda report: os.getpid()),
    ]
    progress = Progress()
    first, second, third = run_jobs(jobs, 2, progress)
    assert (first, second) == (b"x", 1)
    assert third != os.getpid()
    assert {step["step"] for step in progress.steps} == {"first", "second", "third"}


@pytest.mark.parametrize("at_once", [0, 1, 3])
def test_run_jobs_reports_time_and_memory_of_each_job(at_once: int) -> None:
    progress = Progress()
    jobs = [Job(str(i), partial(lambda number, report: number, i)) for i in range(5)]
    assert run_jobs(jobs, at_once, progress) == [0, 1, 2, 3, 4]
    assert sorted(step["step"] for step in progress.steps) == ["0", "1", "2", "3", "4"]
    assert all(step["peak_bytes"] > 1e6 and step["seconds"] >= 0 for step in progress.steps)


def test_run_jobs_names_the_job_that_raises(capfd: pytest.CaptureFixture[str]) -> None:
    def fail(report: object) -> None:
        raise RuntimeError("no solution")

    with pytest.raises(JobError, match="network failed: RuntimeError: no solution"):
        run_jobs([Job("network", fail)], 1, Progress())
    assert "Traceback" in capfd.readouterr().err


def test_run_jobs_names_the_job_whose_process_is_killed_and_kills_the_others() -> None:
    def wait(report: object) -> None:
        time.sleep(600)

    with pytest.raises(JobError, match=r"process of forest was lost \(exit code -9\)"):
        run_jobs([Job("network", wait), Job("forest", lambda report: os.kill(os.getpid(), signal.SIGKILL))], 2, Progress())
    deadline = time.monotonic() + 60
    while multiprocessing.active_children():
        assert time.monotonic() < deadline, "the process of the other job is still running"
        time.sleep(0.01)


def test_progress_writes_one_line_of_json_for_each_event(capfd: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    run_jobs([Job("svm", lambda report: report(1, 3))], 1, progress)
    with progress.step("blender"):
        pass
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(event["event"], event["step"]) for event in events] == [
        ("started", "svm"),
        ("advanced", "svm"),
        ("finished", "svm"),
        ("started", "blender"),
        ("finished", "blender"),
    ]
    assert (events[1]["done"], events[1]["of"]) == (1, 3)
    assert [step["step"] for step in progress.steps] == ["svm", "blender"]
