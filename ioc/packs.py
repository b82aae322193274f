"""Packs: many records of one kind as one Arrow IPC stream of one record batch, the payload of every message.

The Arrow schema is derived from the record's Struct and equals the table's columns, so a pack goes from the adapter
to ClickHouse without becoming Python objects again (Faust's cost is per message, shared DESIGN, "Speed").
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from ioc.errors import BadPack
from ioc.records import KINDS, Record

CONTENT_TYPE = "application/vnd.apache.arrow.stream"
MAX_RECORDS = 100_000
MAX_DECODED_BYTES = 256 * 1024 * 1024

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bytes: pa.binary(),
    datetime: pa.timestamp("ms", tz="UTC"),
    date: pa.date32(),
}


@cache
def arrow_schema(kind: str) -> pa.Schema:
    """The Arrow schema of one kind of record, columns in the Struct's order."""
    hints = get_type_hints(KINDS[kind])
    return pa.schema([_arrow_field(field.name, hints[field.name]) for field in msgspec.structs.fields(KINDS[kind])])


def _arrow_field(name: str, hint: Any) -> pa.Field:
    nullable = False
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
        nullable = True
    if get_origin(hint) is list:
        return pa.field(name, pa.list_(pa.field("item", _SCALARS[get_args(hint)[0]], nullable=False)), nullable=False)
    scalar = pa.string() if get_origin(hint) is Literal else _SCALARS[hint]
    return pa.field(name, scalar, nullable=nullable)


def batch_of(records: Sequence[Record]) -> pa.RecordBatch:
    """One record batch of records of one kind; at least one record."""
    schema = arrow_schema(records[0].kind)
    columns = [pa.array([getattr(r, f.name) for r in records], type=f.type) for f in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def records_of(batch: pa.RecordBatch, kind: str) -> list[Record]:
    """The records of a batch as Structs again; for the few places that need them one by one."""
    return [msgspec.convert(row, KINDS[kind]) for row in batch.to_pylist()]


def encode(batch: pa.RecordBatch) -> bytes:
    """The payload of a message."""
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, batch.schema) as writer:
        writer.write_batch(batch)
    return out.getvalue().to_pybytes()  # type: ignore[no-any-return]


def headers_of(kind: str, source: str, count: int) -> list[tuple[str, bytes]]:
    """The headers of a message; `decode` holds the payload against them."""
    return [
        ("kind", kind.encode()),
        ("source", source.encode()),
        ("count", str(count).encode()),
        ("content-type", CONTENT_TYPE.encode()),
    ]


def decode(payload: bytes, kind: str, source: str = "", count: int | None = None) -> pa.RecordBatch:
    """The one record batch of a payload.

    Args:
        payload: an Arrow IPC stream.
        kind: the kind the topic carries; the schema must be exactly its schema.
        source: for the error only.
        count: records the header announced, if it did.

    Raises:
        BadPack: another schema, not one batch, more records than allowed, or a count that lies.
    """
    try:
        with pa.ipc.open_stream(payload) as reader:
            if not reader.schema.equals(arrow_schema(kind)):
                raise BadPack(source, "schema", f"the columns are not those of {kind}: {reader.schema.names}")
            batches = list(reader)
    except pa.ArrowException as error:
        raise BadPack(source, "payload", f"not an Arrow IPC stream: {error}") from None
    if len(batches) != 1:
        raise BadPack(source, "payload", f"a pack holds one record batch, this one {len(batches)}")
    batch = batches[0]
    if batch.num_rows > MAX_RECORDS or batch.nbytes > MAX_DECODED_BYTES:
        raise BadPack(source, "payload", f"a pack of {batch.num_rows} records and {batch.nbytes} bytes is too large")
    if count is not None and count != batch.num_rows:
        raise BadPack(source, "count", f"the header says {count} records, the pack holds {batch.num_rows}")
    for name in (f.name for f in batch.schema if not f.nullable):
        if batch.column(name).null_count:
            raise BadPack(source, name, "is missing in some records")
    return batch


def group_by_kind(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Records of mixed kinds, order kept within a kind."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.kind, []).append(record)
    return groups


def utc_now() -> datetime:
    """The clock, truncated to the milliseconds that packs and tables keep."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
