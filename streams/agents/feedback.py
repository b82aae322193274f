"""How far operators' verdicts move the thresholds for a pack: what was known a minute before it was received.

Not what is known when the pack is looked at: so a pack that is delivered again is judged with the factors of the first
time, however late that is.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from clickhouse.connection import Connection
from clickhouse.verdicts import verdicts_since
from ioc.errors import IocError, StoreUnavailable
from ioc.packs import utc_now
from ioc.records import Verdict
from ioc.settings import Settings
from models.feedback import FORGOTTEN, factors
from models.series import Key

log = logging.getLogger(__name__)

STEP = timedelta(minutes=1)  # factors change with the minute, and know what was received until the minute before
_STORED = timedelta(seconds=20)  # after it was received a verdict is in ClickHouse
_AT_LEAST = timedelta(seconds=10)  # between two looks, for packs from a clock ahead of ours
_NEVER = datetime(1900, 1, 1, tzinfo=UTC)
_KEPT = 16  # outcomes: packs of several partitions come from different hours when a worker catches up


class Feedback:
    """Reads what was said, about once a minute and only where packs come; one a worker, for one thread at a time."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self._store, self._goal, self._now = Connection(settings), settings.goal_precision, now
        self._said: list[Verdict] | None = None
        self._covered = self._looked = _NEVER
        self._found: OrderedDict[tuple[datetime, int], Mapping[Key, float]] = (
            OrderedDict()
        )  # by hour and verdicts known

    def factors(self, batch: pa.RecordBatch) -> Mapping[Key, float]:
        """By series, the same object while nothing changes; see `models.feedback.factors`.

        Args:
            batch: the pack.

        Raises:
            StoreUnavailable: nothing was read yet, and cannot be now; later what was read last is kept.
        """
        if not batch.num_rows:
            return {}
        known = pc.max(batch.column("received_at")).as_py().replace(second=0, microsecond=0) - STEP
        if known > self._covered and abs(self._now() - self._looked) >= _AT_LEAST:  # abs: clocks are set back
            self._look()
        said = self._said or []
        outcome = known.replace(minute=0), bisect_right(said, known, key=lambda v: v.received_at)
        if outcome not in self._found:
            self._found[outcome] = factors(said, known, self._goal)
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return self._found[outcome]

    def _look(self) -> None:
        began = self._now()
        try:
            said = sorted(verdicts_since(self._store, began - 2 * FORGOTTEN), key=lambda v: v.received_at)
        except StoreUnavailable as error:
            if self._said is None:
                raise
            log.warning("verdicts cannot be read, those read last still count: %s", error)
        except IocError as error:
            log.warning("verdicts cannot be read: %s", error)
        else:
            self._covered = began - _STORED
            if said != self._said:
                self._found.clear()
            self._said = said
        self._looked = began
