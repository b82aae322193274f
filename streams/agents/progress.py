"""How far each partition is: what is done, what the broker holds, and offsets that were deleted before they were read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Place(NamedTuple):
    """A partition of a topic; equal to Faust's own."""

    topic: str
    partition: int


@dataclass
class _Partition:
    position: int | None = None  # the next offset to be done
    moved_at: float = field(default_factory=time.monotonic)
    newest: float = 0.0  # the broker's time of the last message done, seconds since 1970
    end: int = 0


class Progress:
    """Of one worker; forgets a partition that is no longer assigned."""

    def __init__(self) -> None:
        self._partitions: dict[Place, _Partition] = {}

    def assigned(self, places: Iterable[Place]) -> None:
        """Start anew with these partitions."""
        self._partitions = {place: _Partition() for place in places}

    def position(self, place: Place) -> int | None:
        """The next offset to be done, None before the first."""
        known = self._partitions.get(place)
        return known.position if known else None

    def done(self, place: Place, offset: int, timestamp: float) -> None:
        """Everything up to this offset is stored and examined."""
        known = self._partitions.setdefault(place, _Partition())
        if known.position is None or offset >= known.position:
            known.position, known.moved_at, known.newest = offset + 1, time.monotonic(), timestamp

    def ends(self, ends: Mapping[Place, int], committed: Mapping[Place, int | None]) -> None:
        """What the broker says its next offsets are, and where the group goes on, for partitions without a message yet."""
        for place, end in ends.items():
            if known := self._partitions.get(place):
                if known.position is None:
                    known.position = committed.get(place)
                if known.end <= (known.position or 0):
                    known.moved_at = time.monotonic()  # there was nothing to do until now
                known.end = end

    def lag(self) -> dict[str, int]:
        """Messages not done yet, by topic."""
        found: dict[str, int] = {}
        for place, known in self._partitions.items():
            found[place.topic] = found.get(place.topic, 0) + max(known.end - (known.position or 0), 0)
        return found

    def age(self, now: float) -> dict[str, float]:
        """Seconds since the broker took the last message that is done, where others wait behind it; 0 elsewhere."""
        found: dict[str, float] = {}
        for place, known in self._partitions.items():
            waits = known.end > (known.position or 0)
            age = now - known.newest if waits and known.newest else 0.0
            found[place.topic] = max(found.get(place.topic, 0.0), age)
        return found

    def stalled(self, patience_s: float, excused: Iterable[str] = ()) -> list[Place]:
        """Partitions that have lag and have not moved for so long, but for those of excused topics."""
        now, excused = time.monotonic(), set(excused)
        return [
            place for place, known in self._partitions.items()
            if known.end > (known.position or 0) and now - known.moved_at > patience_s and place.topic not in excused
        ]  # fmt: skip

    def __len__(self) -> int:
        return len(self._partitions)


def committed(app: Any, place: Place) -> int | None:
    """Where the group goes on as far as this worker knows; Faust has no public way to ask."""
    offset: int | None = app.consumer._committed_offset.get(place)
    return offset
