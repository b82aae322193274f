"""The cause of an anomaly: asks the store what neighbours and the station's other sensors saw, then and for an hour after."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import structs

from clickhouse.connection import Connection
from ioc.catalog.model import Catalog
from ioc.errors import QueryFailed
from ioc.packs import utc_now
from ioc.records import Anomaly
from ioc.settings import Settings
from models.neighbours import Seen, Verdict, as_found, asked_of, told_of, verdict
from models.packed import ms_of
from models.series import Key
from models.stations import StationKey

log = logging.getLogger(__name__)

BAND_DAYS = 14  # behind a usual band …
BAND_ENDS_MS = 3 * 3_600_000  # … which ends so long before, so that today does not widen it
FOLLOWED_MS = 3_600_000  # neighbours may see it later, or their readings may come later
MOST_FOLLOWED = 1000


@dataclass
class _Followed:
    """An anomaly whose cause may become known yet: as found, what was said of it, when to look again."""

    anomaly: Anomaly
    said: Verdict
    due: int


class Causes:
    """One a worker; what the one before it followed is in the store."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._catalog, self._store = catalog, Connection(settings)
        self._followed: dict[str, _Followed] = {}
        self._ours: set[StationKey] = set()

    def clear(self) -> None:
        """Partitions moved: others follow theirs."""
        self._followed.clear()
        self._ours.clear()

    def go_on(self, stations: Iterable[StationKey], now_ms: int) -> None:
        """Follow what another worker, or this one before it was restarted, told of stations that are new here.

        What is on its way to the store just then is not followed: its cause stays as it was told.

        Args:
            stations: of a pack.
            now_ms: the newest event time of the pack, milliseconds since 1970.

        Raises:
            StoreUnavailable: not now; call again with the same.
        """
        new = set(stations) - self._ours
        if near := sorted(station for station in new if self._may_have_neighbours(station)):
            params = {"stations": near, "since": now_ms - FOLLOWED_MS, "most": MOST_FOLLOWED}
            for row in self._asked("anomalies_unexplained", params):
                anomaly = msgspec.convert(row, Anomaly)
                if anomaly.event_id not in self._followed:
                    self._follow_one(as_found(anomaly), Verdict(anomaly.cause, ""))
        self._ours |= new

    def explain(self, found: Sequence[Anomaly], now_ms: int) -> list[Anomaly]:
        """Anomalies with their causes, and those told before whose cause is known now, with the same identity.

        Args:
            found: in a pack.
            now_ms: the newest event time of the pack, milliseconds since 1970.

        Raises:
            StoreUnavailable: not now; call again with the same.
        """
        due = {f.anomaly.event_id: f for f in self._followed.values() if f.due <= now_ms}
        for anomaly in found:
            due.pop(anomaly.event_id, None)
        moments = {a.event_id: ms_of(a.observed_at) for a in found}
        moments |= {name: min(now_ms, ms_of(f.anomaly.observed_at) + FOLLOWED_MS) for name, f in due.items()}
        verdicts = self._verdicts([*found, *(f.anomaly for f in due.values())], moments)
        told = [told_of(anomaly, verdicts[anomaly.event_id]) for anomaly in found]
        for followed in due.values():
            said = verdicts[followed.anomaly.event_id]
            if said.cause and said.cause != followed.said.cause:
                told.append(structs.replace(told_of(followed.anomaly, said), received_at=utc_now()))
                followed.said = said
        self._follow(found, verdicts)
        self._look_again(list(due), now_ms)
        return told

    def _verdicts(self, anomalies: Sequence[Anomaly], moments: dict[str, int]) -> dict[str, Verdict]:
        asked = {anomaly.event_id: asked_of(self._catalog, anomaly) for anomaly in anomalies}
        seen = {ms: self._seen(ms, anomalies, asked, moments) for ms in set(moments.values())}
        verdicts = {}
        for anomaly in anomalies:
            known = seen[moments[anomaly.event_id]]
            here = [known[key] for key in asked[anomaly.event_id] if key in known]
            verdicts[anomaly.event_id] = verdict(self._catalog, anomaly, here)
        return verdicts

    def _seen(
        self, ms: int, anomalies: Sequence[Anomaly], asked: dict[str, list[Key]], moments: dict[str, int]
    ) -> dict[Key, Seen]:
        """What the series asked for showed at a moment."""
        those = [a for a in anomalies if moments[a.event_id] == ms]
        series = sorted({key for a in those for key in asked[a.event_id]})
        found: dict[Key, Seen] = {}
        if series:
            params = {
                "series": series, "at": ms, "since": min(ms_of(a.observed_at) for a in those),
                "before": ms - BAND_ENDS_MS, "days": BAND_DAYS,
            }  # fmt: skip
            for row in self._asked("seen_beside", params):
                key = (row["source"], row["station"], row["metric"])
                low, middle, high = row["band"]
                found[key] = Seen(key, row["newest"], row["newest_at"], low, middle, high, row["points"])
        return found

    def _asked(self, query: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        try:
            rows: list[dict[str, Any]] = self._store.query(query, params).to_pylist()
        except QueryFailed:  # for good: an anomaly without a cause is better than none
            log.exception("%s: the causes of these anomalies stay unknown", query)
            return []
        return rows

    def _may_have_neighbours(self, station: StationKey) -> bool:
        source = self._catalog.sources.get(station[0])
        return source is not None and len(source.stations) > 1

    def _follow(self, found: Sequence[Anomaly], verdicts: dict[str, Verdict]) -> None:
        for anomaly in found:
            self._follow_one(anomaly, verdicts[anomaly.event_id])
        for surplus in list(self._followed)[: max(len(self._followed) - MOST_FOLLOWED, 0)]:
            del self._followed[surplus]

    def _follow_one(self, anomaly: Anomaly, said: Verdict) -> None:
        if said.cause != "event" and asked_of(self._catalog, anomaly):
            due = self._next(anomaly, ms_of(anomaly.observed_at))
            self._followed[anomaly.event_id] = _Followed(anomaly, said, due)

    def _look_again(self, checked: Sequence[str], now_ms: int) -> None:
        for name in checked:
            followed = self._followed[name]
            followed.due = self._next(followed.anomaly, now_ms)
            if followed.said.cause == "event" or followed.due > ms_of(followed.anomaly.observed_at) + FOLLOWED_MS:
                del self._followed[name]

    def _next(self, anomaly: Anomaly, ms: int) -> int:
        return ms + 1000 * self._catalog.sources[anomaly.source].every_s
