"""Socio-economic indicators: monthly values with trend, season, Tết and the pandemic, and the daily count of dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ioc.catalog.model import Indicator
from simulator.chance import between, pick, uniform, white
from simulator.files import File
from simulator.province import Province
from simulator.workdays import ZONE, tet_days

SOURCE = "indicators"
FIRST_MONTH = date(2019, 1, 1)
DAILY = "ho-so-tiep-nhan"
_DAILY_YEARS = 2
_RELEASE_HOUR, _REVISION_DAY, _REVISED = 6, 10, 0.35
_TET_REACH = 8  # days before and after the first day of Tết
_PANDEMIC = {(2020, 4): 1.0, (2020, 5): 0.4, (2021, 7): 0.6, (2021, 8): 1.0, (2021, 9): 0.9, (2021, 10): 0.4}
_FLAT = (1.0,) * 12


@dataclass(frozen=True)
class Habit:
    """How a monthly indicator goes.

    Attributes:
        reach: the year's value as a share of its plan.
        growth: a year, for years without a plan.
        months: shape of the year from January.
        tet: relative change in a month that holds all days around Tết.
        pandemic: relative loss in the worst month of the pandemic.
        spread: standard deviation of the noise, relative.
    """

    reach: float = 1.0
    growth: float = 0.05
    months: tuple[float, ...] = _FLAT
    tet: float = 0.0
    pandemic: float = 0.0
    spread: float = 0.03


HABITS = {
    "thu-ngan-sach": Habit(1.06, 0.09, (1.35, 0.78, 0.92, 1.0, 0.9, 0.92, 1.02, 0.9, 0.92, 1.02, 1.0, 1.27), -0.2, 0.2, 0.05),
    "giai-ngan-dau-tu-cong": Habit(
        0.87, 0.08, (0.35, 0.4, 0.65, 0.8, 0.9, 1.05, 1.0, 1.05, 1.1, 1.2, 1.45, 2.05), -0.35, 0.15, 0.07
    ),
    "iip": Habit(0.997, 0.0, _FLAT, -0.05, 0.13, 0.02),
    "ban-le": Habit(1.012, 0.11, (1.08, 0.98, 0.95, 0.96, 0.98, 1.0, 1.01, 1.0, 0.98, 1.0, 1.01, 1.05), 0.08, 0.3, 0.02),
    "xuat-khau": Habit(0.985, 0.08, (1.0, 0.85, 0.98, 0.97, 1.0, 1.02, 1.04, 1.05, 1.01, 1.02, 1.02, 1.04), -0.2, 0.22, 0.05),
    "khach-du-lich": Habit(
        1.05, 0.1, (0.45, 0.55, 0.5, 1.0, 1.75, 2.1, 2.0, 1.5, 0.75, 0.5, 0.45, 0.45), 0.35, 0.92, 0.06
    ),
    "tai-nan-giao-thong": Habit(1.06, -0.05, (1.15, 1.05, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 1.0, 1.05, 1.1), 0.25, 0.4, 0.1),
}  # fmt: skip


class Indicators:
    """All indicators of a province that the simulation knows how to make.

    Args:
        province: whose.
        dossiers_on: dossiers received on a day, so that the daily indicator and the dossiers agree.
    """

    def __init__(self, province: Province, dossiers_on: Callable[[date], int]) -> None:
        self._province, self._dossiers_on = province, dossiers_on
        known = province.catalog.indicators
        self._monthly = [i for i in known.values() if i.frequency == "M"]
        self._daily = known.get(DAILY)
        self._area = next((a.code for a in province.catalog.areas if a.level == "province"), "")

    def history(self, now: datetime) -> list[File]:
        """What the first start brings: all months that are complete, two years of days, as published until now."""
        files: list[File] = []
        today = now.astimezone(ZONE).date()
        months = [m for m in _months(FIRST_MONTH, today) if _published(m) <= now]
        rows = [self._row(i, m, self.value(i, m, now)) for i in self._monthly for m in months]
        if rows:
            name = f"chi-tieu-thang_{months[0]:%Y-%m}_{months[-1]:%Y-%m}.csv"
            files.append(_file(now, name, rows))
        first = date(today.year - _DAILY_YEARS, today.month, 1)
        days = [first + timedelta(days=n) for n in range((today - first).days)]
        days = [day for day in days if _morning(day + timedelta(days=1)) <= now]
        if self._daily and days:
            rows = [self._row(self._daily, day, self._dossiers_on(day)) for day in days]
            files.append(_file(now, f"ho-so-tiep-nhan_{days[0]}_{days[-1]}.csv", rows))
        return files

    def between(self, after: datetime, until: datetime) -> list[File]:
        """Files published in (after, until]: yesterday's count, the month before, and some revisions of the one before."""
        files: list[File] = []
        day = after.astimezone(ZONE).date()
        while day <= until.astimezone(ZONE).date():
            at = _morning(day)
            if after < at <= until:
                files += self._on(day, at)
            day += timedelta(days=1)
        return files

    def _on(self, day: date, at: datetime) -> Iterator[File]:
        yesterday = day - timedelta(days=1)
        if self._daily:
            row = self._row(self._daily, yesterday, self._dossiers_on(yesterday))
            yield _file(at, f"ho-so-tiep-nhan_{yesterday}.csv", [row])
        if day.day == 1 and self._monthly:
            month = yesterday.replace(day=1)
            rows = [self._row(i, month, self.value(i, month, at)) for i in self._monthly]
            yield _file(at, f"chi-tieu-thang_{month:%Y-%m}.csv", rows)
        if day.day == _REVISION_DAY:
            month = (day.replace(day=1) - timedelta(days=32)).replace(day=1)
            revised = [i for i in self._monthly if self._revision(i, month) != 1.0]
            if rows := [self._row(i, month, self.value(i, month, at)) for i in revised]:
                yield _file(at, f"dieu-chinh_{month:%Y-%m}.csv", rows)

    def value(self, indicator: Indicator, month: date, known_at: datetime) -> float:
        """The value of a month as known at some time: revised or not yet.

        Args:
            indicator: a monthly one.
            month: its first day.
            known_at: aware.

        Returns:
            In the indicator's unit, with its decimals.
        """
        habit = HABITS.get(indicator.id, Habit())
        seed = self._province.seed
        shape = habit.months[month.month - 1] * 12.0 / sum(habit.months)
        tet, pandemic = _tet_share(month), _PANDEMIC.get((month.year, month.month), 0.0)
        effects = (1.0 + habit.tet * tet) * (1.0 - habit.pandemic * pandemic)
        noise = habit.spread * float(white((seed, indicator.id), month.year * 12 + month.month, 1)[0])
        value = self._level(indicator, month.year, habit) * shape * effects * (1.0 + noise)
        if known_at >= _revised(month):
            value *= self._revision(indicator, month)
        low = value if indicator.low is None else max(value, indicator.low)
        return round(low if indicator.high is None else min(low, indicator.high), indicator.decimals)

    def _level(self, indicator: Indicator, year: int, habit: Habit) -> float:
        """The level of a month of the year, from its plan or the nearest year's."""
        plans = {int(y): target for y, target in indicator.targets.items()}
        if not plans:
            return 100.0
        nearest = min(plans, key=lambda y: (abs(y - year), y))
        wobble = 1.0 + 0.01 * between(-1, 1, self._province.seed, indicator.id, year)
        total = plans[nearest] * habit.reach * wobble * (1.0 + habit.growth) ** (year - nearest)
        return total / 12.0 if indicator.aggregate == "sum" else total

    def _revision(self, indicator: Indicator, month: date) -> float:
        chance = (self._province.seed, indicator.id, month, "revision")
        if uniform(*chance) >= _REVISED:
            return 1.0
        return 1.0 + pick((-1, 1), *chance, "sign") * between(0.004, 0.018, *chance, "size")

    def _row(self, indicator: Indicator, period: date, value: float) -> str:
        shown = f"{period:%Y-%m}" if indicator.frequency == "M" else f"{period}"
        figure = f"{value:.{indicator.decimals}f}"
        return f"{indicator.id},{self._area},{indicator.frequency},{shown},{figure},{indicator.unit}"


def _file(at: datetime, name: str, rows: list[str]) -> File:
    text = "\n".join(["indicator,area,frequency,period,value,unit", *rows, ""])
    return File(at, SOURCE, name, text.encode())


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = (first + timedelta(days=32)).replace(day=1)


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, _RELEASE_HOUR, tzinfo=ZONE)


def _published(month: date) -> datetime:
    """A month is complete with its last day, and published the morning after."""
    return _morning((month + timedelta(days=32)).replace(day=1))


def _revised(month: date) -> datetime:
    """Revisions come on the tenth of the second month after."""
    after = ((month + timedelta(days=32)).replace(day=1) + timedelta(days=32)).replace(day=_REVISION_DAY)
    return _morning(after)


def _tet_share(month: date) -> float:
    """The share of the days around Tết that lie in a month."""
    reach = range(-_TET_REACH, _TET_REACH + 1)
    near = [tet for tet in tet_days() if abs(tet.year - month.year) <= 1]
    days = [tet + timedelta(days=n) for tet in near for n in reach]
    return sum((d.year, d.month) == (month.year, month.month) for d in days) / len(reach)
