"""Records made up from their Structs, and tables of them as the worker hands them to the sink."""

from __future__ import annotations

import types
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from ioc.packs import batch_of
from ioc.records import KINDS, Record, event_id

START = datetime(2026, 11, 24, 3, 15, 0, 123000, tzinfo=UTC)


def sample(kind: str, number: int = 0, **fields: Any) -> Record:
    """The record `number` of a kind: every field filled, `fields` taken as they are."""
    values = {name: _value(name, hint, number) for name, hint in _fields(kind)}
    return KINDS[kind](**(values | {"event_id": event_id(kind, number)} | fields))


@cache
def _fields(kind: str) -> list[tuple[str, Any]]:
    hints = get_type_hints(KINDS[kind])
    return [(field.name, hints[field.name]) for field in msgspec.structs.fields(KINDS[kind])]


def _value(name: str, hint: Any, number: int) -> Any:
    if get_origin(hint) is Annotated:
        return _value(name, get_args(hint)[0], number)
    if get_origin(hint) in (Union, types.UnionType):
        return _value(name, next(arg for arg in get_args(hint) if arg is not type(None)), number)
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if get_origin(hint) is list:
        return [f"{name} 1", "dấu nháy ' và \\ chéo"]
    plain = {
        str: f"{name} Thanh Hóa {number}",
        int: number,
        bool: number % 2 == 0,
        float: number + 0.25,
        bytes: bytes([number % 256, 0, 255]),
        datetime: START + timedelta(minutes=number),
        date: date(2026, 1 + number % 12, 1),
    }
    return plain[hint]


def table_of(records: Sequence[Record], topic: str = "ioc.test", partition: int = 0, offset: int = 0) -> pa.Table:
    """The table that the worker inserts for one pack."""
    table = pa.Table.from_batches([batch_of(records)])
    rows = table.num_rows
    table = table.append_column("_topic", pa.repeat(pa.scalar(topic), rows))
    table = table.append_column("_partition", pa.repeat(pa.scalar(partition, pa.int32()), rows))
    return table.append_column("_offset", pa.repeat(pa.scalar(offset, pa.int64()), rows))
