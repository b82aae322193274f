"""Indicators: complete, plausible against plan, season, Tết and pandemic, published on time, revised now and then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from ioc.catalog.model import Catalog
from ioc.records import IndicatorValue
from simulator.files import File
from simulator.indicators import DAILY, SOURCE
from simulator.world import World
from tests.simulator.conftest import Parsed


@pytest.fixture(scope="module")
def values(world: World, parsed: Parsed, origin: datetime) -> dict[str, dict[date, float]]:
    return by_indicator(world.indicators.history(origin), parsed)


def by_indicator(files: list[File], parsed: Parsed) -> dict[str, dict[date, float]]:
    found: dict[str, dict[date, float]] = {}
    for file in files:
        for record in parsed(SOURCE, file.content, file.name, file.at):
            assert isinstance(record, IndicatorValue)
            assert record.area == "38"
            found.setdefault(record.indicator, {})[record.period] = record.value
    return found


def year(values: dict[date, float], year_: int) -> float:
    return sum(v for day, v in values.items() if day.year == year_)


def test_every_indicator_is_complete(values: dict[str, dict[date, float]], catalog: Catalog) -> None:
    assert set(values) == set(catalog.indicators)
    for indicator in catalog.indicators.values():
        periods = sorted(values[indicator.id])
        if indicator.frequency == "M":
            assert periods == [date(y, m, 1) for y in range(2019, 2027) for m in range(1, 13)][:94]
        else:
            assert periods[-1] == date(2026, 11, 24)
            assert periods == [periods[0] + timedelta(days=n) for n in range(len(periods))]
            assert 720 < len(periods) < 770
        if indicator.low is not None:
            assert min(values[indicator.id].values()) >= indicator.low


def test_a_month_is_told_the_morning_after_its_last_day(world: World, parsed: Parsed) -> None:
    at_night = datetime(2026, 10, 31, 20, tzinfo=UTC)  # 03:00 on 1 November
    assert max(by_indicator(world.indicators.history(at_night), parsed)["iip"]) == date(2026, 9, 1)
    in_the_morning = at_night + timedelta(hours=4)
    assert max(by_indicator(world.indicators.history(in_the_morning), parsed)["iip"]) == date(2026, 10, 1)


def test_against_the_plan_some_are_well_some_are_not(values: dict[str, dict[date, float]], catalog: Catalog) -> None:
    reached = {}
    for indicator in catalog.indicators.values():
        if indicator.frequency == "M":
            total = year(values[indicator.id], 2025) / (12 if indicator.aggregate == "mean" else 1)
            reached[indicator.id] = total / indicator.targets["2025"]
    assert all(0.75 < share < 1.2 for share in reached.values()), reached
    assert reached["thu-ngan-sach"] > 1.02
    assert reached["giai-ngan-dau-tu-cong"] < 0.92
    assert reached["tai-nan-giao-thong"] > 1.0  # fewer would be better
    assert abs(reached["iip"] - 1) < 0.03


def test_the_pandemic_the_summer_and_the_end_of_the_year_show(values: dict[str, dict[date, float]]) -> None:
    visitors = values["khach-du-lich"]
    assert visitors[date(2021, 8, 1)] < 0.2 * visitors[date(2022, 8, 1)]
    assert visitors[date(2025, 6, 1)] > 3 * visitors[date(2025, 11, 1)]
    invested = values["giai-ngan-dau-tu-cong"]
    assert invested[date(2025, 12, 1)] > 3 * invested[date(2025, 1, 1)]
    assert year(values["ban-le"], 2025) > 1.5 * year(values["ban-le"], 2020)


def test_exports_fall_in_the_month_of_tet(values: dict[str, dict[date, float]]) -> None:
    exports = values["xuat-khau"]
    tet_in_january, tet_in_february = (date(2023, 1, 1), date(2020, 1, 1), date(2025, 1, 1)), (2021, 2022, 2024, 2026)
    share_january = [exports[m] / exports[m.replace(month=2)] for m in tet_in_january]
    share_february = [exports[date(y, 1, 1)] / exports[date(y, 2, 1)] for y in tet_in_february]
    assert max(share_january) < min(share_february)


def test_the_daily_indicator_is_the_number_of_dossiers(values: dict[str, dict[date, float]], world: World) -> None:
    for day in (date(2025, 2, 3), date(2026, 11, 10), date(2026, 11, 22)):
        assert values[DAILY][day] == world.dossiers.received(day)
    steps = world.dossiers.between(datetime(2026, 11, 9, 17, tzinfo=UTC), datetime(2026, 11, 10, 17, tzinfo=UTC))
    assert values[DAILY][date(2026, 11, 10)] == sum(s.status == 1 for s in steps)


def test_publication_goes_on_where_the_history_ends(world: World, parsed: Parsed, origin: datetime) -> None:
    later = origin + timedelta(days=70)
    files = world.indicators.between(origin, later)
    told = by_indicator(world.indicators.history(origin), parsed)
    for indicator, new in by_indicator(files, parsed).items():
        told[indicator] |= new
    assert told == _grown(by_indicator(world.indicators.history(later), parsed), told)
    assert sum(f.name.startswith("chi-tieu-thang") for f in files) == 3  # November, December, January
    assert sum(f.name.startswith("ho-so-tiep-nhan") for f in files) == 70


def _grown(
    at_once: dict[str, dict[date, float]], step_by_step: dict[str, dict[date, float]]
) -> dict[str, dict[date, float]]:
    """What one export at the later date holds, with the oldest days that only the earlier export had."""
    return {i: {d: v for d, v in step_by_step[i].items() if d < min(at_once[i])} | at_once[i] for i in step_by_step}


def test_some_months_are_revised_a_little(world: World, parsed: Parsed, catalog: Catalog) -> None:
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    files = world.indicators.between(begin, begin + timedelta(days=365))
    revisions = [f for f in files if f.name.startswith("dieu-chinh")]
    assert 6 <= len(revisions) <= 12
    first = by_indicator([f for f in files if f.name.startswith("chi-tieu-thang")], parsed)
    changed = 0
    for file in revisions:
        for indicator, new in by_indicator([file], parsed).items():
            for month, value in new.items():
                if month in first[indicator]:
                    changed += value != first[indicator][month]
                    assert value == pytest.approx(first[indicator][month], rel=0.03, abs=2)
    assert changed > 10


def test_windows_add_up(world: World) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    end = begin + timedelta(days=45)
    cuts = [begin + timedelta(hours=h) for h in range(0, 45 * 24, 7)] + [end]
    parts = [f for a, b in pairwise(cuts) for f in world.indicators.between(a, b)]
    assert parts == world.indicators.between(begin, end)
