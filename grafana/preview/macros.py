"""Expands the macros of Grafana's ClickHouse plugin as its backend does, so that one SQL text serves both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

POINTS = 300  # points a chart can show: the interval is the range divided by it
LONGEST = timedelta(days=20 * 366)
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "M": 30 * 86400, "y": 365 * 86400}
INTERVALS_S = (1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 3 * 3600, 6 * 3600, 86400, 7 * 86400)


@dataclass(frozen=True)
class Span:
    """A time range, aware UTC."""

    start: datetime
    end: datetime

    @property
    def interval_s(self) -> int:
        """Seconds between two points of a chart over this range."""
        wanted = (self.end - self.start).total_seconds() / POINTS
        return next((step for step in INTERVALS_S if step >= wanted), INTERVALS_S[-1])


def moment(text: str, now: datetime) -> datetime:
    """A point in time in Grafana's words.

    Args:
        text: ``now``, ``now-24h``, ``now+1y`` (s m h d w M y), or milliseconds since 1970.
        now: aware UTC.

    Raises:
        ValueError: anything else.
    """
    if relative := re.fullmatch(r"now(?:([+-]\d{1,6})([smhdwMy]))?", text):
        return now + timedelta(seconds=int(relative[1] or 0) * UNITS[relative[2] or "s"])
    if re.fullmatch(r"\d{1,14}", text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    raise ValueError(f"not a time: {text[:40]!r}")


def span(start: str, end: str, now: datetime) -> Span:
    """The range between two moments.

    Raises:
        ValueError: not times, the wrong way round, or longer than twenty years.
    """
    try:
        wanted = Span(moment(start, now), moment(end, now))
    except (OverflowError, OSError):
        raise ValueError("a time out of range") from None
    if not timedelta(0) < wanted.end - wanted.start <= LONGEST:
        raise ValueError("the range is empty or too long")
    return wanted


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, as the page counts time."""
    return int(moment.timestamp() * 1000)


def expand(sql: str, over: Span) -> str:
    """The SQL that ClickHouse gets.

    Raises:
        ValueError: a macro the plugin's backend would not expand.
    """
    start, end = f"toDateTime({int(over.start.timestamp())})", f"toDateTime({int(over.end.timestamp())})"
    sql = re.sub(r"\$__timeFilter\(([^()]+)\)", rf"(\1 >= {start} AND \1 <= {end})", sql)
    every = f"INTERVAL {over.interval_s} second"
    sql = re.sub(r"\$__timeInterval\(([^()]+)\)", rf"toStartOfInterval(toDateTime(\1), {every})", sql)
    sql = sql.replace("$__fromTime", start).replace("$__toTime", end)
    if left := re.search(r"\$\{?\w+", sql):
        raise ValueError(f"unknown macro {left[0]}")
    return sql
