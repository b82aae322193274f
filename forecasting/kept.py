"""Keeps the last model of every series as JSON: what was chosen and why, Tết's effect, and Prophet's own file.

One file a series, ``<folder>/<indicator>/<area>.json``, put in place of the one before in one step.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import msgspec
import numpy as np

from forecasting.calendar import WINDOWS
from forecasting.changed import Task
from forecasting.effects import ShareEffect
from forecasting.history import History
from forecasting.predict import Prediction
from forecasting.series import Key
from ioc.records import Frequency


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one series.

    Attributes:
        fingerprint: of all that the forecast depends on; another one means a new fit.
        model: the choice and the version of the code, as with every forecast.
        scale: the modelling scale, on which all numbers here are.
        last: first day of the last period learnt from, and `periods` how many there were with their gaps.
        origins: first days of the periods from which the backtest looked ahead, `horizon` periods each.
        errors: mean absolute error of each choice in the backtest; None where nothing came to compare with.
        tet: effect of a period that holds a whole window around Tết; empty where none was looked for.
        prophet: Prophet's own JSON, for `prophet.serialize.model_from_json`; it explains, whichever the choice.
    """

    indicator: str
    area: str
    frequency: Frequency
    issued_at: datetime
    fingerprint: str
    model: str
    scale: str
    last: date
    periods: int
    origins: list[date]
    horizon: int
    errors: dict[str, float | None]
    tet: dict[str, float]
    prophet: msgspec.Raw


@dataclass(frozen=True)
class Shelf:
    """The folder that models are kept in."""

    folder: Path

    def put(self, kept: Kept) -> None:
        """Keep one, instead of that series' last.

        Raises:
            OSError: it cannot be written.
        """
        path = self._path((kept.indicator, kept.area))
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.tmp")
        beside.write_bytes(msgspec.json.encode(kept))
        beside.replace(path)

    def get(self, key: Key) -> Kept | None:
        """That of a series; None if there is none."""
        path = self._path(key)
        return msgspec.json.decode(path.read_bytes(), type=Kept) if path.exists() else None

    def _path(self, key: Key) -> Path:
        indicator, area = (quote(name, safe="").replace(".", "%2E") for name in key)
        return self.folder / indicator / f"{area or '_'}.json"


def kept_of(task: Task, history: History, found: Prediction, now: datetime) -> Kept:
    """What is worth keeping of a forecast.

    Args:
        task: what was asked for.
        history: what the models learnt from.
        found: what they said.
        now: when it was issued.
    """
    result = found.result
    errors = {name: float(np.nanmean(np.abs(result.residuals(name)))) for name in result.forecasts}
    effect = history.effect
    tet = zip(WINDOWS, effect.beta.tolist(), strict=True) if isinstance(effect, ShareEffect) else ()
    return Kept(
        indicator=task.key[0],
        area=task.key[1],
        frequency=history.frequency,
        issued_at=now,
        fingerprint=task.fingerprint,
        model=found.model,
        scale=history.scale.name,
        last=task.series.last,
        periods=len(history),
        origins=[task.series.days_after(origin, 1)[0] for origin in result.origins],
        horizon=result.horizon,
        errors={name: error if np.isfinite(error) else None for name, error in errors.items()},
        tet=dict(tet),
        prophet=msgspec.Raw(found.fit.saved.encode()),
    )
