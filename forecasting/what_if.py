"""What if a lever moved: the forecast as it was issued, moved by the lever's measured effect, wider by what is not known of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.history import History
from forecasting.intervals import LEVELS
from forecasting.levers import LEAST, Effect, effects
from forecasting.scale import Scale
from forecasting.series import Floats
from ioc.catalog.model import Indicator, Lever
from ioc.errors import ConfigurationError

_SETTING = re.compile(r"(?P<sign>[+-]?)(?P<number>\d+(?:\.\d+)?)(?P<percent>%?)")
_MOST = 10.0  # times: a lever that is set beyond is a slip of the keyboard
_COMMON = 0.1  # the change by which an effect is told


@dataclass(frozen=True, eq=False)
class Ahead:
    """Forecasts as they were issued, float arrays (horizon,) in units.

    Attributes:
        days: first days of the periods.
        low, high: ends of the intervals by level.
    """

    days: Sequence[date]
    value: Floats
    low: Mapping[float, Floats]
    high: Mapping[float, Floats]


@dataclass(frozen=True, eq=False)
class Known:
    """All that a question about one indicator needs.

    Attributes:
        past: what a model learns from.
        ahead: its forecasts, as published.
        base: what the year has reached, for one that counts up within it; otherwise nothing.
        levers: by id, the catalogue's entry, the lever's past and its forecasts.
    """

    indicator: Indicator
    past: History
    ahead: Ahead
    base: float
    levers: Mapping[str, tuple[Lever, Indicator, History, Ahead | None]]


@dataclass(frozen=True, eq=False)
class Answer:
    """The band before and after.

    Attributes:
        effects: of the levers that were set, by id; empty where the past is too short to tell.
        beyond: levers that were moved farther than their past ever was.
    """

    known: Known
    before: Ahead
    after: Ahead
    effects: Mapping[str, Effect]
    beyond: Sequence[str]

    @property
    def year(self) -> tuple[float, float]:
        """What the forecasts of the first year come to before and after: a sum, a mean, or the last value."""
        this = [n for n, day in enumerate(self.before.days) if day.year == self.before.days[0].year]
        indicator = self.known.indicator
        before, after = self.before.value[this], self.after.value[this]
        if indicator.cumulative or indicator.aggregate == "last":
            return float(before[-1]), float(after[-1])
        together = np.sum if indicator.aggregate == "sum" else np.mean
        return float(together(before)), float(together(after))


@dataclass(frozen=True)
class Setting:
    """A lever's wanted value: a change in per cent of its own forecast, or a value for every period."""

    number: float
    relative: bool


def setting(text: str) -> Setting:
    """``+10%``, ``-5%`` or ``1500``.

    Raises:
        ConfigurationError: anything else.
    """
    found = _SETTING.fullmatch(text.strip().replace(",", "."))
    if found is None or (found["sign"] and not found["percent"]):
        raise ConfigurationError(f"{text!r} is no setting: write +10%, -5% or a value such as 1500")
    number = float(f"{found['sign']}{found['number']}")
    if found["percent"] and not -100 < number <= 100 * _MOST:
        raise ConfigurationError(f"{text!r}: a change lies above -100% and is at most +{100 * _MOST:.0f}%")
    return Setting(number / 100 if found["percent"] else number, bool(found["percent"]))


def answer(known: Known, settings: Mapping[str, Setting]) -> Answer:
    """Move the levers.

    All levers of the indicator are estimated together, so that one is not credited with what another did.

    Raises:
        ConfigurationError: a lever that the indicator does not have, or a value that the lever cannot have.
    """
    demand(settings, known.indicator)
    names = list(known.levers)
    found = effects(known.past, [(known.levers[n][2], known.levers[n][0].lag) for n in names])
    if found is None:
        return Answer(known, known.ahead, known.ahead, {}, [])
    every = dict(zip(names, found, strict=True))
    changes = {name: _change(known, name, settings[name]) for name in settings}
    beyond = [name for name in settings if np.abs(changes[name]).max(initial=0.0) > every[name].widest]
    told = {name: every[name] for name in settings}
    return Answer(known, known.ahead, _moved(known, told, changes), told, beyond)


def demand(settings: Mapping[str, Setting], indicator: Indicator) -> None:
    """Check that what is set can be set.

    Raises:
        ConfigurationError: nothing is set, or something that is no lever of the indicator.
    """
    there = [lever.indicator for lever in indicator.levers]
    if not settings:
        raise ConfigurationError(f"nothing is set; levers of {indicator.id}: {', '.join(there)}")
    for name in settings:
        if name not in there:
            raise ConfigurationError(f"{name!r} is no lever of {indicator.id}; there are: {', '.join(there)}")


def _change(known: Known, name: str, wanted: Setting) -> Floats:
    """What happens to a lever on its modelling scale, lag included, float array (horizon,) over the indicator's periods."""
    lever, _, past, ahead = known.levers[name]
    horizon, scale = len(known.ahead.days), past.scale
    begin = known.past.end - past.end  # the lever's own periods may have come farther, or not so far
    if ahead is None or not len(ahead.value):
        raise ConfigurationError(
            f"the lever {name!r} has no forecast to be moved from; run `ioc forecast --indicator {name}`"
        )
    usual = np.concatenate([ahead.value, np.full(max(horizon + begin - len(ahead.value), 0), ahead.value[-1])])
    new = usual * (1 + wanted.number) if wanted.relative else np.full(len(usual), wanted.number)
    if scale.name in {"log", "log1p"} and (new <= 0).any():
        raise ConfigurationError(f"{name}: must be above 0")
    with np.errstate(divide="ignore"):
        moved = np.nan_to_num(scale.forward(new) - scale.forward(np.maximum(usual, 1e-12)))
    found = np.zeros(horizon)
    first = max(lever.lag - begin, 0)  # only what has not come yet can be moved
    for n in range(first, horizon):
        found[n] = moved[min(n + begin - lever.lag, len(moved) - 1)]
    return found


def _moved(known: Known, told: Mapping[str, Effect], changes: Mapping[str, Floats]) -> Ahead:
    before, scale = known.ahead, known.past.scale
    each = apart(before.days, before.value, known.base) if known.indicator.cumulative else before.value
    z = scale.forward(np.maximum(each, 1e-12) if scale.name != "raw" else each)
    shift = np.sum([e.slope * changes[n] for n, e in told.items()], axis=0)
    spread = np.sqrt(np.sum([np.square(e.sd * changes[n]) for n, e in told.items()], axis=0))
    freedom = min((e.freedom for e in told.values()), default=1.0)
    centre = _together(known, _back(scale, z + shift) - _back(scale, z))
    low, high = {}, {}
    for p in LEVELS:
        reach = spread * _t((1 + p) / 2, freedom)
        up = _together(known, _back(scale, z + shift + reach) - _back(scale, z)) - centre
        down = centre - _together(known, _back(scale, z + shift - reach) - _back(scale, z))
        low[p] = scale.clip(before.value + centre - np.hypot(before.value - before.low[p], down))
        high[p] = scale.clip(before.value + centre + np.hypot(before.high[p] - before.value, up))
    return Ahead(before.days, scale.clip(before.value + centre), low, high)


def _back(scale: Scale, z: Floats) -> Floats:
    return Scale(scale.name).back(z)


def _t(p: float, freedom: float) -> float:
    from scipy import stats

    return float(stats.t.ppf(p, freedom))


def apart(days: Sequence[date], values: Floats, base: float) -> Floats:
    """What each period adds, of values that count up within a year from `base`."""
    years = np.array([day.year for day in days])
    before = np.concatenate([[base], values[:-1]])
    new_year = np.concatenate([[False], np.diff(years) > 0])
    return np.where(new_year, values, values - before)


def _together(known: Known, shifts: Floats) -> Floats:
    """Shifts of periods as shifts of what is published."""
    if not known.indicator.cumulative:
        return shifts
    years = np.array([day.year for day in known.ahead.days])
    found = np.empty_like(shifts)
    for year in np.unique(years):
        found[years == year] = np.cumsum(shifts[years == year])
    return found


def sentences(found: Answer) -> list[str]:
    """What the past says of each lever, and where the year goes, in plain Vietnamese."""
    from forecasting.wording import number, percent

    indicator, levers = found.known.indicator, found.known.levers
    if not found.effects:
        return [f"Chưa đủ số liệu chung để đo tác động: cần ít nhất {LEAST} kỳ sau khi trừ mùa vụ."]
    told = []
    for name, effect in found.effects.items():
        ends = [_common(found.known, name, effect.quantile(p)) for p in (0.025, 0.5, 0.975)]
        about = f"{levers[name][1].name} tăng {percent(_COMMON, 0)}"
        span = f"từ {percent(ends[0])} đến {percent(ends[2])}"
        if effect.measurable:
            told.append(f"Trong quá khứ, {about} thì {indicator.name} thay đổi khoảng {percent(ends[1])} ({span}).")
        else:
            told.append(
                f"Chưa đo được tác động của {levers[name][1].name}: {about} thì thay đổi {span}, có thể bằng không."
            )
        if name in found.beyond:
            told.append("Mức đặt ra vượt mọi biến động từng có của yếu tố này, nên kết quả chỉ để tham khảo.")
    before, after = found.year
    share = f" ({percent(after / before - 1)})" if before > 0 else ""
    told.append(
        f"Dự báo các kỳ tới của năm {found.before.days[0].year}: từ {number(before, indicator.decimals)} thành "
        f"{number(after, indicator.decimals)} {indicator.unit}{share}."
    )
    return [*told, "Đây là liên hệ trong quá khứ, không chắc là nguyên nhân."]


def _common(known: Known, name: str, slope: float) -> float:
    """The relative change of the indicator when the lever rises by a tenth."""
    lever = known.levers[name][2]
    change = float(np.log1p(_COMMON)) if lever.scale.relative else _COMMON * float(np.abs(lever.filled).mean())
    if known.past.scale.relative:
        return float(np.expm1(slope * change))
    return slope * change / max(float(np.abs(known.past.filled).mean()), 1e-9)
