"""Progress as JSON lines on standard output, and the times and memory kept for `training.json`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Events: a step has `started`, `advanced` (`done` `of` a number of fits) and `finished` (`seconds`, `peak_bytes`)."""

    def __init__(self) -> None:
        self.steps: list[dict] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        from .processes import peak_bytes

        self.tell("started", name)
        began = time.monotonic()
        yield
        self.finished(name, time.monotonic() - began, peak_bytes())

    def finished(self, name: str, seconds: float, peak: int) -> None:
        fact = {"step": name, "seconds": round(seconds, 3), "peak_bytes": peak}
        self.steps.append(fact)
        self.tell("finished", name, seconds=fact["seconds"], peak_bytes=peak)

    @staticmethod
    def tell(event: str, step: str, **more: object) -> None:
        # One write, so that lines of several processes do not mix.
        sys.stdout.write(json.dumps({"event": event, "step": step, **more}) + "\n")
        sys.stdout.flush()
