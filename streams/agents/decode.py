"""From a message to a pack that may be stored: Arrow packs of ours, JSON rows of foreign producers, and what is in neither.

The header ``content-type`` tells them apart. A pack is refused as a whole, a row alone. Rows whose event time lies too
far ahead of the clock are taken out of either and become dead letters; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ioc.catalog.model import Catalog
from ioc.errors import BadPack
from ioc.packs import CONTENT_TYPE, MAX_RECORDS, batch_of, decode
from ioc.records import KINDS, DeadLetter, event_id
from streams.agents.rows import BadRow, records_from_json
from streams.topics import topic_of

JSON_TYPES = ("application/json", "application/x-ndjson", "application/ndjson")
_MOST_RAW = 8 << 20  # bytes of a refused pack that its dead letter keeps, so that it fits into a pack itself
_FROM_OUTSIDE = (
    "readings",
    "dossiers",
    "posts",
    "cyber_events",
    "verdicts",
)  # whose event time the clock can contradict
_MAX_FUTURE = timedelta(minutes=10)  # of sources that the catalogue does not know


@dataclass
class Pack:
    """A message on its way into the store.

    Attributes:
        batch: its records, None where it was refused.
        letters: what became of the rest.
    """

    topic: str
    partition: int
    offset: int
    source: str
    payload: bytes
    batch: pa.RecordBatch | None = None
    letters: list[DeadLetter] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it lies in the broker."""
        return f"{self.topic}/{self.partition}/{self.offset}"


def decoded(kind: str, messages: Sequence[Any], catalog: Catalog, now: datetime) -> list[Pack]:
    """A pack for each message, in order; never raises for what is in a message.

    Args:
        kind: the kind that the topic carries.
        messages: of the broker: topic, partition, offset, key, value, headers.
        catalog: says how far ahead of the clock a source's event times may be.
        now: aware UTC.
    """
    return [_decoded(kind, message, catalog, now) for message in messages]


def dead_letter(pack: Pack, where: str, reason: str, now: datetime, raw: bytes | None = None) -> DeadLetter:
    """The dead letter of a pack, or of the one row of it that `raw` is."""
    content = pack.payload if raw is None else raw
    row = () if raw is None else (raw.hex(),)
    return DeadLetter(
        event_id=event_id(pack.place, where, reason, *row), received_at=now, source=pack.source, rejected_at=now,
        field=where, reason=reason, origin=pack.place, position=pack.offset, raw=content[:_MOST_RAW],
    )  # fmt: skip


def _decoded(kind: str, message: Any, catalog: Catalog, now: datetime) -> Pack:
    pack = Pack(message.topic, message.partition, message.offset, "unknown", message.value or b"")
    try:
        headers = _headers(message)
        pack.source = _source(headers, message.key)
        if (told := headers.get("kind", kind)) != kind:
            raise BadPack(pack.source, "kind", f"the header says {told!r} on the topic {topic_of(kind)}")
        content_type = headers.get("content-type", CONTENT_TYPE).partition(";")[0].strip().lower()
        if content_type in JSON_TYPES:
            _take_rows(pack, kind, now)
        elif content_type == CONTENT_TYPE:
            pack.batch = decode(pack.payload, kind, pack.source, _count(pack.source, headers))
        else:
            raise BadPack(pack.source, "content-type", f"{content_type!r} is neither {CONTENT_TYPE} nor JSON")
    except BadPack as error:
        pack.letters.append(dead_letter(pack, error.field, error.reason, now))
    if pack.batch is not None and kind in _FROM_OUTSIDE:
        _take_out_future(pack, kind, catalog, now)
    return pack


def _headers(message: Any) -> dict[str, str]:
    pairs = message.headers.items() if isinstance(message.headers, dict) else message.headers or ()
    try:
        return {name: bytes(value or b"").decode() for name, value in pairs}
    except UnicodeDecodeError:
        raise BadPack("unknown", "headers", "are not UTF-8 text") from None


def _source(headers: dict[str, str], key: bytes | None) -> str:
    """Who sent it: the header, else the key."""
    if source := headers.get("source"):
        return source
    try:
        return bytes(key or b"").decode() or "unknown"
    except UnicodeDecodeError:
        raise BadPack("unknown", "key", "without the header 'source' the key names it, and it is not UTF-8") from None


def _count(source: str, headers: dict[str, str]) -> int | None:
    if "count" not in headers:
        return None
    try:
        return int(headers["count"])
    except ValueError:
        raise BadPack(source, "count", f"the header {headers['count']!r} is not a number") from None


def _take_rows(pack: Pack, kind: str, now: datetime) -> None:
    good = []
    for found in records_from_json(pack.payload, kind, pack.source, now):
        if isinstance(found, BadRow):
            pack.letters.append(dead_letter(pack, found.field, found.reason, now, found.raw))
        else:
            good.append(found)
    if len(good) > MAX_RECORDS:
        raise BadPack(pack.source, "payload", f"{len(good)} rows are too many for one message, {MAX_RECORDS} at most")
    if good:
        pack.batch = batch_of(good)


def _take_out_future(pack: Pack, kind: str, catalog: Catalog, now: datetime) -> None:
    """Whoever received a row has held it against its own clock; a worker whose clock is behind must not refuse it."""
    batch = pack.batch
    assert batch is not None  # noqa: S101 - asked before
    if not batch.num_rows:
        return
    source = catalog.sources.get(pack.source)
    allowed = source.max_future if source else _MAX_FUTURE
    latest = int((now + allowed).timestamp() * 1000)
    if pc.max(batch.column(KINDS[kind].event_time)).value <= latest:
        return
    times, received = (batch.column(name).cast(pa.int64()) for name in (KINDS[kind].event_time, "received_at"))
    clock = pc.max_element_wise(received, int(now.timestamp() * 1000))
    ahead = pc.greater(times, pc.add(clock, int(allowed.total_seconds() * 1000)))
    if not pc.any(ahead).as_py():
        return
    for row in batch.filter(ahead).to_pylist():
        far = row[KINDS[kind].event_time] - max(now, row["received_at"])
        reason = f"is {far} ahead of our clock; this source may be {allowed} ahead"
        pack.letters.append(dead_letter(pack, KINDS[kind].event_time, reason, now, msgspec.json.encode(row)))
    pack.batch = batch.filter(pc.invert(ahead))
