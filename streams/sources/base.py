"""The contract of an adapter: a module of this package named after its format, with one function ``parse``.

    def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]

It yields in the order of the payload, never raises for what is in the payload (that is a `Reject`), reads no clock
(`arrival.received_at` is now), drops personal data before it yields, and fills `event_id` from the natural key only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from ioc.catalog.model import Catalog, Source
from ioc.errors import ConfigurationError
from ioc.records import DeadLetter, Record, event_id


@dataclass(frozen=True)
class Arrival:
    """How a payload reached us.

    Attributes:
        received_at: now, aware UTC.
        origin: file name or URL, for people.
        catalog: for names of agencies, areas and indicators.
        hints: what the sender said beside the payload (content type, ``station=…`` of an import).
    """

    received_at: datetime
    origin: str
    catalog: Catalog
    hints: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reject:
    """One part of a payload that cannot be a record.

    Attributes:
        field: the field at fault, empty for the whole part.
        reason: one sentence for the people who send it.
        raw: the bytes of that part (a line, an item), enough to replay it through the same adapter.
        position: 1-based line or item, 0 for the whole payload.
    """

    field: str
    reason: str
    raw: bytes
    position: int = 0


Parse = Callable[[bytes, Source, Arrival], Iterator[Record | Reject]]

_NOT_FORMATS = {"base", "times"}


def adapter_names() -> list[str]:
    """Names of all formats."""
    package = import_module("streams.sources")
    return sorted(
        m.name for m in iter_modules(package.__path__) if m.name not in _NOT_FORMATS and not m.name.startswith("_")
    )


def adapter(name: str) -> Parse:
    """The parse function of one format.

    Raises:
        ConfigurationError: no such format.
    """
    if name not in adapter_names():
        raise ConfigurationError(f"no adapter {name!r} in streams/sources; there are {', '.join(adapter_names())}")
    parse: Parse = import_module(f"streams.sources.{name}").parse
    return parse


def dead_letter(reject: Reject, source: str, arrival: Arrival) -> DeadLetter:
    """A reject as a record; the same bytes refused for the same reason are the same dead letter."""
    return DeadLetter(
        event_id=event_id(source, reject.field, reject.reason, reject.raw.hex()),
        received_at=arrival.received_at,
        source=source,
        rejected_at=arrival.received_at,
        field=reject.field,
        reason=reject.reason,
        origin=arrival.origin,
        position=reject.position,
        raw=reject.raw,
    )


def time_fault(moment: datetime, source: Source, arrival: Arrival) -> str | None:
    """Why an event time cannot be, or None: too far ahead of our clock, or older than the source's memory."""
    if moment > arrival.received_at + source.max_future:
        return f"{moment.isoformat()} is in the future (more than {source.max_future_s} s ahead)"
    if moment < arrival.received_at - source.max_age:
        return f"{moment.isoformat()} is older than {source.max_age_days} days"
    return None
