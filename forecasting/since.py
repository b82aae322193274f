"""What has changed since an earlier month's forecast of the same year: new values, revisions, the plan; and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from forecasting.series import Floats, Series
from forecasting.stored import Before
from forecasting.wording import PERIOD, amount, listed, number, percent, period
from ioc.catalog.model import Indicator
from ioc.records import Frequency

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_SAME = 0.005  # a change by less than half a per cent is none
_EACH = 3  # more new values than this are counted, not listed


@dataclass(frozen=True)
class New:
    """A value that has come, and what had been expected of it.

    Attributes:
        low, high: ends of the 80 % band.
    """

    period: date
    value: float
    expected: float
    low: float
    high: float

    @property
    def side(self) -> int:
        """1 above the band, -1 below it, 0 within."""
        return (self.value > self.high) - (self.value < self.low)


@dataclass(frozen=True)
class Since:
    """What lies between an earlier forecast and this one.

    Attributes:
        issued: day of the earlier forecast, in Vietnam.
        expected: what it expected of the year.
        new: values that have come since, by period.
        revised: by how much what was already known of the year has changed, aggregated as the indicator is.
        target: the plan of that time.
    """

    issued: date
    unit: str
    expected: float
    new: tuple[New, ...]
    revised: float
    target: float | None


def since(series: Series, each: Series, indicator: Indicator, year: int, before: Before | None) -> Since | None:
    """Compare with an earlier forecast; None if there is none of the same year and unit.

    Args:
        series: what is known now, as published.
        each: what each period is by itself, which is another thing where values count up within a year.
        indicator: how periods make a year.
        year: of the outlook.
        before: the earlier forecast.
    """
    if before is None or (before.year, before.unit) != (year, series.unit) or not before.periods:
        return None
    first = min(before.periods)
    known = _known(series)
    new = [New(d, known[d], *before.periods[d]) for d in sorted(before.periods) if d in known and d.year == year]
    level = indicator.aggregate == "last"
    then = np.array([v for d, v in _known(each).items() if d < first and (d.year == year or level)])
    revised = _aggregated(then, indicator) - before.actual if len(then) else 0.0
    day = before.issued_at.astimezone(_ZONE).date()
    return Since(day, before.unit, before.expected, tuple(new), revised, before.target)


def _known(series: Series) -> dict[date, float]:
    return {d: float(v) for d, v in zip(series.periods, series.values, strict=True) if np.isfinite(v)}


def _aggregated(values: Floats, indicator: Indicator) -> float:
    match indicator.aggregate:
        case "sum":
            return float(values.sum())
        case "mean":
            return float(values.mean())
        case _:
            return float(values[-1])


def sentence(found: Since, indicator: Indicator, frequency: Frequency, expected: float, target: float | None) -> str:
    """One sentence: from what to what, and why.

    Args:
        found: from `since`.
        indicator: its unit, decimals and how it makes a year.
        frequency: of the periods.
        expected: of the year, now.
        target: the plan of now.
    """
    whole = {"sum": "cả năm", "mean": "bình quân cả năm"}.get(indicator.aggregate, "cuối năm")
    begin = f"So với dự báo ngày {found.issued:%d/%m/%Y}, dự kiến {whole} {_moved(found, expected, indicator)}"
    why = [*_arrived(found, indicator, frequency), *_revised(found, indicator), *_planned(found, indicator, target)]
    if why:
        return f"{begin}: {'; '.join(why)}."
    return f"{begin}; không có số liệu mới, chỉ tính toán lại." if _differs(found.expected, expected) else f"{begin}."


def _moved(found: Since, now: float, indicator: Indicator) -> str:
    then = found.expected
    if not _differs(then, now):
        return "hầu như không đổi"
    text = (
        f"{'tăng' if now > then else 'giảm'} từ {number(then, indicator.decimals)} {'lên' if now > then else 'xuống'} "
    )
    text += amount(now, indicator.decimals, found.unit)
    return text + (f" ({percent(abs(now / then - 1))})" if then > 0 and "%" not in found.unit else "")


def _differs(then: float, now: float) -> bool:
    return abs(now - then) > _SAME * max(abs(then), 1e-12)


def _arrived(found: Since, indicator: Indicator, frequency: Frequency) -> list[str]:
    if len(found.new) <= _EACH:
        return [_one(new, indicator, frequency) for new in found.new]
    above, below = (sum(new.side == side for new in found.new) for side in (1, -1))
    count = f"có thêm số liệu của {len(found.new)} {PERIOD[frequency]}"
    sides = [f"{n} {PERIOD[frequency]} {word}" for n, word in ((above, "cao hơn"), (below, "thấp hơn")) if n]
    return [f"{count}, trong đó {listed(sides)} khoảng dự báo" if sides else f"{count}, đều trong khoảng dự báo"]


def _one(new: New, indicator: Indicator, frequency: Frequency) -> str:
    at = f"{period(new.period, frequency, year=False)} là {number(new.value, indicator.decimals)}"
    if not new.side:
        return f"{at}, trong khoảng dự báo"
    band = f"{number(new.low, indicator.decimals)} – {number(new.high, indicator.decimals)}"
    return f"{at}, {'cao' if new.side > 0 else 'thấp'} hơn khoảng dự báo {band}"


def _revised(found: Since, indicator: Indicator) -> list[str]:
    if not float(f"{found.revised:.{indicator.decimals}f}"):
        return []
    way = "tăng" if found.revised > 0 else "giảm"
    return [f"số liệu đã công bố được điều chỉnh {way} {number(abs(found.revised), indicator.decimals)}"]


def _planned(found: Since, indicator: Indicator, target: float | None) -> list[str]:
    if found.target == target:
        return []
    then, now = (None if plan is None else number(plan, indicator.decimals) for plan in (found.target, target))
    if then is None:
        return [f"đã có kế hoạch năm {now}"]
    return [f"kế hoạch năm đổi từ {then} thành {now}" if now else f"không còn kế hoạch năm {then}"]
