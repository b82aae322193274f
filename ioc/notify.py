"""What a part tells the supervisor that started it: progress, readiness, and the end of the supervisor itself.

The messages are lines on standard output that begin with ``::``; without a supervisor they are not written.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

SUPERVISED = "IOC_SUPERVISED_BY"
READY, PROGRESS = "::ready", "::progress"
_PR_SET_PDEATHSIG = 1


def ready() -> None:
    """Say that the part does its work from now on."""
    _tell(READY)


def progress(share: float, text: str) -> None:
    """Say how far a preparation is.

    Args:
        share: 0 to 1.
        text: Vietnamese, for terminal and page.
    """
    _tell(f"{PROGRESS} {share:.3f} {text}")


def die_with_supervisor() -> None:
    """Be terminated when the supervisor is gone, even if it was killed; Linux only, elsewhere nothing happens."""
    owner = os.environ.get(SUPERVISED)
    if not owner or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(owner):  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)


def _tell(line: str) -> None:
    if SUPERVISED in os.environ:
        with contextlib.suppress(
            OSError
        ):  # nobody reads any more; Faust may have replaced sys.stdout, so the descriptor
            os.write(1, (line + "\n").encode())


def lives(pid: int) -> bool:
    """Whether there is such a process on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # another user's
    return True
