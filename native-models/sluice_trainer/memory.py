"""Memory use of a process."""

from __future__ import annotations

import resource
import sys


def peak_bytes() -> int:
    """Return the highest resident memory of this process so far, in bytes."""
    # ru_maxrss is in kilobytes on Linux and in bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
