"""One supervised part: a process of ours, its state in words, its log, and its restarts with back-off."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from logging import Formatter, LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Literal

from ioc import notify

State = Literal["waiting", "starting", "ready", "restarting", "stopping", "stopped", "failed"]

CONFIGURATION = 2  # exit status of a ConfigurationError: trying again does not help
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0  # running so long forgives earlier failures
_STOP_S = 20.0
_LOG_BYTES, _LOG_FILES = 10 << 20, 3
_LINE_BYTES = 1 << 20


@dataclass(eq=False)
class Part:
    """A part and how it is.

    Attributes:
        name: for logs and commands.
        title: Vietnamese, for terminal and page.
        command: program and arguments.
        environment: added to ours.
        pause_s: before the first restart; doubled at each further failure.
    """

    name: str
    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.5
    state: State = "waiting"
    message: str = ""
    progress: float | None = None
    restarts: int = 0
    exit_status: int | None = None
    since: float = field(default_factory=time.time)
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)
    _process: asyncio.subprocess.Process | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, log_dir: Path, changed: Callable[[Part], None]) -> None:
        """Keep the part running until `stop`; a part that cannot start for its configuration is not tried again."""
        failures = 0
        while not self._stop.is_set():
            began = time.monotonic()
            self._change("starting" if not self.restarts else "restarting", changed)
            self.exit_status, last = await self._once(log_dir, changed)
            if self._stop.is_set():
                break
            if self.exit_status == CONFIGURATION and not self.is_ready.is_set():
                self._change("failed", changed, last)
                return
            failures = 1 if time.monotonic() - began > _STEADY_S else failures + 1
            self.restarts += 1
            _count_restart(self.name)
            self.is_ready.clear()
            self._change("restarting", changed, last or f"dừng với mã {self.exit_status}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), min(_LONGEST_PAUSE_S, self.pause_s * 2 ** (failures - 1)))
        self._change("stopped", changed)

    async def stop(self) -> None:
        """Ask the process to end, and end it if it does not."""
        self._stop.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        self.state = "stopping"
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _once(self, log_dir: Path, changed: Callable[[Part], None]) -> tuple[int, str]:
        """Exit status, and the last line that was not a message to us."""
        environment = os.environ | self.environment | {notify.SUPERVISED: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
        self._process = process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env=environment, start_new_session=True, limit=_LINE_BYTES,
        )  # fmt: skip
        last: deque[str] = deque(maxlen=1)
        log = _log_file(log_dir / f"{self.name}.log")
        try:
            await self._read(process, log, last, changed)
        finally:
            log.close()
        status = await process.wait()
        _forget_gauges(process.pid)
        return status, last[-1] if last else ""

    async def _read(
        self,
        process: asyncio.subprocess.Process,
        log: RotatingFileHandler,
        last: deque[str],
        changed: Callable[[Part], None],
    ) -> None:
        assert process.stdout  # noqa: S101 - we asked for a pipe
        while True:
            try:
                raw = await process.stdout.readline()
            except ValueError:  # a line longer than the limit; the next read goes on behind it
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").rstrip()
            if line == notify.READY:
                self.is_ready.set()
                self.progress = None
                self._change("ready", changed)
            elif line.startswith(notify.PROGRESS):
                _, share, text = line.split(" ", 2)
                self.progress = float(share)
                self._change(self.state, changed, text)
            elif line:
                last.append(line.removeprefix("ioc: "))
                log.emit(LogRecord(self.name, 20, "", 0, line, None, None))

    def _change(self, state: State, changed: Callable[[Part], None], message: str = "") -> None:
        if state != self.state:
            self.since = time.time()
        self.state, self.message = state, message[:500]
        changed(self)

    def described(self) -> dict[str, object]:
        """What the page is told."""
        return {
            "name": self.name,
            "title": self.title,
            "state": self.state,
            "message": self.message,
            "progress": self.progress,
            "restarts": self.restarts,
            "since": int(self.since * 1000),
        }


def _forget_gauges(pid: int) -> None:
    from ioc import metrics  # prometheus-client reads where to count when it is first imported

    metrics.process_ended(pid)


def _count_restart(name: str) -> None:
    from ioc import metrics

    metrics.RESTARTS.labels(name).inc()


def _log_file(path: Path) -> RotatingFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8")
    handler.setFormatter(Formatter("%(message)s"))
    return handler
