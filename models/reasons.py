"""Why an anomaly is one, in Vietnamese: what came, what was expected, since when, how rare, and which detector saw it."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

from ioc.catalog.model import Metric, Station
from models.base import PROVINCE_ZONE, RAREST, Detector, Score

_MEANS = {
    "instant": "",
    "1h": " trung bình 1 giờ",
    "8h": " trung bình 8 giờ",
    "24h": " trung bình 24 giờ",
}
_USUALLY = {"level": "gần đây thường"}
_SWAPPED = str.maketrans(",.", ".,")


class Names(NamedTuple):
    """How people call a series.

    Attributes:
        decimals: of the metric; None where nobody said: as many as the value needs.
        unit: with a leading space, or empty.
    """

    metric: str
    station: str
    decimals: int | None = None
    unit: str = ""

    @classmethod
    def of(cls, series: tuple[str, str, str], metric: Metric | None, station: Station | None) -> Names:
        """From the catalogue, or the ids where it says nothing."""
        place = station.name if station else series[1]
        return cls(metric.name, place, metric.decimals) if metric else cls(series[2], place)

    def measured_in(self, unit: str) -> Names:
        """With the unit of a reading."""
        return self._replace(unit="" if unit in {"", "-"} else f" {unit.replace('m3', 'm³')}")


def reason(names: Names, moment: datetime, value: float, detector: Detector, score: Score) -> str:
    """The reason of one alert: what came against what was expected, where and when, the detector's name.

    In this order, because the wall shows the beginning even where it cuts the rest.
    """
    if "run" in score.parts:
        text = _stuck(names, moment, value, score)
    elif "limit" in score.parts:
        text = _limit(names, moment, score)
    else:
        text = _unusual(names, moment, value, detector, score)
    return f"{text}. {names.station}, {at(moment)}. Bộ phát hiện: {detector.label}."


def number(value: float, decimals: int | None) -> str:
    """As Vietnamese write it: 1.234,5; small values keep two significant digits, and None four at most."""
    if decimals is None:
        text = f"{value:,.{_digits_after(value, 4)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        if value != 0.0 and abs(value) < 10.0**-decimals:
            decimals = _digits_after(value, 2)
        text = f"{value:,.{decimals}f}"
    text = text.translate(_SWAPPED)
    return text if text.strip("-0,") else text.removeprefix("-")


def _digits_after(value: float, significant: int) -> int:
    """Decimals that show so many significant digits, 0 to 12."""
    return max(0, min(significant - 1 - math.floor(math.log10(abs(value))), 12)) if value != 0.0 else 0


def rarity(one_in: float) -> str:
    """How rare, as in `hiếm cỡ 1 trong 12.000 số đo`: two significant digits, no more is known."""
    if one_in >= RAREST:
        return f"hiếm hơn 1 trong {number(RAREST / 1e6, 0)} triệu số đo"
    rounded = float(f"{max(one_in, 1.0):.2g}")
    if rounded >= 1e6:
        return f"hiếm cỡ 1 trong {number(rounded / 1e6, 1).removesuffix(',0')} triệu số đo"
    return f"hiếm cỡ 1 trong {number(rounded, 0)} số đo"


def at(moment: datetime) -> str:
    """A moment in the province's time, as in `14:25 ngày 25/11/2026`."""
    local = moment.astimezone(PROVINCE_ZONE)
    return f"{_clock(local)} ngày {local:%d/%m/%Y}"


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _since(since: datetime, moment: datetime) -> str:
    start, end = since.astimezone(PROVINCE_ZONE), moment.astimezone(PROVINCE_ZONE)
    return _clock(start) if start.date() == end.date() else at(since)


def _lasting(score: Score, moment: datetime) -> str:
    return f"; kéo dài từ {_since(score.since, moment)}" if score.since < moment else ""


def _unusual(names: Names, moment: datetime, value: float, detector: Detector, score: Score) -> str:
    came = f"{names.metric} {number(value, names.decimals)}{names.unit}"
    decimals = _decimals_of(score.high - score.low, names.decimals)
    low, high, expected = (number(v, decimals) for v in (score.low, score.high, score.expected))
    usual = f"{_USUALLY.get(detector.name, 'thường lúc này')} {low}{'–' if score.low >= 0 else ' đến '}{high}"
    course = ""
    if "shape" in score.parts:
        shape, compared = (number(float(score.parts[name]), 0) for name in ("shape", "compared"))
        course = f"; diễn biến {shape} số đo gần nhất không giống đoạn nào trong {compared} số đo trước"
    return f"{came}, {usual} (mong đợi {expected}){course}; {rarity(score.one_in)}{_lasting(score, moment)}"


def _decimals_of(width: float, decimals: int | None) -> int:
    """So many that the width of the band has two significant digits, and no more than the metric has."""
    wanted = _digits_after(width, 2)
    return wanted if decimals is None or 0.0 < width < 10.0**-decimals else min(wanted, decimals)


def _stuck(names: Names, moment: datetime, value: float, score: Score) -> str:
    run, longest = (number(float(score.parts[name]), 0) for name in ("run", "longest"))
    stands = f"{names.metric} đứng yên ở {number(value, names.decimals)}{names.unit}"
    lasts = f"suốt {run} số đo, từ {_since(score.since, moment)} đến {at(moment)}"
    return f"{stands} {lasts}; trước đây lâu nhất {longest} số đo; {rarity(score.one_in)}. Có thể thiết bị đo bị kẹt"


def _limit(names: Names, moment: datetime, score: Score) -> str:
    mean, limit = float(score.parts["mean"]), float(score.parts["limit"])
    over = mean > limit
    shown = (f"{number(v, names.decimals)}{names.unit}" for v in (mean, limit))
    came, bound = shown
    what = f"{names.metric}{_MEANS[str(score.parts['averaging'])]} {came}"
    times = f", gấp {number(score.value, 2)} lần" if over and limit > 0 else ""
    breach = f"{'vượt' if over else 'thấp hơn'} giới hạn {bound} ({score.parts['regulation']}){times}"
    return f"{what}, {breach}{_lasting(score, moment)}"
