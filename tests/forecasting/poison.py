"""A series whose forecast kills the process that makes it."""

from __future__ import annotations

import os
import signal

from forecasting.changed import Task
from forecasting.job import Predicted, predicted


def predicted_or_dead(task: Task) -> Predicted:
    """A prediction, but that of series ``giet`` kills its process."""
    if task.key[0] == "giet":
        os.kill(os.getpid(), signal.SIGKILL)
    return predicted(task)
