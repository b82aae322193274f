"""Why an anomaly is one, in Vietnamese: what came, what was expected, since when, how rare, and which detector saw it."""

from __future__ import annotations

from datetime import datetime

from models.base import Detector, Score
from models.wordings import WORDINGS
from models.words import Names, at, decimals_of, number, rarity, since

__all__ = ["Names", "at", "number", "rarity", "reason"]

_MEANS = {
    "instant": "",
    "1h": " trung bình 1 giờ",
    "8h": " trung bình 8 giờ",
    "24h": " trung bình 24 giờ",
}
_USUALLY = {"level": "gần đây thường"}


def reason(names: Names, moment: datetime, value: float, detector: Detector, score: Score) -> str:
    """The reason of one alert: what came against what was expected, where and when, the detector's name.

    In this order, because the wall shows the beginning even where it cuts the rest.
    """
    if own := WORDINGS.get(detector.name):
        text = own(names, moment, value, score)
    elif "limit" in score.parts:
        text = _limit(names, moment, score)
    else:
        text = _unusual(names, moment, value, detector, score)
    return f"{text}. {names.station}, {at(moment)}. Bộ phát hiện: {detector.label}."


def _lasting(score: Score, moment: datetime) -> str:
    return f"; kéo dài từ {since(score.since, moment)}" if score.since < moment else ""


def _unusual(names: Names, moment: datetime, value: float, detector: Detector, score: Score) -> str:
    came = f"{names.metric} {number(value, names.decimals)}{names.unit}"
    decimals = decimals_of(score.high - score.low, names.decimals)
    low, high, expected = (number(v, decimals) for v in (score.low, score.high, score.expected))
    usual = f"{_USUALLY.get(detector.name, 'thường lúc này')} {low}{'–' if score.low >= 0 else ' đến '}{high}"
    course = ""
    if "shape" in score.parts:
        shape, compared = (number(float(score.parts[name]), 0) for name in ("shape", "compared"))
        course = f"; diễn biến {shape} số đo gần nhất không giống đoạn nào trong {compared} số đo trước"
    return f"{came}, {usual} (mong đợi {expected}){course}; {rarity(score.one_in)}{_lasting(score, moment)}"


def _limit(names: Names, moment: datetime, score: Score) -> str:
    mean, limit = float(score.parts["mean"]), float(score.parts["limit"])
    over = mean > limit
    shown = (f"{number(v, names.decimals)}{names.unit}" for v in (mean, limit))
    came, bound = shown
    what = f"{names.metric}{_MEANS[str(score.parts['averaging'])]} {came}"
    times = f", gấp {number(score.value, 2)} lần" if over and limit > 0 else ""
    breach = f"{'vượt' if over else 'thấp hơn'} giới hạn {bound} ({score.parts['regulation']}){times}"
    return f"{what}, {breach}{_lasting(score, moment)}"
