"""Packs: what goes in comes out for every kind, and no payload that lies, is cut, or is a bomb gets further than `decode`."""

from __future__ import annotations

import struct
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc import packs
from ioc.errors import BadInput, BadPack
from ioc.packs import arrow_schema, batch_of, decode, encode, group_by_kind, headers_of, records_of
from ioc.records import KINDS, Record

MB = 1 << 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=20),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=20),
    datetime: st.integers(-2_208_988_800_000, 10_000_000_000_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms)),
    date: st.dates(date(1900, 1, 1), date(2299, 12, 31)),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is list:
        return st.lists(values(get_args(hint)[0]), max_size=3)
    if hint in SCALARS:
        return SCALARS[hint]
    return st.none() | values(next(arg for arg in get_args(hint) if arg is not type(None)))


def records(kind: str) -> st.SearchStrategy[Record]:
    hints = get_type_hints(KINDS[kind])
    fields = [field.name for field in msgspec.structs.fields(KINDS[kind])]
    return st.builds(KINDS[kind], **{name: values(hints[name]) for name in fields})


def example(kind: str = "readings") -> Record:
    found: dict[str, Any] = {
        str: "x",
        int: 1,
        float: 1.0,
        bool: True,
        bytes: b"x",
        datetime: EPOCH,
        date: date(2026, 1, 1),
    }
    hints = get_type_hints(KINDS[kind])
    fields = [field.name for field in msgspec.structs.fields(KINDS[kind]) if field.required]

    def one(hint: Any) -> Any:
        if get_origin(hint) is Literal:
            return get_args(hint)[0]
        if get_origin(hint) is list:
            return []
        return found.get(hint)

    return KINDS[kind](**{name: one(hints[name]) for name in fields})


def payload_of(batch: pa.RecordBatch, *more: pa.RecordBatch, **options: Any) -> bytes:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, batch.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for one in (batch, *more):
            writer.write_batch(one)
    return out.getvalue().to_pybytes()


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_in_comes_out(kind: str) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(records(kind), min_size=1, max_size=5))
    def holds(group: list[Record]) -> None:
        batch = decode(encode(batch_of(group)), kind, "s", len(group))
        assert records_of(batch, kind) == group

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_has_the_structs_fields_in_order(kind: str) -> None:
    schema, hints = arrow_schema(kind), get_type_hints(KINDS[kind])
    assert schema.names == [field.name for field in msgspec.structs.fields(KINDS[kind])]
    for field in schema:
        assert field.nullable == (type(None) in get_args(hints[field.name]))


def test_the_headers_say_what_is_inside() -> None:
    headers = dict(headers_of("readings", "env-stations", 3))
    assert headers == {
        "kind": b"readings",
        "source": b"env-stations",
        "count": b"3",
        "content-type": b"application/vnd.apache.arrow.stream",
    }


@pytest.mark.parametrize("count", [0, 1, 3, -1, 10**9])
def test_a_count_that_lies(count: int) -> None:
    with pytest.raises(BadPack, match=f"the header says {count} records, the pack holds 2") as error:
        decode(encode(batch_of([example()] * 2)), "readings", "env", count)
    assert (error.value.source, error.value.field) == ("env", "count")
    assert isinstance(error.value, BadInput)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "readings"])
def test_another_kind_has_another_schema(kind: str) -> None:
    with pytest.raises(BadPack, match="the columns are not those of readings|columns are not those"):
        decode(encode(batch_of([example(kind)])), "readings")


@pytest.mark.parametrize(
    "changed",
    [
        lambda s: s.remove(0),
        lambda s: s.append(pa.field("more", pa.string())),
        lambda s: s.set(7, pa.field("value", pa.float32())),
        lambda s: s.set(5, pa.field("metric", pa.dictionary(pa.int32(), pa.string()), nullable=False)),
        lambda s: s.set(2, s.field(2).with_nullable(True)),
        lambda s: pa.schema(reversed(list(s))),
    ],
)
def test_a_schema_that_is_almost_right(changed: Callable[[pa.Schema], pa.Schema]) -> None:
    schema = changed(arrow_schema("readings"))
    batch = pa.RecordBatch.from_arrays([pa.array([], f.type) for f in schema], schema=schema)
    with pytest.raises(BadPack) as error:
        decode(payload_of(batch), "readings")
    assert error.value.field == "schema"


@pytest.mark.parametrize("kind", KINDS)
def test_a_pack_of_an_earlier_version_gets_the_defaults_of_columns_that_came_later(kind: str) -> None:
    whole = batch_of([example(kind)])
    later = [f.name for f in msgspec.structs.fields(KINDS[kind]) if not f.required]
    for missing in (later[-1:], later):
        earlier = decode(encode(whole.drop_columns(missing)), kind)
        assert earlier.schema == arrow_schema(kind)
        given = {name: value for name, value in whole.to_pylist()[0].items() if name not in missing}
        assert records_of(earlier, kind) == [msgspec.convert(given, KINDS[kind])]


def test_a_pack_is_exactly_one_batch() -> None:
    batch = batch_of([example()])
    with pytest.raises(BadPack, match="a pack holds one record batch, this one 3"):
        decode(payload_of(batch, batch, batch), "readings")
    with pytest.raises(BadPack, match="a pack holds one record batch, this one 0"):
        decode(empty_stream(), "readings")


def empty_stream() -> bytes:
    out = pa.BufferOutputStream()
    pa.ipc.new_stream(out, arrow_schema("readings")).close()
    return out.getvalue().to_pybytes()


def test_many_batches_are_counted_and_not_read() -> None:
    batch = batch_of([example()] * 2000)
    payload = payload_of(batch, *[batch] * 200)
    with pytest.raises(BadPack, match="this one 201"), cheap(megabytes=2, seconds=1):
        decode(payload, "readings")


@pytest.mark.parametrize("name", ["source", "observed_at", "event_id"])
def test_a_missing_value_where_the_record_needs_one(name: str) -> None:
    batch = batch_of([example()] * 2)
    index = batch.schema.get_field_index(name)
    broken = pa.array([batch.column(index)[0].as_py(), None], batch.schema.field(index).type)
    columns = [broken if i == index else column for i, column in enumerate(batch.columns)]
    with pytest.raises(BadPack, match="is missing in some records") as error:
        decode(encode(pa.RecordBatch.from_arrays(columns, schema=batch.schema)), "readings")
    assert error.value.field == name


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("readings", "observed_at", datetime(1899, 12, 31, tzinfo=UTC)),
        ("readings", "received_at", datetime(2300, 1, 1, tzinfo=UTC)),
        ("forecasts", "period", date(1, 1, 1)),
        ("dossiers", "due_at", datetime(9999, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_that_the_tables_cannot_keep(kind: str, name: str, value: date) -> None:
    group = [example(kind), msgspec.structs.replace(example(kind), **{name: value})]
    with pytest.raises(BadPack, match="which the tables cannot keep") as error:
        decode(encode(batch_of(group)), kind)
    assert error.value.field == name


def test_too_many_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "MAX_RECORDS", 2)
    decode(encode(batch_of([example()] * 2)), "readings")
    with pytest.raises(BadPack, match="a pack of 3 records is too large"):
        decode(encode(batch_of([example()] * 3)), "readings")


def test_a_lie_about_the_length_of_the_batch_is_found_before_it_is_read() -> None:
    payload = encode(batch_of([example()] * 2))
    lying = payload.replace(struct.pack("<qq", 2, 0), struct.pack("<qq", 2**40, 0))
    at = payload.rindex(struct.pack("<q", 2), 0, payload.index(b"xx"))
    for data in (lying, payload[:at] + struct.pack("<q", 2**60) + payload[at + 8 :]):
        with pytest.raises(BadPack), cheap(megabytes=2, seconds=1):
            decode(data, "readings")


class cheap:
    """The block allocates and takes no more; also of Arrow's own memory."""

    def __init__(self, *, megabytes: float, seconds: float) -> None:
        self.megabytes, self.seconds = megabytes, seconds

    def __enter__(self) -> None:
        self.arrow, self.began = pa.total_allocated_bytes(), time.process_time()
        tracemalloc.start()

    def __exit__(self, *_: object) -> None:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert time.process_time() - self.began < self.seconds
        assert peak + pa.total_allocated_bytes() - self.arrow < self.megabytes * MB


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
def test_a_compression_bomb_is_refused_unread(codec: str) -> None:
    bomb = payload_of(
        batch_of([msgspec.structs.replace(example("dead_letters"), raw=b"\0" * (200 * MB))]), compression=codec
    )
    assert len(bomb) < 2 * MB
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(BadPack, match="may not be compressed"), cheap(megabytes=1, seconds=0.5):
        decode(bomb, "dead_letters")
    assert pa.default_memory_pool().max_memory() <= max(before, pa.total_allocated_bytes() + MB)


def test_a_payload_beyond_all_bounds_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "MAX_DECODED_BYTES", 100)
    with pytest.raises(BadPack, match="bytes is too large"):
        decode(b"x" * 101, "readings")


@pytest.mark.parametrize(
    "payload", [b"", b"x", b"\xff\xff\xff\xff", b'{"json": 1}', b"\xff\xff\xff\xff\xff\xff\xff\x7f", b"ARROW1\0\0"]
)
def test_what_is_no_stream(payload: bytes) -> None:
    with pytest.raises(BadPack, match="not an Arrow IPC stream"):
        decode(payload, "readings")


def test_every_truncation_is_refused() -> None:
    payload = encode(batch_of([example()] * 3))
    for end in range(0, len(payload) - 8, 7):  # the last eight bytes only mark the end
        with pytest.raises(BadPack):
            decode(payload[:end], "readings")
    assert decode(payload[:-8], "readings").num_rows == 3


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_gets_through_as_something_unusable(data: st.DataObject) -> None:
    payload = bytearray(encode(batch_of([example()] * 20)))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        batch = decode(bytes(payload), "readings")
    except BadPack as error:
        assert error.reason  # noqa: PT017 - either outcome is right
    else:
        assert len(batch.to_pylist()) == batch.num_rows


def test_groups_keep_their_order() -> None:
    mixed = [example("readings"), example("posts"), msgspec.structs.replace(example("readings"), value=2.0)]
    groups = group_by_kind(mixed)
    assert list(groups) == ["readings", "posts"]
    assert [getattr(r, "value", None) for r in groups["readings"]] == [None, 2.0]


def test_the_clock_keeps_what_tables_keep() -> None:
    now = packs.utc_now()
    assert now.utcoffset() == timedelta(0)
    assert now.microsecond % 1000 == 0
