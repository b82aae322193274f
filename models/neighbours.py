"""Sensor or event? What alike stations near by and the station's other parameters saw when a series departed.

Each is held against its own usual band at this time of day. A neighbour that departs the same way, a third as far at least,
speaks for an event; that no neighbour and no other parameter of the station departs speaks for the sensor. Where nobody near
measures the same, what they measured has not come yet, or the series itself lies in its band, nothing is known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import structs

from ioc.catalog.model import Catalog, Source, Station
from ioc.records import Anomaly, Cause
from models.joint_reasons import listed
from models.series import Key

EARTH_KM = 6371.0
ALIKE = 0.5  # of the metrics of both stations together, those that both have
LEAST_POINTS = 20  # behind a usual band
CLEARLY = 1.5  # from the middle of the band; its edge is 1
PART = 1 / 3  # of the anomaly's own departure that a neighbour must show, so that its chance noise is no event
SENSORS_OWN = frozenset({"stuck"})  # detectors that see faults of sensors only
_NOBODY = "trạm lân cận không thấy gì"


class Seen(NamedTuple):
    """What a series shows at the time of an anomaly.

    Attributes:
        key: source, station, metric.
        value, ms: its newest by then, in the metric's unit, and that one's time in milliseconds since 1970.
        low, middle, high: quantiles 2.5, 50 and 97.5 % of the days before at this time of day.
        points: behind them.
    """

    key: Key
    value: float
    ms: int
    low: float
    middle: float
    high: float
    points: int

    @property
    def departure(self) -> float:
        """From the middle of its band towards its edge: -1 to 1 within."""
        off = self.value - self.middle
        reach = self.high - self.middle if off > 0 else self.middle - self.low
        return off / reach if reach > 0 else math.copysign(math.inf, off) if off else 0.0


class Verdict(NamedTuple):
    """The cause, and the sentence that says why; both may be empty."""

    cause: Cause
    text: str


def asked_of(catalog: Catalog, anomaly: Anomaly) -> list[Key]:
    """The series to look at: the same metric at alike stations near by, and all metrics of the station.

    None of them where the station is not in the catalogue, the metric is its station's own (`neighbours_km = 0`), or nobody
    near measures it.
    """
    source = catalog.sources.get(anomaly.source)
    here = next((s for s in source.stations if s.code == anomaly.station), None) if source else None
    metric = catalog.metrics.get((anomaly.source, anomaly.metric))
    if source is None or here is None or metric is None or anomaly.detector in SENSORS_OWN:
        return []
    near = [
        (source.id, other.code, metric.id) for other in source.stations
        if other is not here and metric.id in _metrics(source, other) and _near(here, other, metric.neighbours_km)
        and _alike(source, here, other)
    ]  # fmt: skip
    own = [(source.id, here.code, name) for name in _metrics(source, here)]
    return [*near, *own] if near else []


def verdict(catalog: Catalog, anomaly: Anomaly, seen: Sequence[Seen]) -> Verdict:
    """What those series say of an anomaly.

    Args:
        catalog: names the metrics.
        anomaly: found by a detector.
        seen: of the series that `asked_of` names; only those with a value as new as the anomaly say something.
    """
    if anomaly.detector in SENSORS_OWN:
        return Verdict("sensor", "")
    begins = anomaly.observed_at.timestamp() * 1000
    sure = [one for one in seen if one.points >= LEAST_POINTS and one.ms >= begins]
    here = next((one.departure for one in sure if one.key[1:] == (anomaly.station, anomaly.metric)), 0.0)
    near = [one.departure for one in sure if one.key[1] != anomaly.station]
    if not near or abs(here) < CLEARLY:
        return Verdict("", "")
    along = [departure * math.copysign(1.0, here) for departure in near]
    with_it = sum(departure >= max(CLEARLY, abs(here) * PART) for departure in along)
    if with_it:
        which = f"{with_it} trong {len(near)} trạm lân cận" if len(near) > 1 else "Trạm lân cận"
        return Verdict("event", f"{which} cũng {'tăng' if here > 0 else 'giảm'}: có thể là sự kiện thật")
    if max(along) > 1.0:
        return Verdict("", "")
    return _alone(catalog, anomaly, sure, f"{len(near)} {_NOBODY}")


def told_of(anomaly: Anomaly, said: Verdict) -> Anomaly:
    """An anomaly with its cause and the sentence about it."""
    reason = f"{anomaly.reason} {said.text}." if said.text else anomaly.reason
    return structs.replace(anomaly, cause=said.cause, reason=reason)


def as_found(anomaly: Anomaly) -> Anomaly:
    """An anomaly without what `told_of` added, where that did not say that it was an event."""
    return structs.replace(anomaly, cause="", reason=re.sub(rf" \d+ {_NOBODY}.*", "", anomaly.reason, flags=re.DOTALL))


def _alone(catalog: Catalog, anomaly: Anomaly, seen: Sequence[Seen], nobody: str) -> Verdict:
    """No neighbour departs: what the station's other metrics say."""
    others = [one for one in seen if one.key[1] == anomaly.station and one.key[2] != anomaly.metric]
    also = [one.key[2] for one in others if abs(one.departure) >= CLEARLY]
    if also:
        metrics = listed([catalog.metrics[anomaly.source, name].name for name in also[:3]])
        return Verdict("", f"{nobody}, nhưng {metrics} cùng trạm cũng lệch: chưa rõ nguyên nhân")
    if not others:
        return Verdict("", nobody)
    return Verdict("sensor", f"{nobody}, các thông số khác của trạm bình thường: có thể lỗi thiết bị đo")


def distance_km(here: Station, other: Station) -> float:
    """Great-circle distance; infinite where a place is not known."""
    if here.lat is None or here.lon is None or other.lat is None or other.lon is None:
        return math.inf
    first, second = math.radians(here.lat), math.radians(other.lat)
    across = math.sin(math.radians(other.lon - here.lon) / 2) ** 2
    chord = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * across
    return 2 * EARTH_KM * math.asin(math.sqrt(min(chord, 1.0)))


def _near(here: Station, other: Station, within_km: float) -> bool:
    """Within the metric's distance, or in the same commune or ward where a place is not known."""
    if within_km == 0:
        return False
    away = distance_km(here, other)
    return away <= within_km if math.isfinite(away) else bool(here.area) and here.area == other.area


def _alike(source: Source, here: Station, other: Station) -> bool:
    """Air with air, water with water: a temperature is not the same in both."""
    one, two = set(_metrics(source, here)), set(_metrics(source, other))
    return len(one & two) >= ALIKE * len(one | two)


def _metrics(source: Source, station: Station) -> list[str]:
    return station.metrics or [m.id for m in source.metrics]
