"""ClickHouse is away for minutes while records come in: the memory of worker and gateway, and whether all arrives once."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.faults import one
from bench.history import store_history
from bench.load import SOURCE
from bench.measure import NotFinished
from bench.poster import Poster
from bench.report import Tell
from bench.sender import Sender
from bench.servers import WORKER, Lab, environment, lab, spawn
from clickhouse.client import connect
from clickhouse.migrate import prepare
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.records import Reading
from ioc.settings import Settings, variable
from streams.packer import Packer

Looks = list[dict[str, float]]  # MB by process, one look after another

GOAL_MB = 300  # what the worker may grow while ClickHouse is away
_TICK_S, _LOOK_S = 0.05, 1.0
_FLOW_S = 10.0  # before the outage
_START_S = 120.0
_STORED = "SELECT count() FROM readings WHERE _topic != ''"
_BY_TICK = """
SELECT toUnixTimestamp64Milli(observed_at) AS tick, uniqExact(event_id) FROM readings WHERE _topic != '' GROUP BY tick
"""
_DOUBLED = "SELECT count() - uniqExact(event_id) FROM {} FINAL"


class System:
    """Worker, web and ClickHouse, each a process of its own; the worker alone on its core."""

    def __init__(self, here: Lab, settings: Settings) -> None:
        self._here, self.settings, self._store = here, settings, here.clickhouse
        self._log = here.directory / "worker.log"
        self._worker = self._new_worker()
        self._web = _new_web(settings, here.directory / "web.log")
        self.deaths = 0  # of workers, not by our hand

    def end_store(self) -> None:
        """Kill -9."""
        self._store.kill()
        self._store.wait()

    def start_store(self) -> None:
        """Start it on the same data and return when it answers."""
        from tests.servers.clickhouse import start_clickhouse

        self._store, _ = start_clickhouse(self._here.directory, self.settings.clickhouse_port)

    def look(self) -> dict[str, float]:
        """MB of each process now; a worker that ended by itself is started again, as `ioc up` does."""
        if self._worker.poll() is not None:
            self.deaths += 1
            self._worker = self._new_worker()
        pids = {"worker": self._worker.pid, "gateway": self._web.pid, "sender": os.getpid()}
        return {name: resident_mb(pid) for name, pid in pids.items()}

    def stop(self) -> None:
        """End all three."""
        from tests.servers.clickhouse import stop_clickhouse

        for process in (self._worker, self._web):
            process.kill()
            process.wait()
        stop_clickhouse(self._store)

    def told(self) -> str:
        """The end of the worker's log."""
        return self._log.read_text()[-2000:]

    def _new_worker(self) -> subprocess.Popen[bytes]:
        return spawn(self.settings, WORKER, {self._here.measured}, self._log)


class Ticks(Sender):
    """A sender that keeps the moments of acknowledged ticks, not millions of identities."""

    moments: list[datetime]

    async def _put(self, packer: Packer, batch: list[Reading], waiting: list[list[Reading]]) -> None:
        await packer.put(SOURCE, batch)
        waiting.remove(batch)
        self.moments.append(batch[0].observed_at)


def outage(minutes: float, rate: int, tell: Tell) -> dict[str, Any]:
    """Let everything flow, end ClickHouse for so long, start it again, and count what arrived.

    Returns:
        The keys of the JSON line; `catch_up_s` is None if not everything arrived and was acknowledged in time.

    Raises:
        NotFinished: nothing was stored before the outage.
    """
    series, seconds = max(1, round(rate * _TICK_S)), minutes * 60
    tell(0.0, f"history of {series} series")
    with running(series) as system:
        noise = np.random.default_rng(5)
        sender = Ticks(system.settings, series, _TICK_S, lambda *_: noise.normal(20, 1, series).round(3).tolist())
        sender.moments = []
        poster = Poster(system.settings)
        sender.start()
        poster.start()
        _until_flowing(system, poster)
        before = _looks(system, min(_FLOW_S, seconds), tell, "everything flows")
        answers_before = poster.answers.copy()
        made, began = len(sender.moments), time.monotonic()
        system.end_store()
        during = _looks(system, seconds, tell, "ClickHouse is away")
        meanwhile, took = (len(sender.moments) - made) * series, time.monotonic() - began
        system.start_store()
        back = time.monotonic()
        delivered = [sender.stop(), poster.stop()]
        tell(0.99, "catching up")
        caught_up, after = _caught_up(system, len(sender.moments) * series, back, 120 + 2 * seconds)
        counted = _counted(system.settings, sender.moments, series, poster.taken)
        memory = _memory(before, during, after)
        grown = round(memory["worker_max_mb"] - memory["worker_before_mb"], 1)
        return {
            "minutes": minutes, "rate_asked": rate, "rate": round(meanwhile / took), "sent_meanwhile": meanwhile,
            **memory, "worker_grown_mb": grown, "catch_up_s": caught_up, **counted,
            "answers": dict(poster.answers - answers_before),
            "all_delivered": all(delivered), "workers_died": system.deaths,
            "goals_met": {
                f"worker's memory <= before + {GOAL_MB} MB": grown <= GOAL_MB,
                "lost = 0": counted["lost"] == 0 and counted["posted_lost"] == 0,
                "doubled = 0": counted["doubled"] == 0 and counted["posted_doubled"] == 0,
                "caught up": caught_up is not None and all(delivered),
            },
        }  # fmt: skip


@contextmanager
def running(series: int) -> Iterator[System]:
    """Servers, a worker with detection on and a history of its series, and the gateway."""
    from tests.servers.ports import free_port

    with lab() as here:
        settings = here.settings.model_copy(update={"http_port": free_port()})
        prepare(settings, load_catalog(None), utc_now())
        store_history(settings, series)
        system = System(here, settings)
        try:
            yield system
        finally:
            system.stop()


def resident_mb(pid: int) -> float:
    """Memory a process holds now, 0 once it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _new_web(settings: Settings, log: Path) -> subprocess.Popen[bytes]:
    """`ioc web` on its port; it stays on the servers' cores."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "ioc.cli.main", "web"], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env=os.environ | environment(settings) | {variable("http_port"): str(settings.http_port)},
        )  # fmt: skip


def _until_flowing(system: System, poster: Poster) -> None:
    deadline = time.monotonic() + _START_S
    while not (one(system.settings, _STORED) and poster.taken):
        if time.monotonic() > deadline:
            raise NotFinished(f"nothing flows after {_START_S:g} s; the worker's log ends {system.told()!r}")
        time.sleep(0.1)


def _looks(system: System, seconds: float, tell: Tell, what: str) -> Looks:
    """Memory once a second for so long; at least two looks."""
    began, looks = time.monotonic(), [system.look()]
    while (left := began + seconds - time.monotonic()) > 0:
        time.sleep(min(_LOOK_S, left))
        looks.append(system.look())
        tell(1 - left / seconds, f"{what}: worker {looks[-1]['worker']:.0f} MB")
    return looks


def _memory(before: Looks, during: Looks, after: Looks) -> dict[str, float]:
    """MB at the end of each time, and the most while ClickHouse was away and while they caught up."""
    return {
        f"{name}_{when}_mb": round(value, 1)
        for name in before[0]
        for when, value in {
            "before": before[-1][name],
            "max": max(look[name] for look in during),
            "max_catching_up": max(look[name] for look in after),
            "after": after[-1][name],
        }.items()
    }


def _caught_up(system: System, sent: int, since: float, timeout_s: float) -> tuple[float | None, Looks]:
    """Seconds until everything is stored and acknowledged, None if that takes too long, and the memory meanwhile."""
    from tests.servers.lag import lag

    looks = [system.look()]
    while time.monotonic() < since + timeout_s:
        if (one(system.settings, _STORED) or 0) >= sent and lag(system.settings.broker_url) == 0:
            return round(time.monotonic() - since, 1), [*looks, system.look()]
        time.sleep(0.2)
        looks.append(system.look())  # a worker that ended is started again
    return None, looks


def _counted(settings: Settings, moments: Sequence[datetime], series: int, taken: int) -> dict[str, int]:
    """By identity: a reading's is made of its series and tick, so a tick is whole if it has as many as there are series."""
    with contextlib.closing(connect(settings)) as client:
        found: Counter[int] = Counter(dict(client.query(_BY_TICK).result_rows))
        dossiers = client.query("SELECT uniqExact(event_id) FROM dossiers").first_row[0]
        doubled = {kind: client.query(_DOUBLED.format(kind)).first_row[0] for kind in ("readings", "dossiers")}
        letters = client.query("SELECT count() FROM dead_letters").first_row[0]
    return {
        "sent": len(moments) * series, "stored": found.total(),
        "lost": sum(series - found[round(moment.timestamp() * 1000)] for moment in moments), "doubled": doubled["readings"],
        "posted": taken, "posted_lost": max(0, taken - dossiers), "posted_doubled": doubled["dossiers"],
        "dead_letters": letters,
    }  # fmt: skip
