"""What a query has read and written until now, as the headers X-ClickHouse-Summary and X-ClickHouse-Progress tell it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

_NAMES = (
    "read_rows", "read_bytes", "written_rows", "written_bytes", "total_rows_to_read", "result_rows", "result_bytes",
)  # fmt: skip


class Counts:
    """The counts of one query; its time begins now."""

    def __init__(self) -> None:
        self._began = time.monotonic_ns()
        self._counts = dict.fromkeys(_NAMES, 0)

    def take(self, counts: Mapping[str, int]) -> None:
        """Take over what the engine tells, every tenth of a second and at the end; no count goes back."""
        for name in _NAMES:
            self._counts[name] = max(self._counts[name], counts.get(name, 0))

    @property
    def read_rows(self) -> int:
        """Rows read until now."""
        return self._counts["read_rows"]

    @property
    def text(self) -> str:
        """The header's value."""
        counts = self._counts | {"elapsed_ns": time.monotonic_ns() - self._began}
        return json.dumps({name: str(count) for name, count in counts.items()}, separators=(",", ":"))
