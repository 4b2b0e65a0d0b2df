"""Progress as JSON lines on standard output, one a step, and the times and memory kept for `training.json`."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    def __init__(self) -> None:
        self.steps: list[dict] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self._tell({"event": "started", "step": name})
        began = time.monotonic()
        yield
        # Kilobytes on Linux, bytes on macOS.
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        fact = {"step": name, "seconds": round(time.monotonic() - began, 3), "peak_bytes": peak}
        self.steps.append(fact)
        self._tell({"event": "finished", **fact})

    @staticmethod
    def _tell(event: dict) -> None:
        print(json.dumps(event), flush=True)
