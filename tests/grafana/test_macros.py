"""Macros expand as the plugin's backend does it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grafana.preview.macros import INTERVALS_S, LONGEST, POINTS, Span, expand, milliseconds, moment, span

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("now", NOW),
        ("now-24h", NOW - timedelta(hours=24)),
        ("now+1y", NOW + timedelta(days=365)),
        ("now-7d", NOW - timedelta(days=7)),
        ("now-5m", NOW - timedelta(minutes=5)),
        ("now-2M", NOW - timedelta(days=60)),
        ("1764036000000", datetime(2025, 11, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_moment(text, wanted):
    assert moment(text, NOW) == wanted


@pytest.mark.parametrize(
    "text", ["", "hôm nay", "now-", "now/d", "now-1x", "-1", "now-1h; DROP TABLE x", "1e9", "now-1234567d"]
)
def test_what_is_no_moment(text):
    with pytest.raises(ValueError, match="not a time"):
        moment(text, NOW)


@pytest.mark.parametrize(
    ("start", "end"),
    [("now", "now"), ("now", "now-1h"), ("now-21y", "now"), ("99999999999999", "now"), ("now-999999y", "now")],
)
def test_what_is_no_range(start, end):
    with pytest.raises(ValueError, match="range|not a time"):
        span(start, end, NOW)


def test_expand():
    over = Span(NOW - timedelta(hours=24), NOW)
    sql = "SELECT $__timeInterval(observed_at) AS time FROM t WHERE $__timeFilter(observed_at) AND x > $__fromTime AND x < $__toTime"
    start, end = int(over.start.timestamp()), int(over.end.timestamp())
    assert expand(sql, over) == (
        "SELECT toStartOfInterval(toDateTime(observed_at), INTERVAL 300 second) AS time FROM t "
        f"WHERE (observed_at >= toDateTime({start}) AND observed_at <= toDateTime({end})) "
        f"AND x > toDateTime({start}) AND x < toDateTime({end})"
    )


@pytest.mark.parametrize("sql", ["SELECT $__conditionalAll(a, $b)", "SELECT ${station}", "SELECT $limit"])
def test_macros_that_only_a_browser_expands_are_refused(sql):
    with pytest.raises(ValueError, match="unknown macro"):
        expand(sql, Span(NOW, NOW + timedelta(hours=1)))


@given(st.timedeltas(timedelta(seconds=1), LONGEST))
def test_an_interval_gives_a_chart_enough_points_and_not_too_many(length):
    step = Span(NOW, NOW + length).interval_s
    assert step in INTERVALS_S
    points = length.total_seconds() / step
    assert points <= POINTS or step == INTERVALS_S[-1]


def test_milliseconds():
    assert milliseconds(NOW) == 1_795_572_000_000
