"""Forecasts as they would have been issued in past months, made afterwards: trust need not wait a year for its numbers.

Each is made from the periods that were over at its moment, by today's models and from today's revision of the values,
and carries a mark, so that nobody takes it for one that was really issued. For series that were forecast in earnest
at that time already there is none.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from forecasting.changed import Task, tasks
from forecasting.job import outcomes
from forecasting.periods import first_day, ordinal
from forecasting.predict import VERSION
from forecasting.series import NEED, Key, Value
from forecasting.stored import Query
from ioc.catalog.model import Catalog
from ioc.records import Forecast

MARK = "+past"  # behind the model's name and version

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_MORNING = time(8)


@dataclass(frozen=True)
class Issues:
    """When a series was forecast.

    Attributes:
        first: in earnest; None if never.
        replayed: the moments for which this version has made forecasts afterwards.
    """

    first: datetime | None
    replayed: frozenset[datetime]

    def lack(self, moment: datetime) -> bool:
        """Whether the series has no forecast of that time and none in earnest before it."""
        return moment not in self.replayed and (self.first is None or moment < self.first)


NEVER = Issues(None, frozenset())


def moments(now: datetime, months: int) -> list[datetime]:
    """Eight in the morning of the first day of the last months, latest first; aware, in UTC."""
    this = ordinal(now.astimezone(_ZONE).date(), "M")
    days = [first_day(this - back, "M") for back in range(months)]
    found = [datetime.combine(day, _MORNING, _ZONE).astimezone(UTC) for day in days]
    return [moment for moment in found if moment < now]


def read_issues(query: Query, indicator: str = "") -> dict[Key, Issues]:
    """What has been issued of each series.

    Raises:
        StoreUnavailable: ClickHouse does not answer now.
    """
    rows = query("forecasts_issued", {"indicator": indicator, "mark": f"@{VERSION}{MARK}", "any": MARK}).to_pylist()
    return {
        (row["indicator"], row["area"]): Issues(
            row["first"].replace(tzinfo=UTC) if row["earnest"] else None,
            frozenset(moment.replace(tzinfo=UTC) for moment in row["replayed"]),
        )
        for row in rows
    }


def tasks_at(
    moment: datetime, values: Sequence[Value], catalog: Catalog, issues: Mapping[Key, Issues], only: str | None = None
) -> list[Task]:
    """The series that lack a forecast of a moment and had enough history by then.

    Args:
        moment: aware.
        values: of all times; what was not over at the moment is not looked at.
        catalog: what is known of the indicators.
        issues: of `read_issues`.
        only: one indicator.
    """
    return [
        task
        for task in tasks(values, {}, catalog, moment, only)
        if issues.get(task.key, NEVER).lack(moment) and task.series.observed >= NEED[task.series.frequency]
    ]


def replayed(
    found: Sequence[Task], moment: datetime, now: datetime, workers: int = 1
) -> Generator[list[Forecast], None, None]:
    """The forecasts of each task as of a moment; none of a series that cannot be forecast.

    Args:
        found: of `tasks_at`.
        moment: when they would have been issued.
        now: when they are made.
        workers: processes at most.
    """
    for outcome in outcomes(found, moment, workers, apart=True):
        yield [
            msgspec.structs.replace(forecast, received_at=now, model=forecast.model + MARK)
            for forecast in outcome.forecasts
            if not outcome.error
        ]
