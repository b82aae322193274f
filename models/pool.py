"""Rows of numbers for all series of one kind, given out and taken back."""

from __future__ import annotations

import numpy as np

from models import compiled


class Pool:
    """Rows that the compiled loop works on; they grow by half when they run out, and freed ones are given out again.

    Args:
        kind: see `models.compiled.take`.

    Attributes:
        numbers, counts: (rows, numbers) float64, (rows, counts) float32.
    """

    def __init__(self, kind: int) -> None:
        self.kind = kind
        numbers, counts = compiled.width_of(kind)
        self.numbers, self.counts = np.zeros((0, numbers)), np.zeros((0, counts), np.float32)
        self._free: list[int] = []

    def new(self) -> int:
        """A row of a series that has seen nothing."""
        if not self._free:
            self._grow()
        row = self._free.pop()
        compiled.begin(self.kind, self.numbers[row], self.counts[row])
        return row

    def free(self, row: int) -> None:
        """Take a row back."""
        self._free.append(row)

    def _grow(self) -> None:
        had = len(self.numbers)
        has = had + max(16, had // 2)
        for rows in (self.numbers, self.counts):
            rows.resize((has, rows.shape[1]), refcheck=False)
        self._free = list(range(has - 1, had - 1, -1))
