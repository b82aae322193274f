"""Packs: many records of one kind as one Arrow IPC stream of one record batch, the payload of every message.

The Arrow schema is derived from the record's Struct and equals the table's columns, so a pack goes from the adapter
to ClickHouse without becoming Python objects again (Faust's cost is per message, shared DESIGN, "Speed").
"""

from __future__ import annotations

import struct
import types
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ioc.errors import BadPack
from ioc.records import KINDS, Record

CONTENT_TYPE = "application/vnd.apache.arrow.stream"
MAX_RECORDS = 100_000
MAX_DECODED_BYTES = 256 * 1024 * 1024

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    bytes: pa.binary(),
    datetime: pa.timestamp("ms", tz="UTC"),
    date: pa.date32(),
}
_KEPT: dict[pa.DataType, tuple[pa.Scalar, pa.Scalar]] = {  # what DateTime64(3) and Date32 can hold
    kind: (pa.scalar(lowest, kind), pa.scalar(highest, kind))
    for kind, lowest, highest in (
        (_SCALARS[datetime], datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, tzinfo=UTC)),
        (_SCALARS[date], date(1900, 1, 1), date(2299, 12, 31)),
    )
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
    """The one record batch of a payload; everything that can be told from its headers is checked before it is read.

    Args:
        payload: an Arrow IPC stream.
        kind: the kind the topic carries; the schema must be its schema, but that columns with a default may be missing.
        source: for the error only.
        count: records the header announced, if it did.

    Raises:
        BadPack: another schema, not one batch, compressed, more records than allowed, a count that lies, offsets or
            texts that are none, a missing value where the record needs one, a time that the tables cannot keep.
    """
    if len(payload) > MAX_DECODED_BYTES:
        raise BadPack(source, "payload", f"a pack of {len(payload)} bytes is too large")
    try:
        batch = _read(payload, kind, source)
    except (pa.ArrowException, OSError, EOFError, struct.error, UnicodeDecodeError) as error:
        raise BadPack(source, "payload", f"not an Arrow IPC stream: {error}") from None
    if count is not None and count != batch.num_rows:
        raise BadPack(source, "count", f"the header says {count} records, the pack holds {batch.num_rows}")
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if column.null_count and not field.nullable:
            raise BadPack(source, field.name, "is missing in some records")
        if field.type in _KEPT and not _is_kept(column):
            raise BadPack(source, field.name, "is before 1900 or after 2299, which the tables cannot keep")
    return batch


def _is_kept(column: pa.Array) -> bool:
    lowest, highest = _KEPT[column.type]
    extremes = pc.min_max(column)
    return extremes["min"].value is None or bool(
        extremes["min"].value >= lowest.value and extremes["max"].value <= highest.value
    )


def _read(payload: bytes, kind: str, source: str) -> pa.RecordBatch:
    messages = list(pa.ipc.MessageReader.open_stream(payload))  # slices of the payload, nothing is unpacked yet
    if not messages or messages[0].type != "schema":
        raise BadPack(source, "payload", "not an Arrow IPC stream: it does not begin with a schema")
    schema = pa.ipc.read_schema(messages[0])
    if not schema.equals(arrow_schema(kind)) and not schema.equals(_earlier_schema(kind, schema.names)):
        raise BadPack(source, "schema", f"the {len(schema)} columns are not those of {kind}")
    if [message.type for message in messages[1:]] != ["record batch"]:
        raise BadPack(source, "payload", f"a pack holds one record batch, this one {len(messages) - 1}")
    rows, compressed = _announced(messages[1].metadata.to_pybytes())
    if compressed:  # a few kilobytes could unpack to gigabytes; the broker compresses anyway
        raise BadPack(source, "payload", "a pack may not be compressed")
    if rows > MAX_RECORDS:
        raise BadPack(source, "payload", f"a pack of {rows} records is too large, {MAX_RECORDS} at most")
    batch = pa.ipc.read_record_batch(messages[1], schema)
    batch.validate(full=True)
    return batch if len(schema) == len(arrow_schema(kind)) else _completed(batch, kind)


def _earlier_schema(kind: str, names: Sequence[str]) -> pa.Schema:
    """The schema as it was before columns with a default were added: packs may wait on the broker for a newer version."""
    defaults = _defaults(kind)
    return pa.schema([field for field in arrow_schema(kind) if field.name in names or field.name not in defaults])


def _completed(batch: pa.RecordBatch, kind: str) -> pa.RecordBatch:
    """With the defaults of the columns that an earlier version did not know."""
    schema, defaults, had = arrow_schema(kind), _defaults(kind), set(batch.schema.names)
    columns = [
        batch.column(f.name) if f.name in had else pa.array([defaults[f.name]] * batch.num_rows, f.type) for f in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@cache
def _defaults(kind: str) -> dict[str, Any]:
    """The fields of a record that need not be given."""
    found = {}
    for field in msgspec.structs.fields(KINDS[kind]):
        if field.default is not msgspec.NODEFAULT:
            found[field.name] = field.default
        elif field.default_factory is not msgspec.NODEFAULT:
            found[field.name] = field.default_factory()
    return found


def _announced(header: bytes) -> tuple[int, bool]:
    """Rows and "is compressed" from a record batch's flatbuffer (Arrow format/Message.fbs; pyarrow does not tell)."""

    def field(table: int, index: int) -> int:
        vtable = table - int.from_bytes(header[table : table + 4], "little", signed=True)
        size, entry = struct.unpack_from("<H", header, vtable)[0], 4 + 2 * index
        offset = struct.unpack_from("<H", header, vtable + entry)[0] if entry < size else 0
        return table + offset if offset else 0

    def target(position: int) -> int:
        return int(position + struct.unpack_from("<I", header, position)[0])

    batch = target(field(target(0), 2))  # Message: version, header type, header
    length = field(batch, 0)  # RecordBatch: length, nodes, buffers, compression
    return (struct.unpack_from("<q", header, length)[0] if length else 0), field(batch, 3) != 0


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
