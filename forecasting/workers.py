"""Runs a function over many items in processes of their own, one item each at a time: what dies takes only that item along."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_SPAWN = get_context("spawn")  # a fork of a process with threads may hang
_NICENESS = 5  # the streams of the same machine go first
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_FAREWELL_S = 5.0


@dataclass(frozen=True)
class Lost:
    """An item without a result.

    Attributes:
        reason: that its process died, took too long, or what the function raised.
    """

    reason: str


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def each(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    count: int,
    *,
    limit_s: float = 600.0,
    per_process: int = 200,
) -> Iterator[tuple[Item, Result | Lost]]:
    """Every item with its result, in the order in which they are done.

    A process has one item at a time and the next only while the taker takes results, so memory is bounded; when it
    dies, exactly its item is lost and another process goes on. Closing the iterator ends the processes.

    Args:
        function: of a module, since it is sent by name; equal items must give equal results.
        items: what can be pickled; taken one by one as processes become free.
        count: of processes.
        limit_s: longest time for one item, its process is killed then.
        per_process: items after which a process is replaced, so that what libraries leak stays small.
    """
    ahead = iter(items)
    crew: list[_Worker[Item, Result]] = []
    try:
        crew.extend(_Worker(function, item, limit_s) for item in islice(ahead, count))
        while crew:
            nearest = max(min(worker.deadline for worker in crew) - time.monotonic(), 0.0)
            ready = set(wait([worker.connection for worker in crew], nearest))
            for worker in [w for w in crew if w.connection in ready or w.deadline <= time.monotonic()]:
                item, result = worker.item, worker.take()
                crew.remove(worker)
                for following in ahead:
                    crew.append(worker.go_on(following, per_process))
                    break
                else:
                    worker.end()
                yield item, result
    finally:
        for worker in crew:
            worker.end()


class _Worker(Generic[Item, Result]):
    """One process and the item that it has."""

    def __init__(self, function: Callable[[Item], Result], item: Item, limit_s: float) -> None:
        self._function, self._limit_s, self._given = function, limit_s, 0
        self.connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()  # so that its death is an end of file
        self._send(function)
        self._give(item)

    def _give(self, item: Item) -> None:
        self.item, self._given = item, self._given + 1
        self.deadline = time.monotonic() + self._limit_s
        self._send(item)

    def _send(self, what: object) -> None:
        with contextlib.suppress(OSError):  # it has died, which `take` will find out
            self.connection.send(what)

    def take(self) -> Result | Lost:
        """The result that is ready; of a process that is late or dead, why there is none."""
        try:
            if self.connection.poll():
                result: Result | Lost = self.connection.recv()
                return result
        except (EOFError, OSError):
            self._process.join(_FAREWELL_S)
            return self._broken(f"its process died (exit code {self._process.exitcode})")
        return self._broken(f"not done after {self._limit_s:g} s")

    def _broken(self, reason: str) -> Lost:
        self.end()
        return Lost(reason)

    def go_on(self, item: Item, per_process: int) -> _Worker[Item, Result]:
        """The worker that has the next item: this one, or a new one if this is worn out or broken."""
        if self._given < per_process and not self.connection.closed:
            self._give(item)
            return self
        self.end()
        return _Worker(self._function, item, self._limit_s)

    def end(self) -> None:
        """End the process, whatever it does; more than once does nothing."""
        self.connection.close()
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_FAREWELL_S)
        if self._process.is_alive():
            self._process.kill()


def _serve(connection: Connection) -> None:
    """What a process does: one item after the other until its maker is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # its maker decides
    os.nice(_NICENESS)
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))  # before the function's module brings numpy along
    try:
        function = connection.recv()
        while True:
            item = connection.recv()
            try:
                connection.send(function(item))
            except Exception as error:  # whatever the function raises, or a result that cannot travel
                connection.send(Lost(f"{type(error).__name__}: {error}"))
    except (EOFError, OSError):
        return
