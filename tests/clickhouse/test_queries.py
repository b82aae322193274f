"""Named queries: parameters keep their milliseconds and quotes; the warm-up of a detector."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clickhouse.client import connect
from clickhouse.queries import query
from clickhouse.sink import Store
from ioc.errors import ConfigurationError, QueryFailed
from tests.clickhouse.samples import START, sample, table_of

MS = timedelta(milliseconds=1)
ONE, OTHER = ("nguồn", "trạm 'một'", "pm25"), ("nguồn", "trạm hai", "pm25")


@pytest.fixture(scope="module")
def readings(shared_store_settings):
    """Two series of twenty minutes, with a duplicate, a revision, a fault and a gap."""
    store = Store(shared_store_settings)

    def reading(series, n, **fields):
        source, station, metric = series
        number = 1000 * (series == OTHER) + n
        known = {"source": source, "station": station, "metric": metric, "observed_at": START + n * 60_000 * MS, "value": float(n), "status": "ok", "received_at": START}  # fmt: skip
        return sample("readings", number, **(known | fields))

    rows = [reading(series, n) for series in (ONE, OTHER) for n in range(20)]
    late = START + timedelta(hours=1)
    odd = [
        reading(ONE, 3, value=33.0, received_at=late),
        reading(ONE, 4, status="fault", received_at=late),
        reading(ONE, 5, value=None, received_at=late),
    ]
    for some in (rows, rows, odd):
        store.insert("readings", table_of(some))
    return shared_store_settings


def tail(settings, series=(ONE, OTHER), after=START - MS, before=START + 60_000 * MS * 100, points=100):
    bounded = [(*key, milliseconds(after), milliseconds(before)) for key in series]
    return query(connect(settings), "series_tail", {"series": bounded, "points": points})


def milliseconds(moment):
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // MS


def test_readings_come_once_usable_and_in_order(readings):
    found = tail(readings, series=[ONE])
    assert found.column_names == ["source", "station", "metric", "observed_at", "value"]
    assert found["value"].to_pylist() == [0.0, 1.0, 2.0, 33.0, *map(float, range(6, 20))]
    assert found["observed_at"].to_pylist()[0] == START
    assert found["observed_at"].to_pylist() == sorted(found["observed_at"].to_pylist())


def test_the_last_points_of_each_series(readings):
    found = tail(readings, points=3)
    assert found["value"].to_pylist() == [17.0, 18.0, 19.0] * 2
    assert found["station"].to_pylist() == [ONE[1]] * 3 + [OTHER[1]] * 3


def test_bounds_are_exact_to_the_millisecond(readings):
    at = START + 60_000 * MS * 7
    assert tail(readings, series=[ONE], before=at, points=1)["value"].to_pylist() == [6.0]
    assert tail(readings, series=[ONE], before=at + MS, points=1)["value"].to_pylist() == [7.0]
    assert tail(readings, series=[ONE], after=at, before=at + 120_001 * MS)["value"].to_pylist() == [8.0, 9.0]
    assert tail(readings, series=[ONE], after=at - MS, before=at + 120_000 * MS)["value"].to_pylist() == [7.0, 8.0]


def test_each_series_has_its_own_bounds(readings):
    at = [milliseconds(START + 60_000 * MS * n) for n in range(20)]
    params = {"series": [(*ONE, at[1], at[7]), (*OTHER, at[16], at[19])], "points": 2}
    found = query(connect(readings), "series_tail", params)
    assert list(zip(found["station"].to_pylist(), found["value"].to_pylist(), strict=True)) == [
        (ONE[1], 33.0), (ONE[1], 6.0), (OTHER[1], 17.0), (OTHER[1], 18.0),
    ]  # fmt: skip


def test_times_are_exact_to_the_millisecond_in_any_zone(readings):
    at = START + 60_000 * MS * 7
    Store(readings).insert("anomalies", table_of([sample("anomalies", source="một", observed_at=at)]))
    hanoi = at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    for since, rows in ((hanoi, 1), (hanoi + MS, 0)):
        assert query(connect(readings), "anomaly_points", {"source": "một", "since": since}).num_rows == rows


def test_unknown_series_and_none_at_all(readings):
    assert tail(readings, series=[("a", "b", "c")]).num_rows == 0
    assert tail(readings, series=[]).num_rows == 0


def test_very_many_series(readings):
    many = [("nguồn", f"trạm số {n}", "một thông số có tên dài") for n in range(20_000)]
    assert tail(readings, series=[*many, ONE], points=1).num_rows == 1


def test_a_query_that_is_not_there(readings):
    with pytest.raises(ConfigurationError, match="no_such"):
        query(connect(readings), "no_such")


def test_a_parameter_that_is_missing(readings):
    with pytest.raises(QueryFailed) as failed:
        query(connect(readings), "series_tail", {"points": 1})
    assert failed.value.code == 456
