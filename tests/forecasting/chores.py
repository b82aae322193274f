"""Work for processes of their own: some of it kills its process, never ends or raises."""

from __future__ import annotations

import os
import signal
import time


def chore(item: int | str) -> tuple[int | str, int]:
    """The item and the process that had it."""
    match item:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)
        case "raise":
            raise ValueError("no such chore")
        case "secret":
            return lambda: None  # type: ignore[return-value]  # cannot travel
        case "threads":
            return os.environ["OMP_NUM_THREADS"], os.nice(0)
    return item, os.getpid()
