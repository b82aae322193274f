"""The default for unknown series: the course of the last eight values is unlike every course of the last days.

Two comparisons, the rarer counts: the values themselves, and what is left of them after the usual value of the hour of
the week. Chosen by cross-validation on half of the Numenta benchmark; what was tried and dropped is in docs/detectors.md.
"""

from __future__ import annotations

import math
from datetime import tzinfo
from typing import ClassVar

from models.base import PROVINCE_ZONE, WARM_UP, State
from models.deviation import Deviation, Judgement
from models.nearest import OLDEST, WIDTH, Nearest
from models.profile import Profile
from models.tail import Tail


class Shape(Deviation):
    """See `Deviation`; expected value and band come from the hour of the week, the rarity from the shapes.

    Args:
        one_in: alert at shapes rarer than one in so many. Neighbouring shapes overlap and a steady series has a lighter
            tail than the exponential, so that one in 180 is 0.6 false alarms a week on clean five-minute data.
        warm_up: points before the first score; a day must have passed, too.
        zone: whose hours and days.
    """

    name: ClassVar[str] = "shape"
    label: ClassVar[str] = "diễn biến lạ"
    keeps_tet: ClassVar[bool] = False  # nobody said of which country its series are

    def __init__(self, one_in: float = 180.0, warm_up: int = WARM_UP, zone: tzinfo = PROVINCE_ZONE) -> None:
        super().__init__(Profile(kinds=7, zone=zone), one_in, warm_up)
        self._shapes = (Nearest(), Nearest())  # of values, of residuals
        self._tails = (Tail(), Tail())
        self._distances = (math.nan, math.nan)

    def _rarity(self, value: float, residual: float, _ease: float) -> float:
        raw, rest = self._shapes
        self._distances = raw.distance(value), rest.distance(residual)
        least = self._smallest_step / math.sqrt(WIDTH)  # the distance one step of one value makes
        return max(
            tail.one_in(distance, least) if distance == distance else 1.0  # noqa: PLR0124 - NaN: too few shapes
            for tail, distance in zip(self._tails, self._distances, strict=True)
        )

    def _own_scale(self, judged: Judgement, _width: float) -> float:
        return math.log10(judged.one_in)

    def _parts(self) -> dict[str, str | float]:
        return {"shape": WIDTH, "compared": min(self._points, OLDEST)}

    def _learn_more(self, judged: Judgement) -> None:
        least = self._smallest_step / math.sqrt(WIDTH)  # the distance one step of one value makes
        for tail, distance in zip(self._tails, self._distances, strict=True):
            if not math.isnan(distance):
                tail.learn(distance, least)
        raw, rest = self._shapes
        raw.push(judged.value)
        rest.push(judged.value - judged.expected)

    def to_state(self) -> State:
        """See `Detector.to_state`."""
        shapes = [part.to_state() for part in self._shapes]
        return super().to_state() | {"shapes": shapes, "tails": [tail.to_state() for tail in self._tails]}

    def restore(self, state: State) -> None:
        """See `Detector.restore`."""
        super().restore(state)
        for part, kept in zip(self._shapes, state["shapes"], strict=True):
            part.restore(kept)
        for tail, kept in zip(self._tails, state["tails"], strict=True):
            tail.restore(kept)
