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
from models.packed import keys_of, usable
from models.series import Key
from streams.agents.feedback import Feedback
from streams.agents.takeover import AT_ONCE, Takeover, first_times
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
        with self._own_bank() as bank:
            factors = self._feedback.factors(batch)
            bank.adapt(factors)
            self._takeover.catch_up(bank, batch)
            if unknown := bank.unknown(batch):
                first = first_times(batch)
                for group in _groups(unknown):
                    self._takeover.of(bank, {key: first[key] for key in group})
                bank.adapt(factors)  # states bring the factors they were saved with
            found = self._together.take(batch, bank.process(batch, utc_now()))
            self._changed.update(keys_of(usable(batch))[0])
            metrics.SERIES.set(len(bank))
        return found

    def _save(self) -> None:
        with self._saving:  # one after the other: the later state is the one to be kept
            with self._own_bank():
                due = list(self._changed)
            for group in _groups(due):
                with self._own_bank() as bank:
                    table = bank.save(group)
                    self._changed.difference_update(group)
                try:
                    self._states.save(table)
                except IocError as error:
                    with self._own_bank():
                        self._changed.update(group)
                    log.warning("states of detectors could not be kept, next time again: %s", error)
                    return
            self._save_together()

    def _save_together(self) -> None:
        """The states of stations whose sensors are looked at together."""
        while True:
            with self._own_bank():
                stations, table = self._together.states(AT_ONCE)
            if not stations:
                return
            try:
                self._states.save(table)
            except IocError as error:
                with self._own_bank():
                    self._together.keep_again(stations)
                log.warning("states of stations could not be kept, next time again: %s", error)
                return

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


def _groups(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
