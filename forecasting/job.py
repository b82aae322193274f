"""The forecasting job: every changed series forecast over the cores, and for each its records: forecasts and outlook."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forecasting.changed import Memory, Task, tasks
from forecasting.families import agreed
from forecasting.intervals import Bands
from forecasting.kept import Shelf, kept_of
from forecasting.outlook import outlook, year_of
from forecasting.periods import horizon
from forecasting.predict import VERSION, Prediction, predict
from forecasting.prepared import demand, history, modelled, published
from forecasting.reasons import reasons_of
from forecasting.series import Key
from forecasting.short import band
from forecasting.since import since
from forecasting.stored import Row, Stored, Target, Targets, read
from forecasting.workers import Lost, each
from ioc.errors import BadInput, NotEnoughHistory
from ioc.records import Forecast, Outlook, Record, event_id

__all__ = [
    "Memory",
    "Outcome",
    "Row",
    "Stored",
    "Target",
    "Targets",
    "Task",
    "outcome",
    "outcomes",
    "read",
    "tasks",
]

log = logging.getLogger(__name__)

_WORTH_A_PROCESS = 8  # series; starting a process takes as long as forecasting a few


@dataclass(frozen=True, eq=False)
class Predicted:
    """What a process found out about one series; the records are made of it where all areas of an indicator are known.

    Attributes:
        prediction: None if there is none.
        error: why, for people.
        seconds: how long it took.
        again: it may succeed another time.
        short: there is too little to learn from, which a naive band stands for.
    """

    task: Task
    prediction: Prediction | None = None
    error: str = ""
    seconds: float = 0.0
    again: bool = False
    short: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one series.

    Attributes:
        task: what was asked for.
        error: why there is no forecast, for people; empty if there is one.
        seconds: how long it took.
        again: there is none by accident of this run; asked again it may succeed.
    """

    task: Task
    forecasts: Sequence[Forecast] = ()
    outlook: Outlook | None = None
    error: str = ""
    seconds: float = 0.0
    again: bool = False

    @property
    def key(self) -> Key:
        """Indicator and area."""
        return self.task.key

    @property
    def records(self) -> list[Record]:
        """All records to publish."""
        return [*self.forecasts, *([self.outlook] if self.outlook else [])]


def outcomes(
    found: Sequence[Task], now: datetime, workers: int = 0, *, apart: bool = False, shelf: Shelf | None = None
) -> Generator[Outcome, None, None]:
    """The outcome of every task, an indicator at a time, as they come; their content is the same in any order.

    Args:
        found: what to forecast.
        now: when this is issued.
        workers: processes at most, no more than the tasks are worth; 0: everything in this process.
        apart: use a process even for few tasks, so that none of them can take this process along.
        shelf: where to keep the models.
    """
    few = len(found) // (1 if apart else _WORTH_A_PROCESS)
    for group in _by_indicator(found, min(workers, few)):
        for one in _agreed(group):
            if shelf:
                _keep(one, now, shelf)
            yield issued(one, now)


def _keep(one: Predicted, now: datetime, shelf: Shelf) -> None:
    """Put a model on the shelf; a full disk is no reason to have no forecast."""
    if one.prediction is None:
        return
    try:
        shelf.put(kept_of(one.task, history(one.task), one.prediction, now))
    except OSError as error:
        log.warning("the model of %s is not kept: %s", "/".join(one.task.key), error)


def _by_indicator(found: Sequence[Task], workers: int) -> Iterator[list[Predicted]]:
    """Groups of all areas of an indicator, each as soon as its last area is there; areas in order."""
    open_, groups = Counter(task.key[0] for task in found), dict[str, list[Predicted]]()
    for one in _predictions(found, workers):
        name = one.task.key[0]
        groups.setdefault(name, []).append(one)
        open_[name] -= 1
        if not open_[name]:
            yield sorted(groups.pop(name), key=lambda p: p.task.key)


def _agreed(group: Sequence[Predicted]) -> list[Predicted]:
    """The areas of an indicator with forecasts that add up."""
    known = agreed([(one.task, one.prediction) for one in group if one.prediction])
    return [replace(one, prediction=known[one.task.key]) if one.prediction else one for one in group]


def _predictions(found: Sequence[Task], workers: int) -> Iterator[Predicted]:
    if not workers:
        yield from map(predicted, found)
        return
    for task, result in each(predicted, found, workers):
        yield _lost(task, result) if isinstance(result, Lost) else result


def _lost(task: Task, result: Lost) -> Predicted:
    log.error("the forecast of %s was lost: %s", "/".join(task.key), result.reason)
    return Predicted(task, error=f"Không dự báo được: {result.reason}", again=True)


def outcome(task: Task, now: datetime) -> Outcome:
    """Forecast one series alone."""
    return issued(predicted(task), now)


def predicted(task: Task) -> Predicted:
    """The costly part, for a process of its own; what goes wrong with a series is its outcome and never stops others."""
    began = time.perf_counter()
    try:
        demand(task)
        found = predict(history(task), _ahead(task))
    except NotEnoughHistory as error:
        text = f"Chưa đủ số liệu để dự báo: có {error.have} kỳ, cần ít nhất {error.need}."
        return Predicted(task, error=text, seconds=time.perf_counter() - began, short=True)
    except BadInput as error:
        text = f"Số liệu không dự báo được: {error.reason}."
        return Predicted(task, error=text, seconds=time.perf_counter() - began)
    except Exception as error:
        log.exception("the forecast of %s failed", "/".join(task.key))
        text = f"Không dự báo được: {type(error).__name__}: {error}"
        return Predicted(task, error=text, seconds=time.perf_counter() - began)
    return Predicted(task, found, seconds=time.perf_counter() - began)


def issued(one: Predicted, now: datetime) -> Outcome:
    """The records of one series."""
    if one.prediction is None:
        found = _naive(one.task, now) if one.short else []
        return Outcome(one.task, found, error=one.error, seconds=one.seconds, again=one.again)
    try:
        bands = published(one.task, one.prediction.bands, one.prediction.errors)
        forecasts = _forecasts(one.task, bands, one.prediction.model, now)
        return Outcome(one.task, forecasts, _outlook(one.task, one.prediction, now), seconds=one.seconds)
    except Exception as error:  # as above: this series only
        log.exception("the outlook of %s failed", "/".join(one.task.key))
        return Outcome(one.task, error=f"Không dự báo được: {type(error).__name__}: {error}", seconds=one.seconds)


def _naive(task: Task, now: datetime) -> list[Forecast]:
    """Last season or the last value again in a wide band, for a series too short to learn from; none without a value."""
    try:
        bands = band(history(task), _ahead(task))
        return _forecasts(task, published(task, bands, None), f"naive@{VERSION}", now) if bands else []
    except Exception as error:  # it says already that there is too little
        log.warning("no band for %s: %s", "/".join(task.key), error)
        return []


def _ahead(task: Task) -> int:
    """Periods that a model must look ahead: what is asked for, and the whole year."""
    return max(task.ahead or 0, horizon(task.series.last, task.series.frequency))


def _outlook(task: Task, found: Prediction, now: datetime) -> Outlook:
    series, indicator, past = modelled(task), task.indicator, history(task)
    year = year_of(series, past.scale.back(past.filled), found.bands.value)
    reasons = reasons_of(series, past, indicator, year, found.fit)
    compared = since(task.series, series, indicator, year.number, task.before)
    reasons = replace(reasons, since=compared, doubt=task.doubt)
    target = task.targets.get(year.number)
    return outlook(series, indicator, year, found.errors, target, reasons=reasons, now=now, model=found.model)


def _forecasts(task: Task, bands: Bands, model: str, now: datetime) -> list[Forecast]:
    series = task.series
    ahead = task.ahead or horizon(series.last, series.frequency)
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
