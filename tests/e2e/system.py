"""A whole centre for a test: `ioc up` on free ports and its own data directory, asked and stopped as a person would."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clickhouse.client import connect
from ioc.errors import QueryFailed, StoreUnavailable
from ioc.settings import Settings
from tests.servers.ports import free_port


def until(condition: Callable[[], Any], what: str, timeout_s: float = 90) -> Any:
    """The first true value of a condition."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {what}")
        time.sleep(0.1)
    return value


class Centre:
    """One data directory with its ports.

    Args:
        data_dir: of this centre.
        environment: more ``IOC_…`` variables.
    """

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        ports = {name: str(free_port()) for name in ("IOC_HTTP_PORT", "IOC_CLICKHOUSE_PORT", "IOC_SIMULATOR_PORT")}
        self.environment = {"IOC_DATA_DIR": str(data_dir), **ports, **environment}
        self.settings = Settings(
            data_dir=data_dir,
            http_port=int(ports["IOC_HTTP_PORT"]),
            clickhouse_port=int(ports["IOC_CLICKHOUSE_PORT"]),
            simulator_port=int(ports["IOC_SIMULATOR_PORT"]),
        )
        self.output: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> None:
        """Start and return when it names the page."""
        self._process = self.popen("up", *arguments)
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        try:
            until(lambda: any("Mở trang" in line for line in self.output) or not self.alive, "the page's address")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.told()}") from None
        assert self.alive, self.told()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def popen(self, *arguments: str) -> subprocess.Popen[str]:
        """An `ioc` command of this centre in the background."""
        return subprocess.Popen(
            [sys.executable, "-m", "ioc.cli.main", *arguments], env=os.environ | self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def ioc(self, *arguments: str, expect: int = 0) -> str:
        """Run an `ioc` command of this centre and return what it prints."""
        process = self.popen(*arguments)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == expect, output
        return output

    def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        """Stop as Ctrl-C does; the exit status."""
        assert self._process
        if self.alive:
            self._process.send_signal(sign)
        return self._process.wait(60)

    def wait(self, timeout_s: float) -> int:
        """Wait for its own end; the exit status."""
        assert self._process
        return self._process.wait(timeout_s)

    def parts(self) -> dict[str, Any]:
        """The parts as the page is told, by name; empty while nothing is written."""
        try:
            told = json.loads((self.data_dir / "state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {part["name"]: part for part in told["parts"]}

    def pid(self, part: str) -> int | None:
        """The process of a part, None while it has none."""
        command = f"ioc.cli.main\0{part}\0"
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                ours = entry.name.isdigit() and command in (entry / "cmdline").read_text()
                if ours and f"IOC_DATA_DIR={self.data_dir}\0" in (entry / "environ").read_text():
                    return int(entry.name)
        return None

    def kill(self, part: str) -> None:
        """Kill -9 a part, as soon as it runs."""
        os.kill(until(lambda: self.pid(part), f"a process of {part}"), signal.SIGKILL)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What ClickHouse answers, nothing while it does not."""
        try:
            return [tuple(row) for row in connect(self.settings).query(sql).result_rows]
        except (StoreUnavailable, QueryFailed, OSError):
            return []
        except Exception as error:
            if re.search("Connection|refused|reset|closed", str(error)):
                return []
            raise

    def one(self, sql: str) -> Any:
        """The first value, None without a row."""
        rows = self.rows(sql)
        return rows[0][0] if rows else None

    def get(self, path: str) -> Any:
        """JSON of the page's API."""
        with urllib.request.urlopen(self.settings.page_url + path.lstrip("/"), timeout=30) as answer:
            return json.load(answer)

    def told(self) -> str:
        """What the terminal and the parts' logs said last, for a failing test."""
        logs = [f"--- {p.name}\n{p.read_text()[-3000:]}" for p in sorted((self.data_dir / "logs").glob("*.log"))]
        return "\n".join([*self.output[-40:], *logs])

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.output.append(line.rstrip())


@contextmanager
def running(data_dir: Path, **environment: str) -> Iterator[Centre]:
    """A started centre, stopped at the end; if the test fails its logs are shown."""
    centre = Centre(data_dir, **environment)
    try:
        centre.start()
        yield centre
    except BaseException:
        sys.stderr.write(centre.told())
        raise
    finally:
        if centre.alive:
            centre.stop()
