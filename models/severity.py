"""How grave an anomaly is; alerts go out from `warning` on.

| | info | warning | critical |
|---|---|---|---|
| rarity | what a detector alerts at | from one in 10,000 points (a month of five-minute data) | from one in 1,000,000 |
| limits | – | above the limit | above 1.5 times the limit (below two thirds of a lower one) |

A detector may name a gravest severity of its own: a stuck sensor is a `warning`.
"""

from __future__ import annotations

from ioc.records import Severity
from models.base import Detector, Score
from models.limits import GRAVE

WARNING_FROM, CRITICAL_FROM = 1e4, 1e6
LABELS: dict[Severity, str] = {"info": "thông tin", "warning": "cảnh báo", "critical": "nghiêm trọng"}
_ORDER: tuple[Severity, ...] = ("info", "warning", "critical")


def severity_of(detector: Detector, score: Score) -> Severity:
    """The severity of an alert."""
    return min(_by_score(score), detector.gravest, key=_ORDER.index)


def _by_score(score: Score) -> Severity:
    if score.one_in == 0.0:
        return "critical" if score.value > GRAVE else "warning"
    if score.one_in >= CRITICAL_FROM:
        return "critical"
    return "warning" if score.one_in >= WARNING_FROM else "info"
