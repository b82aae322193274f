"""Series made for tests, and packs of readings of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from ioc.packs import batch_of
from ioc.records import Reading, Status, event_id

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
FIVE_MINUTES = timedelta(minutes=5)
DAY = 288  # points
WEEK = 7 * DAY

Noise = Callable[[np.random.Generator, np.ndarray], np.ndarray]


def course(n: int) -> np.ndarray:
    """A daily course around 30 with an amplitude of about 12."""
    day = np.arange(n) / DAY * 2 * np.pi
    return 30 + 10 * np.sin(day) + 4 * np.sin(2 * day)


def gaussian(rng: np.random.Generator, base: np.ndarray) -> np.ndarray:
    """Independent noise, standard deviation 3."""
    return base + rng.normal(0, 3, len(base))


def sluggish(rng: np.random.Generator, base: np.ndarray) -> np.ndarray:
    """Noise that remembers: autoregressive, 0.9 from point to point."""
    noise, shocks = np.zeros(len(base)), rng.normal(0, 3 * np.sqrt(1 - 0.81), len(base))
    for at in range(1, len(base)):
        noise[at] = 0.9 * noise[at - 1] + shocks[at]
    return base + noise


def counts(rng: np.random.Generator, base: np.ndarray) -> np.ndarray:
    """Vehicles, people, messages: Poisson."""
    return rng.poisson(base).astype(float)


KINDS: dict[str, Noise] = {"gaussian": gaussian, "sluggish": sluggish, "counts": counts}


def values(n: int, seed: int, kind: str = "gaussian") -> list[float]:
    """A clean series with one decimal."""
    return [float(v) for v in np.round(KINDS[kind](np.random.default_rng(seed), course(n)), 1)]


def times(n: int, start: datetime = START, step: timedelta = FIVE_MINUTES) -> list[datetime]:
    """Regular times."""
    return [start + i * step for i in range(n)]


def reading(
    moment: datetime,
    value: float | None,
    station: str = "TRAM_1",
    metric: str = "do_la",
    source: str = "nguon-la",
    status: Status = "ok",
) -> Reading:
    """One reading, by default of a series the catalogue does not know."""
    return Reading(
        event_id=event_id(source, station, metric, moment), received_at=START, source=source, station=station,
        metric=metric, observed_at=moment, value=value, unit="mg/L", status=status, agency="so-nnmt", area="38",
    )  # fmt: skip


def packs(readings: Sequence[Reading], size: int = 500) -> list[pa.RecordBatch]:
    """Packs in the given order."""
    return [batch_of(readings[at : at + size]) for at in range(0, len(readings), size)]
