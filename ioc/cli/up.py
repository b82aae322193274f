"""`ioc up`: start every part, keep them running, say how they are, stop them in order."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ioc.catalog.load import load_catalog
from ioc.cli.part import Part
from ioc.cli.preflight import check_ports, owned_data_dir
from ioc.errors import ConfigurationError
from ioc.settings import Settings, load_settings, variable

_BEAT_S = 2.0  # much less than the silence after which the page says that we are gone (`ioc.cli.health`)
_WORDS = {
    "waiting": "chờ",
    "starting": "đang khởi động",
    "ready": "sẵn sàng",
    "restarting": "đang khởi động lại",
    "stopping": "đang dừng",
    "stopped": "đã dừng",
    "failed": "không chạy được",
}


def up(
    once: Annotated[bool, typer.Option("--once", help="Stop after --seconds; exit 1 if a part failed.")] = False,
    seconds: Annotated[float, typer.Option(min=1, help="With --once: how long.")] = 60.0,
) -> None:
    """Start the whole centre and keep it running (Ctrl-C stops it)."""
    settings = load_settings()
    load_catalog(settings.catalog_dir)
    if settings.workers > 1 and not settings.broker_url.startswith("kafka://"):
        raise ConfigurationError(
            f"IOC_WORKERS={settings.workers}: the embedded broker has one consumer; set IOC_BROKER=kafka://host:port or IOC_WORKERS=1"
        )
    with owned_data_dir(settings.data_dir):
        check_ports(settings)
        failed = asyncio.run(System(settings, Console(highlight=False)).run(seconds if once else None))
    if failed and once:
        raise typer.Exit(1)


def parts_of(settings: Settings) -> list[Part]:
    """The parts of this configuration, in the order they start."""
    parts = [
        _part("web", "Trang điều hành và cổng tiếp nhận"),
        _part("worker", "Xử lý luồng dữ liệu"),
        _part("intake", "Thu thập dữ liệu"),
        _part("forecaster", "Dự báo"),
    ]
    more = (f"worker-{number}" for number in range(2, settings.workers + 1))
    parts[2:2] = [_part(name, f"Xử lý luồng dữ liệu ({name})", "worker") for name in more]
    if not settings.clickhouse:
        parts.insert(0, _part("clickhouse", "Kho dữ liệu"))
    if settings.simulated:
        parts.append(_part("simulator", "Tỉnh mô phỏng", "simulator", "run"))
    return parts


def _part(name: str, title: str, *arguments: str) -> Part:
    command = [sys.executable, "-m", "ioc.cli.main", *(arguments or (name,))]
    return Part(name, title, command, {variable("worker_port"): ""})  # their metrics are on the page's port


class System:
    """All parts of one data directory."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self._settings, self._console = settings, console
        self.parts = parts_of(settings)
        self._state = settings.data_dir / "state.json"
        self._show: Callable[[Part], None] = self._tell
        self._stop = asyncio.Event()
        self._failed: list[Part] = []

    async def run(self, seconds: float | None) -> list[Part]:
        """Run until Ctrl-C, or so many seconds after everything is ready; the parts that failed meanwhile."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, self._stop.set)
        tasks: list[asyncio.Task[None]] = []
        _collect_metrics(self._settings.data_dir / "metrics")
        tasks.append(asyncio.create_task(self._keep_telling(), name="beat"))
        try:
            await self._start(tasks)
            if not self._stop.is_set():
                self._console.print(f"\n[bold green]Mở trang:[/] {self._settings.page_url}   (Ctrl-C để dừng)\n")
            await self._wait(seconds)
        finally:
            await self._end(tasks)
        return self._failed

    async def _start(self, tasks: list[asyncio.Task[None]]) -> None:
        with _Preparation(self._console, self.parts) as preparation:
            self._show = preparation.show
            store = [p for p in self.parts if p.name == "clickhouse"]
            early = [*store, *(p for p in self.parts if p.name == "web")]
            self._launch(early, tasks)
            await self._ready(store)
            if not self._stop.is_set():
                await asyncio.to_thread(self._prepare_store)
                self._launch([p for p in self.parts if p not in early], tasks)
                await self._ready(self.parts)
        self._show = self._tell

    def _launch(self, parts: list[Part], tasks: list[asyncio.Task[None]]) -> None:
        logs = self._settings.data_dir / "logs"
        tasks.extend(asyncio.create_task(part.run(logs, self._changed), name=part.name) for part in parts)

    def _prepare_store(self) -> None:
        from clickhouse.migrate import prepare
        from ioc.packs import utc_now

        prepare(self._settings, load_catalog(self._settings.catalog_dir), utc_now())

    async def _ready(self, parts: list[Part]) -> None:
        """Wait until all parts are ready, one cannot start, or we shall stop."""
        waiting = {asyncio.create_task(part.is_ready.wait()) for part in parts}
        stop = asyncio.create_task(self._stop.wait())
        while waiting and not self._stop.is_set():
            done, _ = await asyncio.wait({*waiting, stop}, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
            waiting -= done
            if broken := next((p for p in parts if p.state == "failed"), None):
                raise ConfigurationError(broken.message or f"{broken.name} cannot start; see its log")
        for task in (*waiting, stop):
            task.cancel()

    async def _wait(self, seconds: float | None) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        self._console.print("Đang dừng…")
        for part in reversed(self.parts):
            await part.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._state.unlink(missing_ok=True)
        self._console.print("Đã dừng; lần sau chạy tiếp từ chỗ này.")

    async def _keep_telling(self) -> None:
        """So that the page notices when nobody tells any more how the parts are."""
        while True:
            with contextlib.suppress(OSError):  # the disk is full: the next may find room
                write_state(self._state, self.parts)
            await asyncio.sleep(_BEAT_S)

    def _changed(self, part: Part) -> None:
        if part.state in ("restarting", "failed") and part not in self._failed:
            self._failed.append(part)
        self._show(part)
        write_state(self._state, self.parts)

    def _tell(self, part: Part) -> None:
        colour = {"ready": "green", "restarting": "yellow", "failed": "red"}.get(part.state)
        if colour and part.progress is None:
            note = f": {part.message}" if part.message else ""
            self._console.print(f"[{colour}]{part.title} {_WORDS[part.state]}[/]", note, sep="")


def _collect_metrics(folder: Path) -> None:
    """The parts count into this folder; the page adds their numbers up (`ioc.metrics`)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


class _Preparation:
    """Progress bars, one a part, until all are ready; plain lines where there is no terminal."""

    def __init__(self, console: Console, parts: list[Part]) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}", style="bold"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[words]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks = {p.name: self._progress.add_task(p.title, total=1.0, words=_WORDS["waiting"]) for p in parts}
        self._console = console

    def __enter__(self) -> _Preparation:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, part: Part) -> None:
        """Take a change of a part in."""
        done = 1.0 if part.state == "ready" else part.progress or 0.0
        words = part.message or _WORDS[part.state]
        self._progress.update(self._tasks[part.name], completed=done, words=words[:60])
        if not self._console.is_terminal and part.progress is None:
            self._console.print(f"{part.title}: {words}")


def write_state(path: Path, parts: list[Part]) -> None:
    """Tell the page how the parts are, who says so and when (seconds since 1970), in one atomic write."""
    told = {"pid": os.getpid(), "told_at": time.time(), "parts": [p.described() for p in parts]}
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
