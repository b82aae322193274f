"""What has changed since last month's forecast, on cases that can be checked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from forecasting import job
from forecasting.since import sentence, since
from forecasting.stored import Before, Target
from ioc.catalog.load import load_catalog
from tests.forecasting.making import NOW, RECEIVED, forecast, indicator, rows, seasonal, series

ISSUED = datetime(2026, 10, 4, 20, tzinfo=UTC)  # the 5th in Vietnam
KNOWN = [100.0] * 9  # January to September 2026


def before(**changes: object) -> Before:
    """Of 5 October: nine months known, three expected at 110."""
    plain = {
        "issued_at": ISSUED,
        "year": 2026,
        "unit": "triệu USD",
        "target": 1200.0,
        "actual": 900.0,
        "expected": 1230.0,
        "periods": {date(2026, m, 1): (110.0, 100.0, 120.0) for m in (10, 11, 12)}
        | {date(2027, 1, 1): (90.0, 80.0, 99.0)},
    }
    return Before(**{**plain, **changes})  # type: ignore[arg-type]


def told(
    values: list[float], expected: float, target: float | None = 1200.0, then: Before | None = None, **changes: object
) -> str:
    one, meant = series(values, date(2026, 1, 1)), indicator(decimals=0, **changes)
    found = since(one, one, meant, 2026, then or before())
    assert found is not None
    return sentence(found, meant, "M", expected, target)


def test_a_value_above_the_band_moves_the_year() -> None:
    assert told([*KNOWN, 150.0], 1290.0) == (
        "So với dự báo ngày 05/10/2026, dự kiến cả năm tăng từ 1.230 lên 1.290 triệu USD (4,9 %): "
        "tháng 10 là 150, cao hơn khoảng dự báo 100 – 120."
    )


def test_values_within_and_below_the_band() -> None:
    text = told([*KNOWN, 112.0, 95.0], 1231.0)
    assert text.endswith(
        "dự kiến cả năm hầu như không đổi: tháng 10 là 112, trong khoảng dự báo; "
        "tháng 11 là 95, thấp hơn khoảng dự báo 100 – 120."
    )


def test_a_revision_and_a_plan() -> None:
    text = told([*KNOWN[:8], 70.0], 1180.0, 1150.0)
    assert text.endswith(
        "giảm từ 1.230 xuống 1.180 triệu USD (4,1 %): số liệu đã công bố được điều chỉnh giảm 30; "
        "kế hoạch năm đổi từ 1.200 thành 1.150."
    )
    assert told(KNOWN, 1230.0, None).endswith("không còn kế hoạch năm 1.200.")
    assert told(KNOWN, 1230.0, 1200.0, before(target=None)).endswith("đã có kế hoạch năm 1.200.")


def test_nothing_new() -> None:
    assert told(KNOWN, 1230.0) == "So với dự báo ngày 05/10/2026, dự kiến cả năm hầu như không đổi."
    assert told(KNOWN, 1300.0).endswith("triệu USD (5,7 %); không có số liệu mới, chỉ tính toán lại.")


def test_many_new_values_are_counted() -> None:
    days = [date(2026, 10, d) for d in range(1, 11)]
    then = before(periods=dict.fromkeys(days, (110.0, 100.0, 120.0)), actual=273 * 100.0)
    one = series([100.0] * 273 + [130.0] * 2 + [110.0] * 7 + [90.0], date(2026, 1, 1), "D")
    found = since(one, one, indicator(), 2026, then)
    assert found is not None
    assert [new.side for new in found.new] == [1, 1, 0, 0, 0, 0, 0, 0, 0, -1]
    text = sentence(found, indicator(), "D", 1230.0, 1200.0)
    assert text.endswith("có thêm số liệu của 10 ngày, trong đó 2 ngày cao hơn và 1 ngày thấp hơn khoảng dự báo.")


@pytest.mark.parametrize(
    ("aggregate", "actual", "revised"), [("mean", 98.0, 2.0), ("last", 101.0, -1.0), ("sum", 900.0, 0.0)]
)
def test_revisions_are_seen_as_the_indicator_adds_up(aggregate: str, actual: float, revised: float) -> None:
    one = series([*KNOWN, 150.0], date(2026, 1, 1))
    found = since(one, one, indicator(aggregate=aggregate), 2026, before(actual=actual))
    assert found is not None
    assert found.revised == pytest.approx(revised)


def test_values_that_count_up_are_compared_as_published_and_revised_as_they_are() -> None:
    each = series([*KNOWN, 150.0], date(2026, 1, 1))
    published = series([100.0 * m for m in range(1, 10)] + [1050.0], date(2026, 1, 1))
    then = before(periods={date(2026, 10, 1): (1010.0, 1000.0, 1020.0)})
    found = since(published, each, indicator(cumulative=True), 2026, then)
    assert found is not None
    assert [(new.value, new.side) for new in found.new] == [(1050.0, 1)]
    assert found.revised == pytest.approx(0.0)


@pytest.mark.parametrize("then", [None, before(year=2025), before(unit="tỷ đồng"), before(periods={})])
def test_what_cannot_be_compared_is_not(then: Before | None) -> None:
    one = series(KNOWN, date(2026, 1, 1))
    assert since(one, one, indicator(), 2026, then) is None


def test_the_job_says_it_and_the_numbers_stay_the_same() -> None:
    catalog = load_catalog(None)
    values = rows(seasonal(82), date(2020, 1, 1))
    plans = {("xuat-khau", "38", 2026): Target(9000.0, RECEIVED)}
    (plain,) = forecast(values, plans, catalog, NOW)
    (task,) = job.tasks(values, plans, catalog, NOW, before={("xuat-khau", "38"): before(target=8600.0)})
    told = job.outcome(task, NOW)
    assert "kế hoạch năm đổi từ 8.600" in told.outlook.explanation  # type: ignore[union-attr]
    assert "So với dự báo ngày" not in plain.outlook.explanation  # type: ignore[union-attr]
    assert msgspec.structs.replace(told.outlook, explanation="") == msgspec.structs.replace(  # type: ignore[type-var]
        plain.outlook,  # type: ignore[type-var]
        explanation="",
    )
