"""What happens to a pack: decode → store → derive (detect, judge, alert) → acknowledge, the same for every kind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import pyarrow as pa

from ioc import notify
from ioc.catalog.model import Catalog
from ioc.errors import BadPack, BrokerUnavailable, Unavailable
from ioc.packs import decode, utc_now
from ioc.records import DeadLetter, Record, event_id
from ioc.settings import Settings
from streams.agents.derive import derivers
from streams.agents.writer import Pack, Writer
from streams.packer import packs_of
from streams.topics import partition_of, topic_of

log = logging.getLogger(__name__)

_MAX_BACKOFF_S = 5.0
_MOST_RAW = 8 << 20  # bytes of a refused pack that its dead letter keeps, so that it fits into a pack itself


class Deriver(Protocol):
    """Makes records out of a stored pack: anomalies of readings, stances of posts, alerts of both."""

    async def derive(self, batch: pa.RecordBatch) -> Sequence[Record]:
        """Called once a pack, in the partition's order; again after a replay, with the same outcome."""

    def reset(self) -> None:
        """Partitions moved: forget what belongs to them."""


class Pipeline:
    """Owns the writer and the derivers of one worker."""

    def __init__(self, settings: Settings, catalog: Catalog, app: Any) -> None:
        self._settings, self._app = settings, app
        self._writer = Writer(settings)
        self._derivers: dict[str, Deriver] = derivers(settings, catalog)

    async def on_partitions_assigned(self, _app: Any, assigned: set[Any], **_: Any) -> None:
        """Partitions may come from another worker: what we remember of them is void."""
        self._writer.reset()
        for deriver in self._derivers.values():
            deriver.reset()
        log.info("assigned %d partitions", len(assigned))
        notify.ready()

    def agent(self, kind: str) -> Callable[[Any], Awaitable[None]]:
        """The agent function of one kind."""
        most = max(1, self._settings.insert_rows // self._settings.pack_records)
        within_s = max(self._settings.insert_linger_ms, 1) / 1000

        async def store(stream: Any) -> None:
            async for events in stream.noack_take(most, within=within_s):
                await self._process(kind, events)
                for event in events:
                    event.ack()

        return store

    async def _process(self, kind: str, events: Sequence[Any]) -> None:
        packs, letters = await asyncio.to_thread(_decode_all, kind, events)
        derived: list[Record] = list(letters)
        refused = await self._patiently(self._writer.write, kind, packs)
        for index, pack in enumerate(packs):
            if index in refused:
                derived.append(_dead_letter(pack, "", str(refused[index])))
            elif deriver := self._derivers.get(kind):
                derived += await self._derived(deriver, pack)
        if derived:
            await self._patiently(self._send, derived)

    async def _derived(self, deriver: Deriver, pack: Pack) -> Sequence[Record]:
        """What is made out of a stored pack; a fault in the making costs this pack its anomalies, not the worker its life."""
        try:
            records: Sequence[Record] = await self._patiently(deriver.derive, pack.batch)
        except Exception as error:
            log.exception("%s/%s/%s: %s failed", pack.topic, pack.partition, pack.offset, type(deriver).__name__)
            return [_dead_letter(pack, type(deriver).__name__, f"stored, but not examined: {error!r}")]
        return records

    async def _send(self, records: Sequence[Record]) -> None:
        groups: dict[tuple[str, str, int], list[Record]] = {}
        for record in records:
            partitions = self._app.consumer.topic_partitions(topic_of(record.kind)) or self._settings.partitions
            key = (record.kind, getattr(record, "source", "ioc"), partition_of(record, partitions))
            groups.setdefault(key, []).append(record)
        producer = self._app.producer
        try:
            for m in packs_of(groups, self._settings.pack_records):
                await producer.send_and_wait(m.topic, m.key, m.value, m.partition, None, m.headers)
        except Unavailable:
            raise
        except (
            Exception
        ) as error:  # the drivers' own errors: whatever they are, the pack must go out before it is acknowledged
            raise BrokerUnavailable(f"the broker did not take derived records: {error!r}") from error

    async def _patiently(self, call: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """Wait as long as it takes: the agent stands still, its buffer fills, and Faust stops fetching."""
        attempt = 0
        while True:
            try:
                return await call(*args)
            except Unavailable as error:
                attempt += 1
                pause = min(_MAX_BACKOFF_S, error.retry_after * 1.5**attempt / 2)
                log.warning("%s; trying again in %.1f s", error, pause)
                await asyncio.sleep(pause)


def _decode_all(kind: str, events: Sequence[Any]) -> tuple[list[Pack], list[DeadLetter]]:
    packs, dead = [], []
    for event in events:
        message = event.message
        headers = dict(message.headers or {})
        source = bytes(headers.get("source", b"")).decode(errors="replace") or "unknown"
        pack = Pack(message.topic, message.partition, message.offset, source, message.value or b"")
        try:
            if (told := bytes(headers.get("kind", kind.encode())).decode(errors="replace")) != kind:
                raise BadPack(source, "kind", f"the header says {told!r} on the topic {topic_of(kind)}")
            pack.batch = decode(pack.payload, kind, source, _count(source, headers))
            packs.append(pack)
        except BadPack as error:
            dead.append(_dead_letter(pack, error.field, error.reason))
    return packs, dead


def _count(source: str, headers: dict[str, Any]) -> int | None:
    if "count" not in headers:
        return None
    try:
        return int(headers["count"])
    except ValueError:
        raise BadPack(source, "count", f"the header {headers['count']!r} is not a number") from None


def _dead_letter(pack: Pack, field: str, reason: str) -> DeadLetter:
    now = utc_now()
    origin = f"{pack.topic}/{pack.partition}/{pack.offset}"
    return DeadLetter(
        event_id=event_id(origin, field, reason), received_at=now, source=pack.source, rejected_at=now,
        field=field, reason=reason, origin=origin, position=pack.offset, raw=pack.payload[:_MOST_RAW],
    )  # fmt: skip
