"""Kill -9 of worker, ClickHouse and Kafka at random moments under load, then count by identity what arrived."""

from __future__ import annotations

import contextlib
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from bench.history import store_history
from bench.report import Tell
from bench.sender import Sender
from bench.servers import WORKER, Lab, lab, spawn
from clickhouse.client import connect
from clickhouse.migrate import prepare
from ioc.catalog.load import load_catalog
from ioc.errors import IocError
from ioc.packs import utc_now
from ioc.settings import Settings

_SERIES, _TICK_S, _SPIKE_EVERY = 50, 0.05, 20
_LONGEST_PAUSE_S = 3.0
_AGAIN_SOON = 0.25  # share of kills that do not wait until records flow again
_FLOWS_AGAIN_S, _SETTLED_S = 120.0, 240.0

_DOUBLED = "SELECT count() - uniqExact(event_id) FROM {}"
_ROLLUPS_WRONG = """
SELECT count() FROM
(
    SELECT source, metric, station, toStartOfHour(observed_at) AS hour, count() AS points, sum(assumeNotNull(value)) AS total
    FROM readings FINAL GROUP BY source, metric, station, hour
) AS truth
FULL JOIN (SELECT source, metric, station, hour, points, total FROM readings_hourly FINAL) AS kept
USING (source, metric, station, hour)
WHERE truth.points != kept.points OR abs(truth.total - kept.total) > 1e-6 * abs(truth.total)
"""


class System:
    """Worker, ClickHouse and Kafka, each started again at once when it was killed."""

    def __init__(self, here: Lab, settings: Settings) -> None:
        self._here, self.settings = here, settings
        self._store = here.clickhouse
        self._worker = self._new_worker()
        self.deaths = 0  # of workers, not by our hand

    def kill(self, victim: str) -> None:
        """Kill -9, and start it again on the same data."""
        from tests.servers.clickhouse import start_clickhouse

        if victim == "worker":
            self._worker.kill()
            self._worker.wait()
            self._worker = self._new_worker()
        elif victim == "clickhouse":
            self._store.kill()
            self._store.wait()
            self._store, _ = start_clickhouse(self._here.directory, self.settings.clickhouse_port)
        else:
            self._here.kafka.kill()
            self._here.kafka.start()

    def keep(self) -> None:
        """Start a worker that ended by itself again, as `ioc up` does."""
        if self._worker.poll() is not None:
            self.deaths += 1
            self._worker = self._new_worker()

    def stop(self) -> None:
        """End worker and ClickHouse."""
        from tests.servers.clickhouse import stop_clickhouse

        self._worker.kill()
        self._worker.wait()
        stop_clickhouse(self._store)

    def _new_worker(self) -> subprocess.Popen[bytes]:
        return spawn(self.settings, WORKER, {self._here.measured}, self._here.directory / "worker.log")


def faults(kills: int, seed: int, tell: Tell) -> dict[str, Any]:
    """Kill, let it go on, count.

    Returns:
        The keys of the JSON line; `catch_up_s` is None if not everything arrived and was acknowledged in time.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    noise = np.random.default_rng(seed)
    with running() as system:
        sender = Sender(system.settings, _SERIES, _TICK_S, partial(_values, noise))
        sender.start()
        until(system, lambda: stored_since(system.settings, None), _FLOWS_AGAIN_S)
        killed: list[str] = []
        recoveries: list[float | None] = []
        last = time.monotonic()
        for number in range(kills):
            time.sleep(chance.uniform(0.2, _LONGEST_PAUSE_S))  # any moment will do: that is the experiment
            killed.append(chance.choice(("worker", "clickhouse", "kafka")))
            tell(number / kills, f"kill {number + 1} of {kills}: {killed[-1]}")
            at, last = utc_now(), time.monotonic()
            system.kill(killed[-1])
            if chance.random() >= _AGAIN_SOON:
                flows = until(system, partial(stored_since, system.settings, at), _FLOWS_AGAIN_S)
                recoveries.append(time.monotonic() - last if flows else None)
        tell(0.99, "catching up")
        delivered = sender.stop()
        settled = until(system, lambda: _settled(system.settings, len(sender.sent)), _SETTLED_S)
        caught_up = time.monotonic() - last
        result = _counted(system.settings, sender.sent)
        return {
            "kills": kills, "sent": len(sender.sent), **result, "catch_up_s": round(caught_up, 1) if settled else None,
            "killed": {name: killed.count(name) for name in ("worker", "clickhouse", "kafka")},
            "recovery_s": _spread([r for r in recoveries if r is not None]), "not_recovered": recoveries.count(None),
            "all_delivered": delivered, "workers_died": system.deaths, "seed": seed,
            "goals_met": {
                "lost = 0": result["lost"] == 0, "doubled = 0": result["doubled"] == 0,
                "anomalies doubled = 0": result["anomalies_doubled"] == 0, "rollups right": result["rollups_wrong"] == 0,
                "caught up": settled,
            },
        }  # fmt: skip


def _values(noise: np.random.Generator, tick: int, _moment: datetime) -> list[float]:
    """Usual noise, and now and then a spike in one series, so that there are anomalies to be doubled or lost."""
    values = noise.normal(20, 1, _SERIES).round(3)
    if tick % _SPIKE_EVERY == 0:
        values[tick // _SPIKE_EVERY % _SERIES] = 400.0
    return values.tolist()  # type: ignore[no-any-return]


@contextmanager
def running() -> Iterator[System]:
    """Servers and a worker with detection on."""
    with lab() as here:
        prepare(here.settings, load_catalog(None), utc_now())
        store_history(here.settings, _SERIES)
        system = System(here, here.settings)
        try:
            yield system
        finally:
            system.stop()


def until(system: System, condition: Callable[[], Any], timeout_s: float) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        system.keep()
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def one(settings: Settings, sql: str, **parameters: object) -> Any:
    """The first value, None while ClickHouse does not answer."""
    try:
        with contextlib.closing(connect(settings, answer_timeout_s=30)) as client:
            return client.query(sql, parameters=parameters).first_row[0]
    except (IocError, OSError):
        return None
    except Exception as error:  # the driver's own, from a connection that was cut
        if type(error).__module__.startswith(("clickhouse_connect", "urllib3")):
            return None
        raise


def stored_since(settings: Settings, at: Any) -> int:
    """Readings observed after a moment that are stored."""
    if at is None:
        return int(one(settings, "SELECT count() FROM readings WHERE _topic != ''") or 0)
    return int(one(settings, "SELECT count() FROM readings WHERE observed_at > {at:DateTime64(3, 'UTC')}", at=at) or 0)


def _settled(settings: Settings, sent: int) -> bool:
    from tests.servers.lag import lag

    distinct = one(settings, "SELECT uniqExact(event_id) FROM readings WHERE _topic != ''")
    return distinct is not None and distinct >= sent and lag(settings.broker_url) == 0


def _counted(settings: Settings, sent: list[str]) -> dict[str, Any]:
    with contextlib.closing(connect(settings)) as client:
        stored = set(client.query("SELECT DISTINCT event_id FROM readings WHERE _topic != ''").result_columns[0])
        values = {
            name: int(client.query(sql).first_row[0])
            for name, sql in {
                "doubled": _DOUBLED.format("readings FINAL"), "doubled_before_merge": _DOUBLED.format("readings"),
                "anomalies": "SELECT uniqExact(event_id) FROM anomalies",
                "anomalies_doubled": _DOUBLED.format("anomalies FINAL"), "dead_letters": "SELECT count() FROM dead_letters",
                "rollups_wrong": _ROLLUPS_WRONG,
            }.items()
        }  # fmt: skip
    return {"stored": len(stored), "lost": len(set(sent) - stored), "never_sent": len(stored - set(sent)), **values}


def _spread(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {"p50": round(float(np.percentile(seconds, 50)), 1), "max": round(max(seconds), 1)}
