"""The forecasting job: which series changed, and for each its forecasts and the outlook of its year."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from forecasting.history import history_of
from forecasting.intervals import Bands
from forecasting.kinds import described
from forecasting.outlook import outlook, year_of
from forecasting.periods import horizon
from forecasting.predict import VERSION, predict
from forecasting.reasons import reasons_of
from forecasting.scale import scale_of
from forecasting.series import Key, Series, Value, series_of
from forecasting.stored import Row, Stored, Target, Targets, read
from ioc.catalog.model import Catalog, Indicator
from ioc.errors import NotEnoughHistory
from ioc.records import Forecast, Outlook, Record, event_id

__all__ = ["Memory", "Outcome", "Row", "Stored", "Target", "Targets", "Task", "outcome", "read", "run", "tasks"]

log = logging.getLogger(__name__)

_ARRIVING = timedelta(minutes=10)  # a value may reach the store so long after the centre received it


@dataclass(frozen=True)
class Task:
    """One series to forecast, with all that its forecast depends on; may travel to another process."""

    series: Series
    indicator: Indicator
    targets: Mapping[int, float]
    fingerprint: str
    ahead: int | None = None  # periods; by default to the end of the year

    @property
    def key(self) -> Key:
        """Indicator and area."""
        return self.series.key


@dataclass(frozen=True)
class Outcome:
    """What came of one series.

    Attributes:
        error: why there is no forecast, for people; empty if there is one.
        seconds: how long it took.
    """

    key: Key
    forecasts: Sequence[Forecast] = ()
    outlook: Outlook | None = None
    error: str = ""
    seconds: float = 0.0

    @property
    def records(self) -> list[Record]:
        """All records to publish."""
        return [*self.forecasts, *([self.outlook] if self.outlook else [])]


@dataclass
class Memory:
    """Fingerprints of what this process forecast and its user took; keep one for all runs of a process."""

    done: dict[Key, str] = field(default_factory=dict)


def tasks(  # noqa: PLR0913 - one argument an ingredient
    values: Iterable[Value],
    targets: Targets,
    catalog: Catalog,
    now: datetime | None,
    only: str | None = None,
    *,
    memory: Memory | None = None,
    issued: Mapping[Key, datetime] | None = None,
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
    """
    frequencies = {i.id: i.frequency for i in catalog.indicators.values()}
    wanted = (v for v in values if only in {None, v.indicator})
    found = []
    for series in series_of(wanted, frequencies, now).values():
        task, newest = _task(series, targets, catalog)
        if memory is None:
            found.append(task)
        elif task.key in memory.done:
            if memory.done[task.key] != task.fingerprint:
                found.append(task)
        elif (last := (issued or {}).get(task.key)) and newest + _ARRIVING < last:
            memory.done[task.key] = task.fingerprint
        else:
            found.append(task)
    return found


def run(  # noqa: PLR0913 - as `tasks`
    values: Iterable[Value],
    targets: Targets,
    catalog: Catalog,
    now: datetime,
    only: str | None = None,
    *,
    memory: Memory | None = None,
    issued: Mapping[Key, datetime] | None = None,
) -> Iterator[Outcome]:
    """Forecast what changed, one series after the other; arguments as `tasks`.

    A series counts as done when its outcome was taken, that is when the next one is asked for; a caller that fails to
    publish and stops gets it again next time.
    """
    for task in tasks(values, targets, catalog, now, only, memory=memory, issued=issued):
        yield outcome(task, now)
        if memory is not None:
            memory.done[task.key] = task.fingerprint


def outcome(task: Task, now: datetime) -> Outcome:
    """Forecast one series; what goes wrong with it is its outcome and never stops the others."""
    began = time.perf_counter()
    try:
        forecasts, year_end = _forecast(task, now)
    except NotEnoughHistory as error:
        text = f"Chưa đủ số liệu để dự báo: có {error.have} kỳ, cần ít nhất {error.need}."
        return Outcome(task.key, error=text, seconds=time.perf_counter() - began)
    except Exception as error:
        log.exception("the forecast of %s failed", "/".join(task.key))
        text = f"Không dự báo được: {type(error).__name__}: {error}"
        return Outcome(task.key, error=text, seconds=time.perf_counter() - began)
    return Outcome(task.key, forecasts, year_end, seconds=time.perf_counter() - began)


def _forecast(task: Task, now: datetime) -> tuple[list[Forecast], Outlook | None]:
    series, indicator = task.series, task.indicator
    series.demand()
    history = history_of(series, scale_of(series, indicator), tet="tet" in indicator.regressors)
    whole_year = horizon(series.last, series.frequency)
    found = predict(history, max(task.ahead or 0, whole_year))
    forecasts = _records(series, found.bands, task.ahead or whole_year, now, found.model)
    year = year_of(series, history.scale.back(history.filled), found.bands.value)
    reasons = reasons_of(series, history, indicator, year, found.fit)
    target = task.targets.get(year.number)
    return forecasts, outlook(
        series, indicator, year, found.errors, target, reasons=reasons, now=now, model=found.model
    )


def _records(series: Series, bands: Bands, ahead: int, now: datetime, model: str) -> list[Forecast]:
    return [
        Forecast(
            event_id=event_id("forecast", *series.key, period, now),
            received_at=now,
            indicator=series.indicator,
            area=series.area,
            frequency=series.frequency,
            period=period,
            issued_at=now,
            value=float(bands.value[j]),
            low80=float(bands.low[0.8][j]),
            high80=float(bands.high[0.8][j]),
            low95=float(bands.low[0.95][j]),
            high95=float(bands.high[0.95][j]),
            unit=series.unit,
            model=model,
        )
        for j, period in enumerate(series.days_after(len(series), ahead))
    ]


def _task(series: Series, targets: Targets, catalog: Catalog) -> tuple[Task, datetime]:
    """The task, and when the newest thing that it depends on came."""
    indicator = described(series, catalog)
    own = {year: t for (name, area, year), t in targets.items() if (name, area) == series.key}
    province = {a.code for a in catalog.areas if a.level == "province"} | {""}
    shipped = {int(year): value for year, value in indicator.targets.items()} if series.area in province else {}
    plans = shipped | {year: t.value for year, t in own.items()}
    newest = max([series.received_at, *(t.received_at for t in own.values())])
    return Task(series, indicator, plans, fingerprint(series, indicator, plans)), newest


def fingerprint(series: Series, indicator: Indicator, targets: Mapping[int, float]) -> str:
    """Changes when the forecast would: the values, what is known of the indicator, the plans, this code's version."""
    digest = blake2b(digest_size=16)
    digest.update(repr((VERSION, series.key, series.frequency, series.unit, series.start)).encode())
    digest.update(series.values.tobytes())
    digest.update(repr((indicator, sorted(targets.items()))).encode())
    return digest.hexdigest()
