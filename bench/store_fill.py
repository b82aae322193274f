"""Fills a migrated database with a province's worth of every kind of record (``bench/fill/*.sql``), readings in any number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client

from clickhouse.client import connect
from clickhouse.queries import bindable
from clickhouse.rollups import Rollups
from ioc.catalog.model import Catalog
from ioc.settings import Settings

FILL = Path(__file__).parent / "fill"
AT_ONCE = 2_000_000
MINUTES_DAYS = 40  # as IOC_KEEP_MINUTES_DAYS should be where readings come several times a minute

# A large province: rows (dossiers, tasks and reports have two or three states each).
ROWS = {
    "dossiers": 500_000, "posts": 100_000, "stances": 100_000, "cyber_events": 2_000_000, "anomalies": 50_000, "alerts": 20_000,
    "freshness": 500_000, "indicator_values": 20, "forecasts": 60, "outlooks": 60, "dead_letters": 50_000, "tasks": 20_000,
    "field_reports": 100_000, "positions": 5_000_000, "camera_events": 500_000, "health_cases": 50_000,
}  # fmt: skip
LEVELS = {"ph": 7.2, "cod": 90.0, "tss": 60.0, "nh4": 5.0, "so2": 80.0, "no2": 60.0, "pm10": 70.0, "pm25": 38.0}


class Filling:
    """One database.

    Args:
        settings: of a migrated database.
        catalog: whose agencies, areas, metrics and indicators the records speak of.
        until: time of the newest record, aware UTC.
        series: series of readings.
        rate: readings a second over all series.
    """

    def __init__(self, settings: Settings, catalog: Catalog, until: datetime, series: int, rate: float) -> None:
        self._settings, self._until, self._series = settings, until, series
        self._step_ms = round(1000 * series / rate)
        metrics = [m.id for m in catalog.sources["env-stations"].metrics]
        self._named = {
            "metrics": metrics,
            "levels": [LEVELS.get(metric, 30.0) for metric in metrics],
            "agencies": list(catalog.agencies),
            "areas": [u.code for u in catalog.areas if u.level in {"ward", "commune"}],
            "sources": list(catalog.sources),
            "indicators": list(catalog.indicators),
        }

    def others(self, share: float = 1.0) -> Iterator[str]:
        """Fill every kind but readings with a share of `ROWS`; yields the kind that is next."""
        client = connect(self._settings)
        for kind, rows in ROWS.items():
            yield kind
            self._run(client, kind, {"rows": max(round(share * rows), 1)})
        yield from self._sum(("cyber_events", "stances"), timedelta(days=400), timedelta(days=400))

    def readings(self, first: int, rows: int) -> Iterator[int]:
        """Insert readings, the newest first; yields how many are there.

        Args:
            first: readings that are there already.
            rows: how many more; both multiples of the series.
        """
        client, done = connect(self._settings), 0
        at_once = max(AT_ONCE // self._series, 1) * self._series
        while done < rows:
            some = min(at_once, rows - done)
            params = {"rows": some, "series": self._series, "step_ms": self._step_ms}
            self._run(client, "readings", params | {"first": (first + done) // self._series})
            done += some
            yield first + done

    def sum_readings(self, rows: int) -> Iterator[str]:
        """Bring the sums over the newest readings up to date."""
        age = timedelta(milliseconds=self._step_ms * (rows // self._series + 1))
        yield from self._sum(("readings",), age, age * min(AT_ONCE * 4 / rows, 1))

    def _sum(self, kinds: tuple[str, ...], age: timedelta, at_once: timedelta) -> Iterator[str]:
        """A month of a hundred million readings would not fit a query's memory, so it goes piece by piece."""
        rollups = Rollups(self._settings.model_copy(update={"keep_minutes_days": MINUTES_DAYS}))
        for kind in kinds:
            yield f"sums of {kind}"
            start = self._until - age
            while start < self._until:
                end = min(start + at_once, self._until)
                for _ in rollups.rebuild(kind, start, end + timedelta(hours=1)):
                    pass
                start = end
        rollups.close()

    def _run(self, client: Client, kind: str, params: dict[str, Any]) -> None:
        sql = (FILL / f"{kind}.sql").read_text(encoding="utf-8").strip()
        used = {
            name: value
            for name, value in (self._named | {"until": self._until} | params).items()
            if f"{{{name}:" in sql
        }
        client.command(sql, parameters={name: bindable(value) for name, value in used.items()})
