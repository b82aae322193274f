"""Which series to forecast: those whose values, plan or description changed since they were last forecast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from forecasting.areas import above
from forecasting.kinds import described
from forecasting.predict import VERSION
from forecasting.seasons import seasons_of
from forecasting.series import Key, Series, Value, series_of
from forecasting.shocks import shocks_of
from forecasting.stored import Before, Doubt, Target, Targets
from ioc.catalog.model import Catalog, Indicator, Season, Shock

_ARRIVING = timedelta(minutes=10)  # a value may reach the store so long after the centre received it


@dataclass(frozen=True)
class Task:
    """One series to forecast, with all that its forecast depends on; may travel to another process."""

    series: Series
    indicator: Indicator
    targets: Mapping[int, float]
    fingerprint: str
    ahead: int | None = None  # periods; by default to the end of the year
    shocks: Sequence[Shock] = ()
    seasons: Sequence[Season] = ()
    above: Sequence[str] = ()  # areas that hold this one, nearest first
    before: Before | None = None  # what was said of it in an earlier month
    doubt: Doubt | None = None  # why its forecasts are not to be relied on

    @property
    def key(self) -> Key:
        """Indicator and area."""
        return self.series.key


@dataclass
class Memory:
    """Fingerprints of what this process forecast and its user took; keep one for all runs of a process."""

    done: dict[Key, str] = field(default_factory=dict)

    def took(self, task: Task) -> None:
        """What came of a task is where it belongs: it comes again only when it changes."""
        self.done[task.key] = task.fingerprint


def tasks(  # noqa: PLR0913 - one argument an ingredient
    values: Iterable[Value],
    targets: Targets,
    catalog: Catalog,
    now: datetime | None,
    only: str | None = None,
    *,
    memory: Memory | None = None,
    issued: Mapping[Key, datetime] | None = None,
    before: Mapping[Key, Before] | None = None,
    doubts: Mapping[Key, Doubt] | None = None,
) -> list[Task]:
    """The series whose data changed since they were last forecast.

    Args:
        values: rows in any order.
        targets: imported plans; they go before the catalogue's.
        catalog: what is known of the indicators; others get defaults.
        now: aware; periods that are not over yet are left out. None takes all, for data of another time.
        only: one indicator.
        memory: what this process has forecast; None forecasts everything.
        issued: when each series was last forecast by any process; only asked for series that `memory` does not know.
        before: what an earlier month said of each series, to be compared with.
        doubts: series whose past forecasts have not held; they are said to, with the next forecast.
    """
    frequencies = {i.id: i.frequency for i in catalog.indicators.values()}
    wanted = (v for v in values if only in {None, v.indicator})
    imported: dict[Key, dict[int, Target]] = {}
    for (name, area, year), target in targets.items():
        imported.setdefault((name, area), {})[year] = target
    province = {a.code for a in catalog.areas if a.level == "province"} | {""}
    every, found = [], []
    for series in series_of(wanted, frequencies, now).values():
        own = imported.get(series.key, {})
        task = _task(series, own, catalog, whole=series.area in province)
        task = replace(task, before=(before or {}).get(task.key), doubt=(doubts or {}).get(task.key))
        every.append(task)
        newest = max([series.received_at, *(t.received_at for t in own.values())])
        if memory is None:
            found.append(task)
        elif task.key in memory.done:
            if memory.done[task.key] != task.fingerprint:
                found.append(task)
        elif (last := (issued or {}).get(task.key)) and newest + _ARRIVING < last:
            memory.took(task)
        else:
            found.append(task)
    return _with_company(found, every)


def _with_company(found: Sequence[Task], every: Sequence[Task]) -> list[Task]:
    """What changed, and all areas of an indicator whose sums must agree with it; in the order of `every`."""
    changed = {task.key for task in found}
    held = {task.key[0] for task in every if task.indicator.aggregate == "sum" and task.above}
    summed = {task.key[0] for task in found} & held
    return [task for task in every if task.key in changed or task.key[0] in summed]


def _task(series: Series, own: Mapping[int, Target], catalog: Catalog, *, whole: bool) -> Task:
    """The task of a series; `whole` if its area is the province, for which the catalogue's plans hold."""
    indicator = described(series, catalog)
    shipped = {int(year): value for year, value in indicator.targets.items()} if whole else {}
    plans = shipped | {year: target.value for year, target in own.items()}
    shocks, seasons = shocks_of(indicator, catalog.shocks), seasons_of(indicator, catalog.seasons)
    known = fingerprint(series, indicator, plans, shocks, seasons)
    held = above(series.area, catalog.areas, series.last)
    return Task(series, indicator, plans, known, shocks=shocks, seasons=seasons, above=held)


def fingerprint(
    series: Series,
    indicator: Indicator,
    targets: Mapping[int, float],
    shocks: Sequence[Shock] = (),
    seasons: Sequence[Season] = (),
) -> str:
    """Changes when the forecast would: the values, what is known of the indicator, the plans, this code's version."""
    digest = blake2b(digest_size=16)
    digest.update(repr((VERSION, series.key, series.frequency, series.unit, series.start)).encode())
    digest.update(series.values.tobytes())
    digest.update(repr((indicator, sorted(targets.items()), shocks, seasons)).encode())
    return digest.hexdigest()
