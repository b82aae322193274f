"""What every detector promises: river's two verbs, score before learning, and a state that can be carried away."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

import msgspec

from ioc.records import Severity

PROVINCE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RAREST = 1e7  # an extrapolated tail is not believed beyond one in ten million
WARM_UP = 200  # points of a series before what is usual is known
LARGEST = 1e150  # squares of larger values overflow; no instrument means them

State = dict[str, Any]


class Score(msgspec.Struct, frozen=True):
    """How strange one point is.

    Attributes:
        value: the detector's own scale, >= 0, larger is stranger.
        expected: what the detector expected, in the metric's unit.
        low, high: where it usually is, in the metric's unit.
        one_in: the point is as rare as one in so many; 0 where rarity means nothing (a regulatory limit).
        since: when the strangeness began, UTC; the point's own time if with it.
        alert: whether a person should be told now: rare enough and not silenced after the last alert.
        parts: what else the reason names, by detector.
    """

    value: float
    expected: float
    low: float
    high: float
    one_in: float
    since: datetime
    alert: bool = False
    parts: dict[str, str | float] = {}


class Detector(Protocol):
    """One detector of one series.

    Points come in order of event time. A missing or non-finite value, and a point not newer than the newest learnt, is
    neither scored nor learnt, so replays change nothing. Memory is bounded however long the series runs.

    Attributes:
        name: its name in the catalogue and the name of its file.
        label: its name for people, in Vietnamese.
        gravest: the worst severity its alerts may have.
        adapts: whether operators' feedback moves its threshold; a limit, a gap and a stuck sensor are what they are.
        invariant: whether unit and zero of the values do not matter: the same alerts in °C and °F.
        one_in: the threshold: alert at points as rare as one in so many; 0 where rarity means nothing (a limit).
    """

    name: ClassVar[str]
    label: ClassVar[str]
    gravest: ClassVar[Severity]
    adapts: ClassVar[bool]
    invariant: ClassVar[bool]
    one_in: float

    def score_one(self, moment: datetime, value: float | None) -> Score | None:
        """Judge a point by what was learnt before it; changes nothing.

        Args:
            moment: event time, aware.
            value: in the metric's unit.

        Returns:
            None where there is nothing to say: too little history, no value, or a late point.
        """

    def learn_one(self, moment: datetime, value: float | None) -> None:
        """Take the point in, and fall silent for a while if it was an alert."""

    def to_state(self) -> State:
        """Everything learnt, as plain dicts, lists and scalars that msgspec can encode; parameters are not in it."""

    def restore(self, state: State) -> None:
        """Take over what `to_state` gave; scores then go on exactly as they would have."""


def usable(value: float | None, moment: datetime, newest: datetime | None) -> bool:
    """Whether a point may be scored and learnt: a finite value, newer than the newest."""
    return value is not None and math.isfinite(value) and abs(value) < LARGEST and (newest is None or moment > newest)
