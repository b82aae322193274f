"""JSON rows of foreign producers: one object, an array of objects, or one object a line, each validated alone.

A row has the fields of ``ioc schema KIND``. `event_id` may be left out: it is then made of the record's natural key, or
of the whole row where a kind has none. `received_at` may be left out: it is then the worker's clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from ioc.errors import BadPack
from ioc.records import KINDS, Record, event_id

_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, tzinfo=UTC)  # what the tables can keep


@dataclass(frozen=True)
class BadRow:
    """A row that is no record: the field at fault ("" for the row itself), why, and the row as it came."""

    field: str
    reason: str
    raw: bytes


def records_from_json(payload: bytes, kind: str, source: str, now: datetime) -> Iterator[Record | BadRow]:
    """The rows of a payload, in order.

    Args:
        payload: UTF-8 JSON.
        kind: of the records.
        source: of rows that do not name theirs; a row may not name another.
        now: aware UTC.

    Raises:
        BadPack: the payload is neither JSON nor JSON lines.
    """
    for raw in _rows(payload, source):
        try:
            yield _record(raw, kind, source, now)
        except msgspec.ValidationError as error:
            reason, _, path = str(error).partition(" - at `")
            field = path.removeprefix("$").strip(".`") or _named(reason)
            yield BadRow(field, reason, raw)


def _rows(payload: bytes, source: str) -> list[bytes]:
    try:
        if payload.lstrip()[:1] == b"[":
            return [bytes(raw) for raw in msgspec.json.decode(payload, type=list[msgspec.Raw])]
        lines = [line for line in payload.splitlines() if line.strip()]
        if len(lines) > 1 and _is_json(lines[0]):
            return lines
        if not _is_json(payload):
            raise BadPack(source, "payload", "is neither JSON nor JSON lines")
        return [payload]
    except msgspec.DecodeError as error:
        raise BadPack(source, "payload", f"is not JSON: {error}") from None


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def _record(raw: bytes, kind: str, source: str, now: datetime) -> Record:
    try:
        row = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        raise msgspec.ValidationError(f"is not JSON: {error}") from None
    given = row.get("event_id")
    row.setdefault("event_id", "")
    row.setdefault("received_at", now)
    record_type = KINDS[kind]
    if "source" in record_type.__struct_fields__ and row.setdefault("source", source) != source != "unknown":
        raise msgspec.ValidationError(f"is {row['source']!r}, the message comes from {source!r} - at `$.source`")
    unknown = row.keys() - set(record_type.__struct_fields__)
    if unknown:
        raise msgspec.ValidationError(f"is no field of {kind} - at `$.{min(unknown)}`")
    record = _in_utc(msgspec.convert(row, record_type))
    return record if given else msgspec.structs.replace(record, event_id=_identity(record, raw))


def _identity(record: Record, raw: bytes) -> str:
    if record.natural_key:
        return event_id(*(getattr(record, name) for name in record.natural_key))
    return event_id(record.kind, raw.hex())


def _in_utc(record: Record) -> Record:
    """The same record with times in UTC at the millisecond that tables keep."""
    changes: dict[str, Any] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, datetime):
            value = _kept(value, name)
            changes[name] = value
        elif isinstance(value, date) and not _EARLIEST.date() <= value <= _LATEST.date():
            raise msgspec.ValidationError(f"is before 1900 or after 2299, which the tables cannot keep - at `$.{name}`")
    return msgspec.structs.replace(record, **changes)


def _kept(moment: datetime, name: str) -> datetime:
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = datetime.max.replace(tzinfo=UTC)
    if not _EARLIEST <= moment <= _LATEST:
        raise msgspec.ValidationError(f"is before 1900 or after 2299, which the tables cannot keep - at `$.{name}`")
    return moment - timedelta(microseconds=moment.microsecond % 1000)


def _named(reason: str) -> str:
    """The field that a message about a missing field names in words."""
    return reason.split("`")[1] if "`" in reason else ""
