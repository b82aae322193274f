"""Anomalies are found and judged, the latest verdict counts, and precision is counted as said."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from clickhouse.client import connect
from clickhouse.connection import Connection
from clickhouse.sink import Store
from clickhouse.verdicts import (
    LONGEST_NOTE,
    Subject,
    anomaly_named,
    series_named,
    verdict_on,
    verdicts_since,
)
from ioc.errors import BadInput
from ioc.packs import group_by_kind
from ioc.records import Anomaly, Judgement, Record, Verdict, event_id
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of

MONDAY = datetime(2026, 11, 22, 17, tzinfo=UTC)  # midnight in Thanh Hóa
HOUR = timedelta(hours=1)


def anomaly(number: int, **fields: Any) -> Anomaly:
    at = fields.pop("observed_at", MONDAY + number * HOUR)
    fields = {"source": "s", "station": "A", "metric": "pm25", "detector": "seasonal", "received_at": at} | fields
    found = sample("anomalies", number, observed_at=at, **fields)
    assert isinstance(found, Anomaly)
    return found


def on(found: Anomaly, verdict: Judgement, hours: int = 1, by: str = "lan") -> Verdict:
    subject = Subject(
        found.source, found.station, found.metric, found.observed_at, found.agency, found.area, found.event_id, found.detector
    )  # fmt: skip
    return verdict_on(subject, verdict, by=by, now=found.observed_at + hours * HOUR)


def insert(settings: Settings, *records: Record) -> None:
    for kind, group in group_by_kind(records).items():
        Store(settings).insert(kind, table_of(group))


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(settings).query(sql).result_rows]


def wilson(true: int, marked: int, z: float = 1.2815515655446004) -> tuple[float, float]:
    """As Wilson (1927) has it, solved for the bounds: (p - x)² = z² x (1 - x) / n."""
    p, n = true / marked, marked
    a, b, c = 1 + z * z / n, -(2 * p + z * z / n), p * p
    root = math.sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def test_precision_by_source_detector_and_week(store_settings: Settings) -> None:
    told = [anomaly(n) for n in range(12)]
    before, other = anomaly(20, observed_at=MONDAY - HOUR), anomaly(21, detector="shape")
    said = [on(a, "true" if n < 6 else "false") for n, a in enumerate(told[:9])] + [on(told[9], "unsure")]
    insert(store_settings, *told, before, other, *said, on(before, "false"))
    rows = ask(
        store_settings,
        "SELECT detector, week, iso_week, anomalies, true_ones, false_ones, unsure, unmarked, marked, precision, low80, high80"
        " FROM v_anomaly_precision ORDER BY detector, week",
    )
    assert [row[:9] for row in rows] == [
        ("seasonal", date(2026, 11, 16), "2026-W47", 1, 0, 1, 0, 0, 1),
        ("seasonal", date(2026, 11, 23), "2026-W48", 12, 6, 3, 1, 2, 9),
        ("shape", date(2026, 11, 23), "2026-W48", 1, 0, 0, 0, 1, 0),
    ]
    assert rows[0][9:] == pytest.approx((0, *wilson(0, 1)), abs=1e-12)
    assert rows[1][9:] == pytest.approx((6 / 9, *wilson(6, 9)))
    assert rows[2][9:] == (None, None, None)


def test_the_latest_verdict_counts_in_whatever_order_they_come(store_settings: Settings) -> None:
    found = anomaly(1)
    first, second = on(found, "true", 1), on(found, "false", 2, "mai")
    insert(store_settings, found, second)
    insert(store_settings, first, first)
    assert ask(store_settings, "SELECT verdict, verdict_by FROM v_anomalies") == [("false", "mai")]
    assert ask(store_settings, "SELECT verdict, decided_by FROM v_verdicts") == [("false", "mai")]
    assert ask(store_settings, "SELECT count() FROM verdicts FINAL") == [(2,)]
    between = f"{first.decided_at + timedelta(minutes=1):%Y-%m-%d %H:%M:%S}"
    assert ask(store_settings, f"SELECT verdict FROM v_anomalies_at(as_of = '{between}')") == [("true",)]
    assert ask(store_settings, f"SELECT true_ones FROM v_anomaly_precision_at(as_of = '{between}')") == [(1,)]


def test_an_anomaly_nobody_judged_says_so(store_settings: Settings) -> None:
    insert(store_settings, anomaly(1))
    assert ask(store_settings, "SELECT verdict, verdict_by FROM v_anomalies") == [("", "")]


def test_what_is_judged_is_found_by_the_beginning_of_its_name(store_settings: Settings) -> None:
    found = anomaly(1)
    insert(store_settings, found, anomaly(2))
    store = Connection(store_settings)
    subject = anomaly_named(store, found.event_id[:10])
    assert subject == Subject("s", "A", "pm25", found.observed_at, found.agency, found.area, found.event_id, "seasonal")
    for prefix, reason in (("", "no anomaly"), ("x", "no anomaly begins with 'x'")):
        with pytest.raises(BadInput, match=reason):
            anomaly_named(store, prefix)
    twin = structs.replace(found, event_id=found.event_id[:-1] + "_")
    insert(store_settings, twin)
    with pytest.raises(BadInput, match="more than one"):
        anomaly_named(store, found.event_id[:-1])


def test_an_event_is_missed_only_of_a_series_that_there_is(store_settings: Settings) -> None:
    reading = sample("readings", 1, source="s", station="A", metric="pm25", agency="so-nnmt", area="38")
    insert(store_settings, reading)
    store = Connection(store_settings)
    assert series_named(store, "s", "A", "pm25", MONDAY) == Subject("s", "A", "pm25", MONDAY, "so-nnmt", "38")
    with pytest.raises(BadInput, match="nothing was ever received of s/A/so2"):
        series_named(store, "s", "A", "so2", MONDAY)


def test_a_verdict_made_twice_is_one_and_comes_back_as_it_went_in(store_settings: Settings) -> None:
    subject = Subject("s", "A", "pm25", MONDAY, "so-nnmt", "38", event_id("a"), "seasonal")
    one, same = (verdict_on(subject, "false", by=" lan ", now=MONDAY + HOUR, note=" bảo trì ") for _ in range(2))
    missed = verdict_on(Subject("s", "A", "pm25", MONDAY), "missed", by="lan", now=MONDAY + HOUR)
    assert one == same
    assert (one.decided_by, one.note) == ("lan", "bảo trì")
    assert missed.event_id != one.event_id
    insert(store_settings, one, missed)
    insert(store_settings, same)
    found = verdicts_since(Connection(store_settings), MONDAY)
    assert sorted(found, key=lambda v: v.event_id) == sorted([one, missed], key=lambda v: v.event_id)
    assert verdicts_since(Connection(store_settings), MONDAY + 2 * HOUR) == []


@pytest.mark.parametrize(("by", "note", "field"), [("  ", "", "decided_by"), ("lan", "x" * (LONGEST_NOTE + 1), "note")])
def test_what_cannot_be_a_verdict(by: str, note: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        verdict_on(Subject("s", "A", "pm25", MONDAY), "missed", by=by, now=MONDAY, note=note)
    assert refused.value.field == field
