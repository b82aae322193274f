"""From bytes to the broker, the same for every way in: parse with the source's adapter, send records, rejects and contact.

Watcher, pollers, gateway and imports differ only in how the bytes reach us.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Literal

from ioc import metrics
from ioc.catalog.model import Catalog, Source
from ioc.packs import utc_now
from ioc.records import Freshness, Record, event_id
from streams.packer import Packer
from streams.sources.base import Arrival, Reject, adapter, dead_letter

_SLICE = 2000  # parts taken from an adapter before they are sent: bounds memory for large files
_CONTACT_EVERY_S = 1.0
_SHOWN = 20


@dataclass(frozen=True)
class Payload:
    """What arrived at once.

    Attributes:
        data: the bytes.
        origin: file name or URL, for people.
        hints: what the sender said beside it.
    """

    data: bytes
    origin: str
    hints: dict[str, str] = field(default_factory=dict)


@dataclass
class Receipt:
    """What became of a payload.

    Attributes:
        records, rejects: how many.
        first: the first rejects, for the sender.
        newest: the newest event time.
    """

    records: int = 0
    rejects: int = 0
    first: list[Reject] = field(default_factory=list)
    newest: datetime | None = None

    def count(self, parts: Sequence[Record | Reject]) -> None:
        """Add parts."""
        for part in parts:
            if isinstance(part, Reject):
                self.rejects += 1
                if len(self.first) < _SHOWN:
                    self.first.append(part)
                continue
            self.records += 1
            moment = getattr(part, part.event_time)
            if isinstance(moment, datetime) and (self.newest is None or moment > self.newest):
                self.newest = moment


class Intake:
    """Parses and sends; one a process.

    Args:
        catalog: of the province.
        packer: on the broker.
        key: secret of the pseudonyms; the same in every process of a system.
    """

    def __init__(self, catalog: Catalog, packer: Packer, key: str = "") -> None:
        self.catalog, self._packer, self._key = catalog, packer, key
        self._contacts: dict[str, Receipt] = {}
        self._sent: OrderedDict[bytes, None] = OrderedDict()

    @property
    def full(self) -> bool:
        """Whether callers should be told "not now"."""
        return self._packer.full

    def crowded_by(self, source_id: str) -> bool:
        """Whether this source alone takes half of the room."""
        return self._packer.crowded_by(source_id)

    async def take(self, source: Source, payloads: Sequence[Payload], *, once: bool = False) -> Receipt:
        """Return when the broker holds every record and every reject of all payloads.

        Args:
            source: of the catalogue.
            payloads: in the order they are to be stored.
            once: leave out what this process has sent before (a feed repeats its items at every poll).

        Raises:
            BrokerUnavailable: send the same again; identities make that harmless.
        """
        receipt, now = Receipt(), utc_now()
        parts = self._parts(source, payloads, now)
        while chunk := await asyncio.to_thread(lambda: list(islice(parts, _SLICE))):
            fresh = [part for part in chunk if not (once and self._known(part[1]))]
            receipt.count([part for _, part in fresh])
            await self._packer.put(source.id, [_record(source, *part) for part in fresh])
            if once:
                self._remember(part for _, part in fresh)
        self._contact(source.id, receipt)
        return receipt

    def _parts(
        self, source: Source, payloads: Sequence[Payload], now: datetime
    ) -> Iterator[tuple[Arrival, Record | Reject]]:
        parse = adapter(source.adapter)
        for payload in payloads:
            arrival = Arrival(now, payload.origin, self.catalog, payload.hints, self._key)
            for part in parse(payload.data, source, arrival):
                yield arrival, part

    def _known(self, part: Record | Reject) -> bool:
        return _content_key(part) in self._sent

    def _remember(self, parts: Iterator[Record | Reject]) -> None:
        for part in parts:
            self._sent[_content_key(part)] = None
        while len(self._sent) > 50_000:
            self._sent.popitem(last=False)

    def _contact(self, source_id: str, receipt: Receipt) -> None:
        metrics.TAKEN.labels(source_id).inc(receipt.records)
        metrics.TURNED_AWAY.labels(source_id).inc(receipt.rejects)
        known = self._contacts.setdefault(source_id, Receipt())
        known.records += receipt.records
        known.rejects += receipt.rejects
        known.newest = max((t for t in (known.newest, receipt.newest) if t), default=None)

    async def refuse(self, source: Source, origin: str, reason: str, sample: bytes) -> None:
        """Make a dead letter of something that no adapter should see: too large, or not what this way in takes."""
        arrival = Arrival(utc_now(), origin, self.catalog)
        reject = Reject("", reason, sample)
        await self._packer.put(source.id, [dead_letter(reject, source.id, arrival)])
        self._contact(source.id, Receipt(rejects=1, first=[reject]))

    async def failed(self, source_id: str, message: str) -> None:
        """Record a contact that brought nothing, with the reason."""
        await self._packer.put(source_id, [_freshness(source_id, Receipt(), "failed", message)])

    async def report_contacts(self) -> None:
        """Send what was counted since the last call, one record a source."""
        contacts, self._contacts = self._contacts, {}
        for source_id, receipt in contacts.items():
            state: Literal["ok", "partial"] = "partial" if receipt.rejects else "ok"
            message = f"{receipt.rejects} phần bị từ chối" if receipt.rejects else ""
            await self._packer.put(source_id, [_freshness(source_id, receipt, state, message)])

    async def keep_reporting(self) -> None:
        """Report contacts every second until cancelled."""
        while True:
            await asyncio.sleep(_CONTACT_EVERY_S)
            await self.report_contacts()


def _record(source: Source, arrival: Arrival, part: Record | Reject) -> Record:
    return dead_letter(part, source.id, arrival) if isinstance(part, Reject) else part


def _content_key(part: Record | Reject) -> bytes:
    """Equal for the same content, whenever it was received."""
    if isinstance(part, Reject):
        return event_id(part.field, part.reason, part.raw.hex()).encode()
    return event_id(*(getattr(part, name) for name in part.__struct_fields__ if name != "received_at")).encode()


def _freshness(source_id: str, receipt: Receipt, state: Literal["ok", "partial", "failed"], message: str) -> Freshness:
    now = utc_now()
    return Freshness(
        event_id=event_id("freshness", source_id, now, time.monotonic_ns()),
        received_at=now,
        source=source_id,
        checked_at=now,
        newest_at=receipt.newest,
        records=receipt.records,
        rejects=receipt.rejects,
        state=state,
        message=message[:500],
    )
