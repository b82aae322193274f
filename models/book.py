"""What the bank keeps of each series beside the numbers of its detectors: last readings, last anomalies, when touched."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ioc.catalog.model import Catalog
from ioc.records import Anomaly
from models.base import RAREST, Detector
from models.compiled import KINDS
from models.pool import Pool
from models.reasons import Names
from models.registry import detectors_of
from models.series import EVIDENCE, TOLD, Key

NEVER = -(2**62)
LEAST_FACTOR, MOST_FACTOR = 1 / 8, 64.0  # feedback moves a threshold no further


def adapted(detector: Detector, factor: float) -> float:
    """The threshold of a detector times a factor, within bounds and never above what can be reached."""
    if not detector.adapts:
        return detector.one_in
    return min(detector.one_in * min(max(factor, LEAST_FACTOR), MOST_FACTOR), RAREST)


class Plan(NamedTuple):
    """Which detectors the series of one metric have.

    Attributes:
        detectors: one of each, for names and severities.
        kind: of the compiled pair of the first two, 0 where they are not compiled.
    """

    detectors: tuple[Detector, ...]
    kind: int


class Entry:
    """One series.

    Attributes:
        plain: detectors that are not compiled, by their place in the plan.
        told: the last anomalies, for packs that come again.
    """

    __slots__ = ("key", "plain", "plan", "row", "told")

    def __init__(self, key: Key, plan: Plan, plain: tuple[tuple[int, Detector], ...], row: int) -> None:
        self.key, self.plan, self.plain, self.row = key, plan, plain, row
        self.told: deque[Anomaly] = deque(maxlen=TOLD)


class Book:
    """All series of a bank; a series is a slot, the same index in every array.

    Args:
        catalog: says which detectors a metric has.
        factors: by key, what multiplies the thresholds of its detectors; 1 for those that are not named.

    Attributes:
        slots: by key.
        newest, touched, warmed, kind, row, odd: (slots,) newest event time, last pack, whether warmed up, kind and row
            in its pool, whether it has plain detectors or told anomalies to look at.
        alert_from: (slots,) the threshold of the compiled detector.
        ring_ms, ring_ids, pushed: (slots, 20) the last readings, and how many there were.
    """

    def __init__(self, catalog: Catalog, factors: Mapping[Key, float] | None = None) -> None:
        self._catalog = catalog
        self.factors: dict[Key, float] = dict(factors or {})
        self._plans: dict[tuple[str, str], Plan] = {}
        self.pools = {kind: Pool(kind) for kind in KINDS.values()}
        self.slots: dict[Key, int] = {}
        self.entries: list[Entry | None] = []
        self._free: list[int] = []
        self.newest, self.touched = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.kind, self.row, self.pushed = (np.zeros(0, np.int64) for _ in range(3))
        self.warmed, self.odd = np.zeros(0, np.bool_), np.zeros(0, np.bool_)
        self.alert_from = np.zeros(0)
        self.ring_ms, self.ring_ids = np.zeros((0, EVIDENCE), np.int64), np.zeros((0, EVIDENCE), object)

    def slot(self, key: Key) -> int:
        """The slot of a series, a new one if there is none."""
        found = self.slots.get(key)
        return self._new(key) if found is None else found

    def entry(self, slot: int) -> Entry:
        """The series in a slot."""
        entry = self.entries[slot]
        assert entry is not None  # noqa: S101 - slots in use have one
        return entry

    def drop(self, key: Key) -> None:
        """Forget a series, if it is known."""
        slot = self.slots.pop(key, None)
        if slot is None:
            return
        entry = self.entry(slot)
        if entry.plan.kind:
            self.pools[entry.plan.kind].free(entry.row)
        self.entries[slot] = None
        self.ring_ids[slot] = None
        self._free.append(slot)

    def plan(self, source_id: str, metric_id: str) -> Plan:
        """The detectors of a metric."""
        found = self._plans.get((source_id, metric_id))
        if found is None:
            detectors = self._fresh(source_id, metric_id)
            own = detectors[0].name if len(detectors) > 1 and detectors[1].name == "stuck" else ""
            found = self._plans[source_id, metric_id] = Plan(detectors, KINDS.get(own, 0))
        return found

    def adapt(self, key: Key) -> None:
        """Make the thresholds of a series, if it is known, those of its plan times its factor."""
        slot = self.slots.get(key)
        if slot is None:
            return
        entry, factor = self.entry(slot), self.factors.get(key, 1.0)
        shipped = entry.plan.detectors
        if entry.plan.kind:
            self.alert_from[slot] = adapted(shipped[0], factor)
        for place, detector in entry.plain:
            detector.one_in = adapted(shipped[place], factor)

    def names(self, key: Key) -> Names:
        """How people call a series."""
        return Names.of(key, self._catalog.metrics.get((key[0], key[2])), self._catalog.stations.get(key[1]))

    def _fresh(self, source_id: str, metric_id: str) -> tuple[Detector, ...]:
        source = self._catalog.sources.get(source_id)
        metric = self._catalog.metrics.get((source_id, metric_id))
        return tuple(detectors_of(metric, source.every_s if source else 300))

    def _new(self, key: Key) -> int:
        plan = self.plan(key[0], key[2])
        compiled = 2 if plan.kind else 0
        plain: tuple[tuple[int, Detector], ...] = ()
        if len(plan.detectors) > compiled:
            plain = tuple(enumerate(self._fresh(key[0], key[2])))[compiled:]
        if not self._free:
            self._grow()
        slot = self.slots[key] = self._free.pop()
        row = self.pools[plan.kind].new() if plan.kind else 0
        self.entries[slot] = Entry(key, plan, plain, row)
        self.newest[slot], self.touched[slot], self.pushed[slot] = NEVER, 0, 0
        self.kind[slot], self.row[slot] = plan.kind, row
        self.warmed[slot], self.odd[slot] = False, bool(plain)
        self.adapt(key)
        return slot

    def _grow(self) -> None:
        had = len(self.entries)
        more = max(64, had // 2)
        for name in (
            "newest",
            "touched",
            "kind",
            "row",
            "pushed",
            "warmed",
            "odd",
            "alert_from",
            "ring_ms",
            "ring_ids",
        ):
            old: np.ndarray[Any, Any] = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros((more, *old.shape[1:]), old.dtype)]))
        self.entries += [None] * more
        self._free = list(range(had + more - 1, had - 1, -1))

    def push(self, slots: np.ndarray, ms: np.ndarray, ids: np.ndarray) -> None:
        """Remember readings, several of a series in their order."""
        order = np.argsort(slots, kind="stable")
        slots, ms, ids = slots[order], ms[order], ids[order]
        known, first, counts = np.unique(slots, return_index=True, return_counts=True)
        place = (self.pushed[slots] + np.arange(len(slots)) - np.repeat(first, counts)) % EVIDENCE
        self.ring_ms[slots, place], self.ring_ids[slots, place] = ms, ids
        self.pushed[known] += counts

    def readings(self, slot: int) -> list[tuple[int, str]]:
        """The last readings of a series, time and `event_id`, oldest first."""
        pushed = int(self.pushed[slot])
        places = [place % EVIDENCE for place in range(max(pushed - EVIDENCE, 0), pushed)]
        return [(int(self.ring_ms[slot, place]), str(self.ring_ids[slot, place])) for place in places]
