"""Progress as JSON lines on standard output, and the times and memory that `training.json` stores."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .memory import peak_bytes


class Progress:
    """
    Reports the steps of a training.

    Each event is one line of JSON. A step has `started`, has `advanced` (`done` `of` a number of fits), or has `finished`
    (`seconds`, `peak_bytes`). `src/training/run-trainer.ts` reads these lines.

    Attributes
    ----------
    steps : list of dict
        The finished steps, each with `step`, `seconds` and `peak_bytes`, in the order in which they finished.
    """

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """
        Report that the step starts, and, when the block ends without an exception, that it has finished.

        Parameters
        ----------
        name : str
            Name of the step.
        """
        self.report("started", name)
        began = time.monotonic()
        yield
        self.finished(name, time.monotonic() - began, peak_bytes())

    def finished(self, name: str, seconds: float, peak: int) -> None:
        """
        Store and report that a step has finished.

        Parameters
        ----------
        name : str
            Name of the step.
        seconds : float
            Its duration.
        peak : int
            The highest resident memory of its process, in bytes.
        """
        fact = {"step": name, "seconds": round(seconds, 3), "peak_bytes": peak}
        self.steps.append(fact)
        self.report("finished", name, seconds=fact["seconds"], peak_bytes=peak)

    def report(self, event: str, step: str, **details: object) -> None:
        """
        Write one event as a line of JSON.

        Parameters
        ----------
        event : {"started", "advanced", "finished"}
            What has happened to the step.
        step : str
            Name of the step.
        **details : object
            Further fields of the event.
        """
        # One write, so that the lines of several processes do not mix.
        sys.stdout.write(json.dumps({"event": event, "step": step, **details}) + "\n")
        sys.stdout.flush()
