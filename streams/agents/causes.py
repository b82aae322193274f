"""The cause of an anomaly: asks the store what neighbours and the station's other sensors saw, then and for an hour after."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from clickhouse.connection import Connection
from ioc.catalog.model import Catalog
from ioc.errors import QueryFailed
from ioc.packs import utc_now
from ioc.records import Anomaly
from ioc.settings import Settings
from models.neighbours import Seen, Verdict, asked_of, verdict
from models.packed import ms_of
from models.series import Key

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
    """One a worker; what it follows is lost with the worker, the anomalies are not."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._catalog, self._store = catalog, Connection(settings)
        self._followed: dict[str, _Followed] = {}

    def clear(self) -> None:
        """Partitions moved: others follow theirs."""
        self._followed.clear()

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
        told = [_with(anomaly, verdicts[anomaly.event_id]) for anomaly in found]
        for followed in due.values():
            said = verdicts[followed.anomaly.event_id]
            if said.cause and said.cause != followed.said.cause:
                told.append(structs.replace(_with(followed.anomaly, said), received_at=utc_now()))
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
            for row in self._asked(params):
                key = (row["source"], row["station"], row["metric"])
                low, middle, high = row["band"]
                found[key] = Seen(key, row["newest"], row["newest_at"], low, middle, high, row["points"])
        return found

    def _asked(self, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        try:
            rows: list[dict[str, Any]] = self._store.query("seen_beside", params).to_pylist()
        except QueryFailed:  # for good: an anomaly without a cause is better than none
            log.exception("neighbours could not be asked; the causes of these anomalies stay unknown")
            return []
        return rows

    def _follow(self, found: Sequence[Anomaly], verdicts: dict[str, Verdict]) -> None:
        for anomaly in found:
            said = verdicts[anomaly.event_id]
            if said.cause != "event" and asked_of(self._catalog, anomaly):
                self._followed[anomaly.event_id] = _Followed(
                    anomaly, said, self._next(anomaly, ms_of(anomaly.observed_at))
                )
        for surplus in list(self._followed)[: max(len(self._followed) - MOST_FOLLOWED, 0)]:
            del self._followed[surplus]

    def _look_again(self, checked: Sequence[str], now_ms: int) -> None:
        for name in checked:
            followed = self._followed[name]
            followed.due = self._next(followed.anomaly, now_ms)
            if followed.said.cause == "event" or followed.due > ms_of(followed.anomaly.observed_at) + FOLLOWED_MS:
                del self._followed[name]

    def _next(self, anomaly: Anomaly, ms: int) -> int:
        return ms + 1000 * self._catalog.sources[anomaly.source].every_s


def _with(anomaly: Anomaly, said: Verdict) -> Anomaly:
    reason = f"{anomaly.reason} {said.text}." if said.text else anomaly.reason
    return structs.replace(anomaly, cause=said.cause, reason=reason)
