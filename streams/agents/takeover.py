"""Bring series that are new to this worker to where they stood before the pack in hand: from their states or their history.

A state that knows a reading of the pack already is left alone, and what is taught ends before the pack: so a pack
delivered again finds the same anomalies with the same identities. Where it was no repetition but a pack that came late, what
the state knew beyond it is taught before the next pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

import pyarrow as pa

from clickhouse.connection import Connection
from clickhouse.states import States
from ioc.settings import Settings
from models.bank import Bank
from models.packed import usable
from models.series import Key

WARM_UP_POINTS = 4000
AT_ONCE = 500  # series: their histories are 2 million points, their states 10 MB
_RECENT_MS = 30 * 86_400_000  # holds so many points of a series every ten minutes
_EVER_MS = -2_208_988_800_000  # 1900, before all that ClickHouse can hold
_KEY = ("source", "station", "metric")

Bounds = Mapping[Key, tuple[int, int]]  # milliseconds since 1970, both excluded
K = TypeVar("K")


class Owner(Protocol[K]):
    """Owns what is learnt, by series or by station."""

    def save(self, keys: Sequence[K]) -> pa.Table:
        """The states of some."""

    def restore(self, table: pa.Table) -> list[K]:
        """Take saved states over as far as they are of use; whose."""

    def forget(self, keys: Sequence[K]) -> None:
        """Drop some."""


class Takeover:
    """Reads what ClickHouse holds of series; one a process is enough."""

    def __init__(self, settings: Settings) -> None:
        self._store, self._states = Connection(settings), States(settings)
        self._behind: dict[Key, tuple[int, int]] = {}  # began before what their states know: from when, until when

    def of(self, bank: Bank, first: Mapping[Key, int]) -> None:
        """Make series known to the bank.

        Args:
            bank: no other thread may use it meanwhile.
            first: when the pack in hand begins for each series, see `first_times`; their histories are in memory at
                once, 70 kB a series.

        Raises:
            StoreUnavailable: not now; the series are unknown still, or complete.
        """
        with restored(self._states, bank, first) as (known, newest):
            for key in first:
                self._behind.pop(key, None)
            self._go_on(bank, {key: (newest[key], first[key]) for key in known})
        self._begin(bank, {key: until for key, until in first.items() if key not in known})
        self._behind |= {key: (first[key], ms) for key, ms in newest.items() if key not in known and ms >= first[key]}

    def catch_up(self, bank: Bank, batch: pa.RecordBatch, series: Sequence[Key]) -> None:
        """Teach series that began before what their states knew all that lies between, once a pack goes beyond it.

        Packs delivered again have taught them already, and nothing is learnt twice; after a late pack it is missing.

        Args:
            bank: no other thread may use it meanwhile.
            batch: the pack in hand.
            series: those that occur in it.

        Raises:
            StoreUnavailable: not now; the series are as they were.
        """
        if not self._behind:
            return
        for key in bank.unknown(series):  # forgotten since: whoever takes it over again begins anew
            self._behind.pop(key, None)
        first = first_times(batch)
        over = [key for key, (_, known) in self._behind.items() if first.get(key, known) > known]
        for group in groups(over, AT_ONCE):
            due = {key: (self._behind[key][0] - 1, first[key]) for key in group}
            bank.warm(self._tail(due))
            for key in due:
                del self._behind[key]

    def _go_on(self, bank: Bank, bounds: Bounds) -> None:
        """Teach series what was stored after their states."""
        if bounds:
            bank.warm(self._tail(bounds))

    def _begin(self, bank: Bank, first: Mapping[Key, int]) -> None:
        """Teach series their last points; only those with few in the last month are looked for in all of the years."""
        if not first:
            return
        recent = self._tail({key: (until - _RECENT_MS - 1, until) for key, until in first.items()})
        counted = recent.group_by(list(_KEY)).aggregate([([], "count_all")])
        counts = dict(zip(_keys(counted), counted.column("count_all").to_pylist(), strict=True))
        few = {key: until - _RECENT_MS for key, until in first.items() if counts.get(key, 0) < WARM_UP_POINTS}
        older = self._tail({key: (_EVER_MS, until) for key, until in few.items()}) if few else recent.slice(0, 0)
        bank.warm(older)
        bank.warm(recent, list(first))

    def _tail(self, bounds: Bounds) -> pa.Table:
        series = [(*key, after, before) for key, (after, before) in bounds.items()]
        return self._store.query("series_tail", {"series": series, "points": WARM_UP_POINTS})


@contextmanager
def restored(states: States, owner: Owner[K], first: Mapping[Key, int]) -> Iterator[tuple[set[K], dict[Key, int]]]:
    """Give back the states that know no reading of the pack in hand, for as long as it takes to teach what came since.

    Args:
        states: where they are kept.
        owner: takes them; if the block fails it forgets them, for they would go on with a gap.
        first: when the pack begins for each, milliseconds since 1970.

    Yields:
        What was taken over, and the newest reading that each state knows, taken over or not.

    Raises:
        StoreUnavailable: not now.
    """
    kept = states.load(first)
    newest = dict(zip(_keys(kept), kept.column("newest").cast(pa.int64()).to_pylist(), strict=True))
    fits = [ms < first[key] for key, ms in newest.items()]
    taken = owner.restore(kept.filter(pa.array(fits, pa.bool_())))
    try:
        yield set(taken), newest
    except Exception:
        owner.forget(taken)
        raise


def groups(keys: Sequence[K], most: int) -> Iterator[Sequence[K]]:
    """All of them, so many at once."""
    return (keys[start : start + most] for start in range(0, len(keys), most))


def first_times(batch: pa.RecordBatch) -> dict[Key, int]:
    """The time of each series' first measured value in a pack of readings, milliseconds since 1970."""
    firsts = pa.Table.from_batches([usable(batch)]).group_by(list(_KEY)).aggregate([("observed_at", "min")])
    return dict(zip(_keys(firsts), firsts.column("observed_at_min").cast(pa.int64()).to_pylist(), strict=True))


def _keys(table: pa.Table) -> list[Key]:
    return list(zip(*(table.column(name).to_pylist() for name in _KEY), strict=True))
