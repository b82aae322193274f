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
from streams.agents.takeover import first_times, groups, restored

HISTORY_POINTS = 2000  # of each metric: ten of the memories that fade
HISTORY_MS = 90 * 86_400_000
AT_ONCE = 50  # stations: their histories are half a million points


class Together:
    """Owns the bank of stations of one worker; one thread at a time.

    Attributes:
        stations: the bank.
        changed: those whose states are to be kept.
    """

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self.stations, self._causes = Stations(catalog), Causes(settings, catalog)
        self._store, self._states = Connection(settings), States(settings)
        self.changed: set[StationKey] = set()

    def clear(self) -> None:
        """Partitions moved: another worker may have gone on with our stations."""
        self.stations.clear()
        self._causes.clear()
        self.changed.clear()

    def take(self, batch: pa.RecordBatch, series: Sequence[Key], alone: Sequence[Anomaly]) -> list[Anomaly]:
        """What a pack holds besides what was found in each series alone.

        Args:
            batch: readings, stored already.
            series: those that occur in it.
            alone: what was found series by series.

        Returns:
            All anomalies, with their causes as far as these are known, and earlier ones whose cause became known.

        Raises:
            StoreUnavailable: not now; call again, what was found comes again.
        """
        found, here = list(alone), self.stations.together_in(series)
        if unknown := self.stations.unknown(here):
            first = first_times(batch)
            for group in groups(unknown, AT_ONCE):
                self._take_over(group, first)
        if here:
            found += self.stations.process(batch, utc_now())
            self.changed.update(here)
        ms = times_of(usable(batch))
        newest = int(ms.max()) if len(ms) else 0
        self._causes.go_on({key[:2] for key in series}, newest)
        return self._causes.explain(found, newest)

    def _take_over(self, stations: Sequence[StationKey], first: Mapping[Key, int]) -> None:
        """Bring stations to where they stood before the pack in hand, as `Takeover` does with series."""
        begins = {station: min(ms for key, ms in first.items() if key[:2] == station) for station in stations}
        states = {(*station, ""): ms for station, ms in begins.items()}
        with restored(self._states, self.stations, states) as (known, newest):
            series = [
                (
                    *station,
                    metric,
                    newest[*station, ""] if station in known else begins[station] - HISTORY_MS,
                    first.get((*station, metric), begins[station] + 1),
                )
                for station in stations
                for metric in self.stations.group(station)
            ]
            history = self._store.query("series_tail", {"series": series, "points": HISTORY_POINTS})
        self.stations.warm(history, stations)
