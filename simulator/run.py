"""Running the province: the press is served, everything else is handed over, history first, then as time goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import aiohttp

from ioc.catalog.model import Catalog
from ioc.settings import Settings
from simulator import cyber, dossiers, feeds, kinds
from simulator.dossier_wire import over_http, payload, reports
from simulator.feeds import served
from simulator.files import File, Inbox
from simulator.labels import FILE, Labels
from simulator.post import Caller
from simulator.province import Province
from simulator.state import State
from simulator.tracks import Clock, Track
from simulator.world import World, build

log = logging.getLogger(__name__)
T = TypeVar("T")

FOLDER = "simulator"
_STEPS_A_CALL = 500
_HEARTBEAT = timedelta(minutes=4)  # an empty call says that nothing has happened
_LONGEST_GAP = timedelta(days=400)  # of published indicators


async def run(
    settings: Settings,
    catalog: Catalog,
    token: str,
    *,
    now: Clock,
    progress: Callable[[float, str], None] = lambda share, text: log.info("%3.0f %% %s", 100 * share, text),
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Be the province until cancelled.

    Args:
        settings: data directory, seed, days of history, ports.
        catalog: what to play.
        token: bearer token of the dossiers' source.
        now: the clock, aware UTC.
        progress: told the share of the history that has been handed over, and a Vietnamese line.
        ready: called once, when everything up to now has been handed over.

    Raises:
        AddressInUse: the press's port is taken.
        ConfigurationError: the data directory holds another province.
    """
    state = State(settings.data_dir / FOLDER, settings.simulator_seed, now())
    world = build(Province(settings.simulator_seed, state.origin, catalog))
    with ThreadPoolExecutor(1, "simulator") as thread:
        async with served(settings, world.press, now), aiohttp.ClientSession() as session:
            url = f"{settings.page_url}api/sources/{kinds.DOSSIERS}"
            hands = Hands(settings, world, Caller(session, url, token), thread)
            await _follow_all(hands.tracks(), state, now, _Progress(progress, ready))


async def _follow_all(tracks: Sequence[Track], state: State, now: Clock, told: _Progress) -> None:
    told.expect(tracks)
    try:
        async with asyncio.TaskGroup() as group:
            for track in tracks:
                group.create_task(track.follow(state, now, told), name=track.name)
    except ExceptionGroup as several:
        raise several.exceptions[0] from several


class Hands:
    """What each track does; all that is computed is computed in one thread, so that the loop stays free."""

    def __init__(self, settings: Settings, world: World, caller: Caller, thread: ThreadPoolExecutor) -> None:
        self._world, self._caller, self._thread = world, caller, thread
        self._inbox = Inbox(settings.inbox_dir)
        self._labels = Labels(settings.data_dir / FOLDER / FILE)
        self._days = timedelta(days=settings.simulator_days)
        self._last_call: datetime | None = None

    def tracks(self) -> list[Track]:
        """Those that the catalogue has a source for."""
        day, sources = timedelta(days=1), self._world.province.catalog.sources
        found = [Track("press", "Báo chí", feeds.SHOWN, 30 * day, 60, self._press)]
        if self._world.stations:
            found.append(Track("stations", "Trạm quan trắc", self._days, day / 8, 2, self._stations))
        if kinds.DOSSIERS in sources:
            found.append(Track("dossiers", "Hồ sơ một cửa", dossiers.HISTORY, day, 15, self._dossiers))
            found.append(Track("reports", "Báo cáo hồ sơ", dossiers.HISTORY, 5 * day, 60, self._reports))
        if "indicators" in sources:
            found.append(
                Track(
                    "indicators", "Chỉ tiêu", _LONGEST_GAP, _LONGEST_GAP, 60, self._indicators, self._first_indicators
                )
            )
        if {kinds.SURICATA, kinds.SYSLOG} & sources.keys():
            found.append(Track("cyber", "Cảm biến an ninh mạng", cyber.HISTORY, day / 4, 5, self._cyber))
        return found

    async def _stations(self, after: datetime, until: datetime) -> int:
        assert self._world.stations  # noqa: S101 - there is no such track otherwise
        files = await self._made(self._world.stations.between, after, until)
        return await self._put(files, after, until, "stations")

    async def _dossiers(self, after: datetime, until: datetime) -> int:
        steps = over_http(await self._made(self._world.dossiers.between, after, until))
        for start in range(0, len(steps), _STEPS_A_CALL):
            chunk = steps[start : start + _STEPS_A_CALL]
            await self._caller.post(payload(chunk, self._world.province.catalog))
        if steps or self._last_call is None:
            self._last_call = until
        elif until - self._last_call >= _HEARTBEAT:
            await self._caller.post(payload([], self._world.province.catalog))
            self._last_call = until
        self._label(after, until, "backlogs")
        return len(steps)

    async def _reports(self, after: datetime, until: datetime) -> int:
        world = self._world
        files = await self._made(lambda a, b: reports(world.dossiers, world.province.catalog, a, b), after, until)
        return await self._put(files, after, until)

    async def _indicators(self, after: datetime, until: datetime) -> int:
        return await self._put(await self._made(self._world.indicators.between, after, until), after, until)

    async def _first_indicators(self, moment: datetime) -> None:
        files = await self._made(lambda _, until: self._world.indicators.history(until), moment, moment)
        await self._inbox.put(files)

    async def _cyber(self, after: datetime, until: datetime) -> int:
        files = await self._made(self._world.cyber.between, after, until)
        return await self._put(files, after, until, "cyber")

    async def _press(self, after: datetime, until: datetime) -> int:
        """The newsstand serves by itself; only the truth is written."""
        self._label(after, until, "press")
        return 0

    async def _put(self, files: Sequence[File], after: datetime, until: datetime, family: str = "") -> int:
        await self._inbox.put(files)
        if family:
            self._label(after, until, family)
        return len(files)

    def _label(self, after: datetime, until: datetime, family: str) -> None:
        self._labels.add(self._world.schedule.between(after, until, family))

    async def _made(self, make: Callable[[datetime, datetime], T], after: datetime, until: datetime) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, make, after, until)


class _Progress:
    """The tracks' shares as one: each counts the same, but the stations and the dossiers are most of the work."""

    _WEIGHTS = {"stations": 5.0, "dossiers": 4.0}  # noqa: RUF012 - never changed

    def __init__(self, progress: Callable[[float, str], None], ready: Callable[[], None]) -> None:
        self._progress, self._ready = progress, ready
        self._tracks: dict[str, Track] = {}
        self._shares: dict[str, float] = {}
        self._is_ready = False

    def expect(self, tracks: Sequence[Track]) -> None:
        """Take in what there is to wait for."""
        self._tracks = {track.name: track for track in tracks}
        self._shares = dict.fromkeys(self._tracks, 0.0)

    def __call__(self, name: str, share: float) -> None:
        """One track has come so far."""
        if self._is_ready:
            return
        self._shares[name] = share
        weights = {n: self._WEIGHTS.get(n, 0.3) for n in self._shares}
        total = sum(weights[n] * s for n, s in self._shares.items()) / sum(weights.values())
        self._progress(total, f"{self._tracks[name].title}: {100 * share:.0f} %")
        if min(self._shares.values()) >= 1.0:
            self._is_ready = True
            self._ready()
