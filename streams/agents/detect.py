"""Score every reading before learning it; what was learned is kept in ClickHouse, and follows its series to another worker."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa

from clickhouse.states import States
from ioc import metrics
from ioc.catalog.model import Catalog
from ioc.errors import IocError
from ioc.packs import utc_now
from ioc.records import Record
from ioc.settings import Settings
from models.bank import Bank
from models.packed import series_in
from models.series import Key
from streams.agents.feedback import Feedback
from streams.agents.takeover import AT_ONCE, K, Owner, Takeover, first_times, groups
from streams.agents.together import Together

log = logging.getLogger(__name__)


class Detect:
    """Readings in, anomalies out; owns the bank of detectors."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._bank, self._changed = Bank(catalog), set[Key]()
        self._takeover, self._states = Takeover(settings), States(settings)
        self._feedback, self._together = Feedback(settings), Together(settings, catalog)
        self._moved = False
        self._using, self._saving = threading.Lock(), threading.Lock()

    def reset(self) -> None:
        """Partitions moved: another worker may have gone on with our series."""
        self._moved = True  # whoever uses the bank next clears it: waiting for a pack at work would hold the worker up

    async def derive(self, batch: pa.RecordBatch) -> Sequence[Record]:
        """Anomalies of one pack of readings.

        Raises:
            StoreUnavailable: states, history or verdicts could not be read; call again.
        """
        return await asyncio.to_thread(self._detect, batch)

    async def save(self) -> None:
        """Keep the states of the series that changed; what cannot be kept now is kept the next time."""
        await asyncio.to_thread(self._save)

    def _detect(self, batch: pa.RecordBatch) -> Sequence[Record]:
        series = series_in(batch)
        with self._own_bank() as bank:
            factors = self._feedback.factors(batch)
            bank.adapt(factors)
            self._takeover.catch_up(bank, batch, series)
            if unknown := bank.unknown(series):
                first = first_times(batch)
                for group in groups(unknown, AT_ONCE):
                    self._takeover.of(bank, {key: first[key] for key in group})
                bank.adapt(factors)  # states bring the factors they were saved with
            found = self._together.take(batch, series, bank.process(batch, utc_now()))
            self._changed.update(series)
            metrics.SERIES.set(len(bank))
        return found

    def _save(self) -> None:
        with self._saving:  # one after the other: the later state is the one to be kept
            if self._keep(self._bank, self._changed):
                self._keep(self._together.stations, self._together.changed)

    def _keep(self, bank: Owner[K], changed: set[K]) -> bool:
        """Keep the states of what changed until now; whether all could be kept."""
        with self._own_bank():
            due = list(changed)
        for group in groups(due, AT_ONCE):
            with self._own_bank():
                table = bank.save(group)
                changed.difference_update(group)
            try:
                self._states.save(table)
            except IocError as error:
                with self._own_bank():
                    changed.update(group)
                log.warning("states of detectors could not be kept, next time again: %s", error)
                return False
        return True

    @contextmanager
    def _own_bank(self) -> Iterator[Bank]:
        """The bank and what changed in it, for one thread at a time."""
        with self._using:
            if self._moved:
                self._moved = False
                self._bank.clear()
                self._together.clear()
                self._changed.clear()
            yield self._bank
