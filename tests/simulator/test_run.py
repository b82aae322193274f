"""The whole province against a small centre: history, live, stop, go on; nothing lost, nothing else."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from ioc.catalog.model import Catalog
from ioc.errors import ConfigurationError
from ioc.settings import Settings
from simulator.dossier_wire import over_http, reports
from simulator.dossiers import HISTORY
from simulator.files import File
from simulator.kinds import DOSSIERS
from simulator.labels import FILE, read_labels
from simulator.province import Province
from simulator.run import FOLDER, run
from simulator.world import World, build

TOKEN = "t0ken"
DAYS = 1
LIVE = timedelta(minutes=12)
STOPPED = timedelta(hours=5)


class Centre:
    """Takes calls (now and then it says "not now") and reads the inbox, as the real one does."""

    def __init__(self, data_dir: Path) -> None:
        self.inbox = data_dir / "inbox"
        self.calls: list[dict[str, Any]] = []
        self.read: list[tuple[str, str, bytes]] = []
        self.port = 0
        self._asked = 0

    async def post(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = await request.read()
        self._asked += 1
        if self._asked % 10 == 1:
            return web.json_response({}, status=503, headers={"Retry-After": "0"})
        self.calls.append(json.loads(body))
        return web.json_response({}, status=202)

    async def keep_reading(self) -> None:
        while True:
            await asyncio.to_thread(self._take)
            await asyncio.sleep(0.05)

    def _take(self) -> None:
        for folder in sorted(self.inbox.glob("*")):
            for path in sorted(folder.glob("[!.]*"), key=lambda p: p.stat().st_mtime_ns):
                self.read.append((folder.name, path.name, path.read_bytes()))
                path.unlink()

    @property
    def steps(self) -> list[tuple[str, int, float]]:
        items = [item for call in self.calls for item in call["data"]]
        return [(i["ma_ho_so"], i["trang_thai"], datetime.fromisoformat(i["thoi_diem"]).timestamp()) for i in items]

    def files(self, source: str) -> list[tuple[str, bytes]]:
        return [(name, content) for folder, name, content in self.read if folder == source]


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    centre = Centre(tmp_path)
    app = web.Application(client_max_size=32 << 20)
    app.router.add_post(f"/api/sources/{DOSSIERS}", centre.post)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    centre.port = runner.addresses[0][1]
    reading = asyncio.create_task(centre.keep_reading())
    yield centre
    reading.cancel()
    await runner.cleanup()


@pytest.fixture
def press_only(catalog: Catalog) -> Catalog:
    """A catalogue with nothing to hand over."""
    sources = [s for s in catalog.sources.values() if s.adapter == "press"]
    return Catalog(list(catalog.agencies.values()), catalog.areas, [], sources)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Running:
    """`run` as a task; waits are for conditions."""

    def __init__(self, settings: Settings, catalog: Catalog, clock: Clock) -> None:
        self.ready = asyncio.Event()
        self.progress: list[float] = []
        self.task = asyncio.create_task(
            run(
                settings,
                catalog,
                TOKEN,
                now=clock,
                progress=lambda share, _: self.progress.append(share),
                ready=self.ready.set,
            )
        )

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not condition():
                if self.task.done():
                    self.task.result()
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


def unique(files: list[File]) -> set[tuple[str, bytes]]:
    return {(file.name, file.content) for file in files}


async def test_first_start_live_stop_and_go_on(
    centre: Centre, catalog: Catalog, origin: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.dossiers.A_WORKING_DAY", 70)  # enough to see, and quick
    monkeypatch.setattr("simulator.run._STEPS_A_CALL", 60)
    settings = Settings(data_dir=tmp_path, http_port=centre.port, simulator_port=0, simulator_days=DAYS)
    world, clock = build(Province(settings.simulator_seed, origin, catalog)), Clock(origin)
    assert world.stations
    stations = world.stations

    first = Running(settings, catalog, clock)
    await first.until(first.ready.is_set)
    assert first.progress == sorted(first.progress)
    assert first.progress[-1] == pytest.approx(1.0)
    history = unique(stations.between(origin - timedelta(days=DAYS), origin))
    await first.until(lambda: len(set(centre.files("env-stations"))) == len(history))

    clock.now = origin + LIVE
    live = history | unique(stations.between(origin, clock.now))
    assert len(live) > len(history)
    await first.until(lambda: set(centre.files("env-stations")) >= live)
    await first.stop()

    clock.now = origin + STOPPED
    second = Running(settings, catalog, clock)
    await second.until(second.ready.is_set)
    everything = unique(stations.between(origin - timedelta(days=DAYS), clock.now))
    await second.until(lambda: set(centre.files("env-stations")) >= everything)
    await second.until(lambda: not any(centre.inbox.glob("*/[!.]*")))
    await second.stop()

    _check_what_was_handed_over(centre, world, origin, clock.now)
    _check_labels(read_labels(tmp_path / FOLDER / FILE), world, origin, clock.now)


def _check_what_was_handed_over(centre: Centre, world: World, origin: datetime, now: datetime) -> None:
    assert world.stations
    catalog = world.province.catalog
    expected = world.stations.between(origin - timedelta(days=DAYS), now)
    assert set(centre.files("env-stations")) == unique(expected)
    steps = [(s.dossier.code, s.status, s.at) for s in over_http(world.dossiers.between(origin - HISTORY, now))]
    assert len(steps) > 5000
    assert centre.steps == steps, "all of them, once, in order"
    assert set(centre.files(DOSSIERS)) == unique(reports(world.dossiers, catalog, origin - HISTORY, now))
    assert set(centre.files("indicators")) == unique(
        world.indicators.history(origin) + world.indicators.between(origin, now)
    )
    for source in ("suricata", "syslog"):
        cyber = [f for f in world.cyber.between(origin - timedelta(days=1), now) if f.source == source]
        assert set(centre.files(source)) == unique(cyber)


def _check_labels(labels: list[Any], world: World, origin: datetime, now: datetime) -> None:
    assert len({i.id for i in labels}) == len(labels)
    told = Counter(i.kind for i in labels)
    assert told["pm-plume"] >= 2
    assert told["backlog"] == told["press-wave"] == 1
    stations = world.schedule.between(origin - timedelta(days=DAYS), now, "stations")
    assert {i.id for i in labels if i.source == "env-stations"} == {i.id for i in stations}
    assert all(i.start <= now for i in labels)


async def test_the_press_is_served_while_it_runs(
    centre: Centre, press_only: Catalog, origin: datetime, tmp_path: Path
) -> None:
    from aiohttp.test_utils import unused_port

    port = unused_port()
    settings = Settings(data_dir=tmp_path, http_port=centre.port, simulator_port=port)
    running = Running(settings, press_only, Clock(origin))
    await running.until(running.ready.is_set)
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/bao-thanh-hoa/rss.xml") as answer:
        assert answer.status == 200
        assert (await answer.read()).count(b"<item>") > 200
    await running.stop()
    assert centre.calls == centre.read == []


async def test_another_seed_is_refused_before_anything_is_written(
    centre: Centre, press_only: Catalog, origin: datetime, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, http_port=centre.port, simulator_port=0)
    running = Running(settings, press_only, Clock(origin))
    await running.until(running.ready.is_set)
    await running.stop()
    other = settings.model_copy(update={"simulator_seed": 37})
    with pytest.raises(ConfigurationError, match="IOC_SIMULATOR_SEED"):
        await run(other, press_only, TOKEN, now=Clock(origin))
    assert centre.calls == centre.read == []
