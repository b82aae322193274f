"""Beside each series alone: a station's sensors together, and whether an anomaly is the sensor's or an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from clickhouse.connection import Connection
from clickhouse.states import States
from ioc.catalog.model import Catalog
from ioc.packs import utc_now
from ioc.records import Anomaly
from ioc.settings import Settings
from models.packed import times_of, usable
from models.series import Key
from models.stations import StationKey, Stations
from streams.agents.causes import Causes
from streams.agents.takeover import first_times

HISTORY_POINTS = 2000  # of each metric: ten of the memories that fade
HISTORY_MS = 90 * 86_400_000
AT_ONCE = 50  # stations: their histories are half a million points


class Together:
    """Owns the bank of stations of one worker; one thread at a time."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._stations, self._causes = Stations(catalog), Causes(settings, catalog)
        self._store, self._states = Connection(settings), States(settings)
        self._changed: set[StationKey] = set()

    def clear(self) -> None:
        """Partitions moved: another worker may have gone on with our stations."""
        self._stations.clear()
        self._causes.clear()
        self._changed.clear()

    def take(self, batch: pa.RecordBatch, alone: Sequence[Anomaly]) -> list[Anomaly]:
        """What a pack holds besides what was found in each series alone.

        Args:
            batch: readings, stored already.
            alone: what was found series by series.

        Returns:
            All anomalies, with their causes as far as these are known, and earlier ones whose cause became known.

        Raises:
            StoreUnavailable: not now; call again, what was found comes again.
        """
        found, here = list(alone), self._stations.together_in(batch)
        if unknown := self._stations.unknown(here):
            first = first_times(batch)
            for start in range(0, len(unknown), AT_ONCE):
                self._take_over(unknown[start : start + AT_ONCE], first)
        if here:
            found += self._stations.process(batch, utc_now())
            self._changed.update(here)
        ms = times_of(usable(batch))
        return self._causes.explain(found, int(ms.max()) if len(ms) else 0)

    def states(self, most: int) -> tuple[list[StationKey], pa.Table]:
        """Stations with states to be kept, so many at most, and these; they count as kept until `keep_again`."""
        stations = list(self._changed)[:most]
        self._changed.difference_update(stations)
        return stations, self._stations.save(stations)

    def keep_again(self, stations: Sequence[StationKey]) -> None:
        """States could not be kept: the next time again."""
        self._changed.update(stations)

    def _take_over(self, stations: Sequence[StationKey], first: Mapping[Key, int]) -> None:
        """Bring stations to where they stood before the pack in hand, as `streams.agents.takeover` does with series."""
        begins = {station: min(ms for key, ms in first.items() if key[:2] == station) for station in stations}
        kept = self._states.load([(*station, "") for station in stations])
        newest = {
            (source, station): ms for source, station, ms in zip(
                *(kept.column(name).to_pylist() for name in ("source", "station")),
                kept.column("newest").cast(pa.int64()).to_pylist(), strict=True,
            )
        }  # fmt: skip
        fits = [newest[key] < begins[key] for key in newest]
        restored = set(self._stations.restore(kept.filter(pa.array(fits, pa.bool_()))))
        series = [
            (
                *station,
                metric,
                newest[station] if station in restored else begins[station] - HISTORY_MS,
                first.get((*station, metric), begins[station] + 1),
            )
            for station in stations
            for metric in self._stations.group(station)
        ]
        try:
            history = self._store.query("series_tail", {"series": series, "points": HISTORY_POINTS})
        except Exception:
            self._stations.forget(list(restored))  # else they would go on with a gap
            raise
        self._stations.warm(history, stations)
