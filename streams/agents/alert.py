"""Raise an alert once a fingerprint and window, from anomalies and from what is said of an agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import get_args

import pyarrow as pa
from msgspec import structs

from ioc.catalog.model import Catalog
from ioc.packs import records_of, utc_now
from ioc.records import Alert, Anomaly, Record, Severity, Stance, event_id

ANOMALY_WINDOW = timedelta(hours=6)
STANCE_WINDOW = timedelta(hours=24)
MIN_CONFIDENCE = 0.6
_GRAVITY = get_args(Severity)
LATENESS = timedelta(hours=48)  # allowed where the catalogue does not know the source


def window_start(moment: datetime, window: timedelta) -> datetime:
    """The start of the fixed window a moment lies in: alerts of one fingerprint, window and severity are one alert."""
    seconds = window.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, moment.tzinfo)


def _is_news(moment: datetime, allowed: timedelta = LATENESS) -> bool:
    """What is later comes from a late file or an import: stored and shown, but nobody is called."""
    return utc_now() - moment <= allowed


class AnomalyAlerts:
    """An alert for each series with a grave anomaly, once a window and severity.

    The severity is part of the identity, so that a milder one that comes later (or again, once its cause is known) does
    not take the place of a graver one in the store; `v_alerts` shows the gravest. See ADR 14.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def reset(self) -> None:
        """Keeps nothing."""

    async def save(self) -> None:
        """Keeps nothing."""

    async def derive(self, batch: pa.RecordBatch) -> Sequence[Record]:
        """Alerts of one pack of anomalies."""
        anomalies = [a for a in records_of(batch, "anomalies") if isinstance(a, Anomaly)]
        return _gravest(
            self._alert(a) for a in anomalies
            if a.severity != "info" and _is_news(a.observed_at, self._lateness(a.source))
        )  # fmt: skip

    def _lateness(self, source_id: str) -> timedelta:
        source = self._catalog.sources.get(source_id)
        return source.allowed_lateness if source else LATENESS

    def _alert(self, anomaly: Anomaly) -> Alert:
        fingerprint = event_id("anomaly", anomaly.source, anomaly.station, anomaly.metric)
        station = self._catalog.stations.get(anomaly.station)
        metric = self._catalog.metrics.get((anomaly.source, anomaly.metric))
        title = (
            f"{metric.name if metric else anomaly.metric} bất thường tại {station.name if station else anomaly.station}"
        )
        return Alert(
            event_id=event_id(fingerprint, window_start(anomaly.observed_at, ANOMALY_WINDOW), anomaly.severity),
            received_at=utc_now(), fingerprint=fingerprint, raised_at=anomaly.observed_at, severity=anomaly.severity, topic="anomaly", title=title,
            message=anomaly.reason, agency=anomaly.agency, area=anomaly.area, source=anomaly.source, evidence=[anomaly.event_id],
        )  # fmt: skip


def _gravest(alerts: Iterable[Alert]) -> list[Alert]:
    """One a series and window: several detectors may see one event, the gravest says what it is, of equals the first; all are evidence."""
    found: dict[tuple[str, datetime], Alert] = {}
    for alert in alerts:
        key = (alert.fingerprint, window_start(alert.raised_at, ANOMALY_WINDOW))
        known = found.get(key, alert)
        graver = _GRAVITY.index(alert.severity) > _GRAVITY.index(known.severity)
        evidence = list(dict.fromkeys([*known.evidence, *alert.evidence]))
        found[key] = structs.replace(alert if graver else known, evidence=evidence)
    return list(found.values())


class StanceAlerts:
    """An alert for each agency that is confidently criticised, once a window, with the sentence."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def reset(self) -> None:
        """Keeps nothing."""

    async def save(self) -> None:
        """Keeps nothing."""

    async def derive(self, batch: pa.RecordBatch) -> Sequence[Record]:
        """Alerts of one pack of stances."""
        return [
            self._alert(s) for s in records_of(batch, "stances")
            if isinstance(s, Stance) and s.stance == "negative" and s.confidence >= MIN_CONFIDENCE
            and _is_news(s.published_at)
        ]  # fmt: skip

    def _alert(self, stance: Stance) -> Alert:
        fingerprint = event_id("stance", stance.agency)
        agency = self._catalog.agencies.get(stance.agency)
        severity: Severity = "warning"
        return Alert(
            event_id=event_id(fingerprint, window_start(stance.published_at, STANCE_WINDOW)), received_at=utc_now(),
            fingerprint=fingerprint, raised_at=stance.published_at, severity=severity, topic="stance",
            title=f"Báo chí phê bình {agency.name if agency else stance.agency}",
            message=f"“{stance.evidence}” ({stance.outlet}: {stance.title})", agency=stance.agency, source=stance.outlet,
            evidence=[stance.event_id],
        )  # fmt: skip
