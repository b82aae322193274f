"""Processes that take one item each: nothing is lost but what kills them, and none outlives its maker."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from multiprocessing import active_children
from pathlib import Path

from forecasting.workers import Lost, each
from tests.forecasting.chores import chore


def test_what_dies_or_raises_takes_only_its_item_along() -> None:
    items = [1, "die", 2, "raise", 3, "secret", 4, 5, "threads"]
    found = dict(each(chore, items, 2))
    assert found.keys() == set(items)
    assert all(found[n][0] == n for n in (1, 2, 3, 4, 5))  # type: ignore[index]
    assert found["die"] == Lost("its process died (exit code -9)")
    assert found["raise"] == Lost("ValueError: no such chore")
    assert "pickle" in found["secret"].reason  # type: ignore[union-attr]
    assert found["threads"] == ("1", min(os.nice(0) + 5, 19))
    assert active_children() == []


def test_what_never_ends_is_ended() -> None:
    assert list(each(chore, ["hang"], 1, limit_s=0.5)) == [("hang", Lost("not done after 0.5 s"))]
    assert active_children() == []


def test_a_worn_process_is_replaced() -> None:
    processes = [process for _, (_, process) in each(chore, [1, 2, 3], 1, per_process=2)]  # type: ignore[misc]
    assert processes[0] == processes[1] != processes[2]


def test_few_items_wake_few_processes_and_none_wakes_none() -> None:
    assert list(each(chore, [], 4)) == []
    found = each(chore, [7], 4)
    assert next(found)[0] == 7
    assert list(found) == []
    assert active_children() == []


def test_a_taker_who_stops_leaves_no_process() -> None:
    found = each(chore, range(1, 100), 2)
    next(found)
    assert active_children()
    found.close()  # type: ignore[attr-defined]
    assert active_children() == []


def test_no_process_outlives_its_killed_maker() -> None:
    code = """
from forecasting.workers import each
from tests.forecasting.chores import chore
if __name__ == "__main__":
    for _, (_, process) in each(chore, range(10**6), 1):
        print(process, flush=True)
"""
    root = Path(__file__).parents[2]
    maker = subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True)
    assert maker.stdout is not None
    worker = int(maker.stdout.readline())
    descriptor = os.pidfd_open(worker)
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    ended, _, _ = select.select([descriptor], [], [], 30)
    os.close(descriptor)
    assert ended, "the worker goes on alone"
