"""Says in plain Vietnamese where a year is heading and why; numbers as Vietnamese people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forecasting.calendar import tet
from forecasting.since import Since, sentence
from forecasting.stored import Doubt
from forecasting.wording import PERIOD, amount, listed, number, percent, period
from ioc.catalog.model import Indicator
from ioc.records import Frequency

_FLAT = 1.0  # per cent a year below which a trend is level
_SEEN = 0.02  # effects of Tết below two per cent are not worth a word
_SAME = 0.005
_CERTAIN = 0.01


@dataclass(frozen=True)
class Reasons:
    """What the model says moves the series.

    Attributes:
        trend: growth of the trend over a year, a share; None where the scale knows no rates.
        tet: how much more (share, negative for less) than usual each period is because of where Tết falls, by first
            day of the period; only this year's.
        same_time: growth of the year so far over the same periods a year ago, a share; None if not all are known.
        since: what has changed since the forecast of an earlier month; None without one.
        doubt: why past forecasts of the series are not to be relied on; None where they are.
    """

    trend: float | None = None
    tet: dict[date, float] | None = None
    same_time: float | None = None
    since: Since | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True)
class Position:
    """The numbers of a year, in the indicator's unit.

    Attributes:
        done, missing, left: periods of the year that are known, that were skipped, and that are still to come.
        last: first day of the last known period.
        remaining: expected of what is left: a sum, a mean or the last value, as the indicator aggregates.
        per_period: expected of one period that is left, on average.
    """

    year: int
    frequency: Frequency
    unit: str
    done: int
    missing: int
    left: int
    last: date
    actual: float
    remaining: float
    per_period: float
    expected: float
    low80: float
    high80: float
    target: float | None
    probability: float | None
    needed: float | None


def explanation(indicator: Indicator, position: Position, reasons: Reasons) -> str:
    """A short paragraph: so far, trend, Tết, what is left and changed since last month, the plan, and doubts."""
    parts = [_so_far(indicator, position), *_why(position, reasons), _year_end(indicator, position)]
    if reasons.since is not None:
        parts.append(sentence(reasons.since, indicator, position.frequency, position.expected, position.target))
    if position.target is not None:
        parts += _plan(indicator, position)
    if reasons.doubt is not None:
        parts.append(_doubt(reasons.doubt, position.frequency))
    return " ".join(parts)


def _doubt(found: Doubt, frequency: Frequency) -> str:
    if found.state == "worse":
        return "Lưu ý: gần đây dự báo chỉ tiêu này không hơn gì lấy số cùng kỳ năm trước."
    share = f"{found.outside} trên {found.periods} {PERIOD[frequency]} gần đây nằm ngoài khoảng dự báo"
    return f"Lưu ý: dự báo chỉ tiêu này đang kém tin cậy, {share}."


def _amount(value: float, indicator: Indicator, unit: str) -> str:
    return amount(value, indicator.decimals, unit)


def _so_far(indicator: Indicator, at: Position) -> str:
    name = PERIOD[at.frequency]
    if at.done == 0:
        return f"Năm {at.year} chưa có số liệu."
    reached = _amount(at.actual, indicator, at.unit)
    if indicator.aggregate == "last":
        begin = f"Đến {period(at.last, at.frequency)} là {reached}"
    elif at.frequency in {"D", "W"}:
        begin = (
            f"Từ đầu năm đến {at.last:%d/%m/%Y}"
            + (" bình quân " if indicator.aggregate == "mean" else " là ")
            + reached
        )
    else:
        mean = "bình quân " if indicator.aggregate == "mean" else "là "
        begin = f"{at.done + at.missing} {name} đầu năm {at.year} {mean}{reached}"
    if at.target and indicator.aggregate == "sum":
        begin += f", bằng {percent(at.actual / at.target)} kế hoạch năm"
    if at.missing:
        begin += f" ({at.missing} {name} chưa có số liệu được ước tính trong dự kiến cả năm)"
    return begin + "."


def _why(at: Position, reasons: Reasons) -> list[str]:
    parts = []
    if reasons.same_time is not None:
        parts.append(f"So với cùng kỳ năm trước {_moved(reasons.same_time)}.")
    if reasons.trend is not None:
        level = abs(100 * reasons.trend) < _FLAT
        parts.append("Xu hướng đi ngang." if level else f"Xu hướng {_moved(reasons.trend)} một năm.")
    return parts + _tet(at, reasons.tet or {})


def _moved(share: float) -> str:
    return f"{'tăng' if share >= 0 else 'giảm'} {percent(abs(share))}"


def _tet(at: Position, effects: dict[date, float]) -> list[str]:
    new_year = tet(at.year)
    told = [(day, share) for day, share in sorted(effects.items()) if abs(share) >= _SEEN]
    if not told or new_year is None:
        return []
    before = tet(at.year - 1)
    shift = ""
    if before:
        days = (new_year - before).days - (date(at.year, 1, 1) - date(at.year - 1, 1, 1)).days
        shift = f", {'muộn' if days > 0 else 'sớm'} hơn năm trước {abs(days)} ngày"
    moved = listed(
        [
            f"{period(day, at.frequency, year=False)} {'cao' if s > 0 else 'thấp'} hơn thường lệ khoảng {percent(abs(s), 0)}"
            for day, s in told
        ]
    )
    return [f"Tết năm {at.year} vào ngày {new_year:%d/%m}{shift}, nên {moved}."]


def _year_end(indicator: Indicator, at: Position) -> str:
    span = f"nhiều khả năng từ {number(at.low80, indicator.decimals)} đến {number(at.high80, indicator.decimals)}"
    whole = f"cả năm {_amount(at.expected, indicator, at.unit)} ({span})"
    if indicator.aggregate == "last":
        return f"Dự kiến cuối năm {_amount(at.expected, indicator, at.unit)} ({span})."
    kind = "bình quân " if indicator.aggregate == "mean" else ""
    if at.done == 0:
        return f"Dự kiến {kind}{whole}."
    left = f"{at.left} {PERIOD[at.frequency]} còn lại"
    return f"Dự kiến {left} {kind}{_amount(at.remaining, indicator, at.unit)}, {kind}{whole}."


def _plan(indicator: Indicator, at: Position) -> list[str]:
    assert at.target is not None  # noqa: S101 - asked only then
    plan, up = _amount(at.target, indicator, at.unit), indicator.direction == "up"
    goal = "đạt" if up else "không vượt"
    return [f"Khả năng {goal} kế hoạch {plan}: {_odds(at.probability or 0.0)}.", *_needed(indicator, at, up)]


def _odds(probability: float) -> str:
    if probability < _CERTAIN:
        return "dưới 1 %"
    return "trên 99 %" if probability > 1 - _CERTAIN else percent(probability, 0)


def _needed(indicator: Indicator, at: Position, up: bool) -> list[str]:
    if at.needed is None or at.left == 0 or indicator.aggregate == "last":
        return []
    name = PERIOD[at.frequency]
    if at.needed <= 0 and (indicator.low or 0.0) >= 0:
        return ["Kế hoạch năm đã đạt."] if up else ["Đã vượt mức kế hoạch cả năm."]
    each = f"mỗi {name} còn lại cần bình quân" if up else f"mỗi {name} còn lại bình quân không quá"
    text = f"Muốn {'đạt' if up else 'không vượt'} kế hoạch, {each} {_amount(at.needed, indicator, at.unit)}"
    if at.per_period > 0:
        gap = at.needed / at.per_period - 1
        same = abs(gap) < _SAME
        text += (
            ", ngang mức dự kiến" if same else f", {'cao' if gap > 0 else 'thấp'} hơn mức dự kiến {percent(abs(gap))}"
        )
    return [text + "."]
