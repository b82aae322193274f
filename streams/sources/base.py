"""The contract of an adapter: a module of this package named after its format, with one function ``parse``.

    def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]

It yields in the order of the payload, never raises for what is in the payload (that is a `Reject`), reads no clock
(`arrival.received_at` is now), drops personal data before it yields, and fills `event_id` from the natural key only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import parse_qsl, urlencode

from ioc.catalog.model import Catalog, Source
from ioc.errors import ConfigurationError
from ioc.records import DeadLetter, Record, event_id
from streams.sources._numbers import masked_bytes, masked_numbers


@dataclass(frozen=True)
class Arrival:
    """How a payload reached us.

    Attributes:
        received_at: now, aware UTC.
        origin: file name or URL, for people.
        catalog: for names of agencies, areas and indicators.
        hints: what the sender said beside the payload (content type, ``station=…`` of an import).
        key: this system's secret for pseudonyms; without one they are only a veil, as few names can be tried out.
    """

    received_at: datetime
    origin: str
    catalog: Catalog
    hints: dict[str, str] = field(default_factory=dict)
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Names of files may hold bytes that are no text; records cannot."""
        object.__setattr__(self, "origin", _encodable(self.origin))
        object.__setattr__(self, "hints", {_encodable(k): _encodable(v) for k, v in self.hints.items()})

    @property
    def place(self) -> str:
        """Origin and hints in one text, from which `arrived_at` makes them again for a replay."""
        told = {name: value for name, value in self.hints.items() if name not in _NOT_FOR_REPLAY}
        if not told and _HINTS_FROM not in self.origin:
            return self.origin
        return f"{self.origin}{_HINTS_FROM}{urlencode(sorted(told.items()))}"


def arrived_at(place: str) -> tuple[str, dict[str, str]]:
    """Origin and hints of what `Arrival.place` told, to send a dead letter through its adapter again."""
    origin, found, told = place.rpartition(_HINTS_FROM)
    if not found:
        return place, {}
    return origin, dict(parse_qsl(told, keep_blank_values=True))


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


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

MOST_IN_A_ROW = 10_000  # a small gzip may hold millions of lines; so many dead letters would help nobody
_NOT_FORMATS = {"base", "times"}
_HINTS_FROM = " ?"
_NOT_FOR_REPLAY = {"content_type"}


@cache
def adapter_names() -> list[str]:
    """Names of all formats."""
    package = import_module("streams.sources")
    return sorted(
        m.name for m in iter_modules(package.__path__) if m.name not in _NOT_FORMATS and not m.name.startswith("_")
    )


def adapter(name: str) -> Parse:
    """The parse function of one format, which gives up after `MOST_IN_A_ROW` rejects with nothing good between.

    Raises:
        ConfigurationError: no such format.
    """
    if name not in adapter_names():
        raise ConfigurationError(f"no adapter {name!r} in streams/sources; there are {', '.join(adapter_names())}")
    parse: Parse = import_module(f"streams.sources.{name}").parse

    def bounded(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
        in_a_row = 0
        for part in parse(payload, source, arrival):
            yield part
            in_a_row = in_a_row + 1 if isinstance(part, Reject) else 0
            if in_a_row == MOST_IN_A_ROW and isinstance(part, Reject):
                reason = f"{in_a_row} parts in a row are refused, the last: {part.reason}; nothing after them is read"
                yield Reject(part.field, reason, b"" if source.personal else payload, part.position + 1)
                return

    return bounded


def size_fault(size: int, source: Source) -> str | None:
    """Why a payload of so many bytes is refused before anything reads it, or None."""
    limit = source.max_payload_mb
    return f"{size / 2**20:.1f} MB, this source may send {limit} MB at once; split it" if size > limit << 20 else None


def dead_letter(reject: Reject, source: str, arrival: Arrival) -> DeadLetter:
    """A reject as a record; the same bytes refused for the same reason are the same dead letter."""
    raw, reason = masked_bytes(reject.raw), masked_numbers(reject.reason)
    return DeadLetter(
        event_id=event_id(source, reject.field, reason, raw.hex() or arrival.place),
        received_at=arrival.received_at,
        source=source,
        rejected_at=arrival.received_at,
        field=reject.field,
        reason=reason,
        origin=arrival.place,
        position=reject.position,
        raw=raw,
    )


def time_fault(moment: datetime, source: Source, arrival: Arrival) -> str | None:
    """Why an event time cannot be, or None: too far ahead of our clock, or older than the source's memory."""
    if moment > arrival.received_at + source.max_future:
        return f"{moment.isoformat()} is in the future (more than {source.max_future_s} s ahead)"
    if moment < arrival.received_at - source.max_age:
        return f"{moment.isoformat()} is older than {source.max_age_days} days"
    return None
