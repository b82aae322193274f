"""Why the sensors of a station are abnormal together, in Vietnamese: which departs, from what, by how much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.joint import LABEL, JointScore
from models.reasons import Names, at, number, rarity

_USUAL_SIZE = 2.0  # usual sizes; a sensor below goes its usual way


def joint_reason(names: Sequence[Names], moment: datetime, window: int, score: JointScore) -> str:
    """The reason of one alert.

    Args:
        names: of all metrics, in the order of the score's indices.
        moment: of the vector, aware.
        window: points in a mean.
        score: of the vector.
    """
    own = names[score.sensor]
    mean, expected, low, high = (
        f"{number(v, own.decimals)}" for v in (score.mean, score.expected, score.low, score.high)
    )
    came = f"{own.metric} trung bình {window} số đo {mean}{own.unit}"
    usual = f"mong đợi {expected}, thường {low} đến {high}"
    against = f"{_departs(names, score)} ({usual}), lệch gấp {number(score.value, 1)} lần mức thường"
    since = f"; kéo dài từ {at(score.since)}" if score.since < moment else ""
    return f"{came} {against}; {rarity(score.one_in)}{since}. {own.station}, {at(moment)}. Bộ phát hiện: {LABEL}."


def _departs(names: Sequence[Names], score: JointScore) -> str:
    if score.partners:
        return f"không theo {listed([names[i].metric for i in score.partners])} như thường"
    still = [
        names[i].metric for i, size in enumerate(score.sizes) if i != score.sensor and size < _USUAL_SIZE
    ]  # NaN compares as False
    return f"lệch mức gần đây trong khi {listed(still[:3])} vẫn như thường" if still else "lệch mức gần đây"


def listed(names: Sequence[str]) -> str:
    """As in `A, B và C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} và {names[-1]}"
