"""Every source of the catalogue keeps the contract of an adapter, on its recorded samples and on what chance makes of them.

A new source needs no line here: its TOML file and its samples (``tests/fixtures/sources/<id>/good|bad/…``) are found. Beside
them may lie ``personal.txt`` (one text a line that must never come out) and ``expected/<sample>.json`` (written by
``UPDATE_SNAPSHOTS=1 pytest tests/sources``). Another province's catalogue keeps it too: ``IOC_CATALOG_DIR=… SAMPLES_DIR=…``.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Source
from ioc.packs import batch_of, decode, encode, group_by_kind, records_of
from ioc.records import KINDS, Record
from ioc.settings import load_settings
from streams.sources.base import Arrival, Reject, adapter, adapter_names, dead_letter

SAMPLES = Path(os.environ.get("SAMPLES_DIR") or Path(__file__).parents[1] / "fixtures" / "sources")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
CATALOG = load_catalog(load_settings().catalog_dir)
SOURCES = sorted(CATALOG.sources)
LINES, TABLES = {"tt10", "eve", "syslog"}, {"indicators", "series_csv"}
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Sample:
    """One recorded payload."""

    source: Source
    path: Path
    payload: bytes

    def parse(self, payload: bytes | None = None, received_at: datetime = NOW) -> list[Record | Reject]:
        return list(adapter(self.source.adapter)(payload or self.payload, self.source, self.arrival(received_at)))

    def arrival(self, received_at: datetime = NOW) -> Arrival:
        return Arrival(received_at, self.path.name, CATALOG)


def samples_of(root: Path, catalog: Catalog, quality: str, source_id: str = "*") -> list[Sample]:
    return [
        Sample(catalog.sources[path.parent.parent.name], path, path.read_bytes())
        for path in sorted(root.glob(f"{source_id}/{quality}/*"))
    ]


GOOD, BAD = (samples_of(SAMPLES, CATALOG, quality) for quality in ("good", "bad"))


def name_of(sample: Sample) -> str:
    return f"{sample.source.id}-{sample.path.parent.name}-{sample.path.name}"


def split(parts: Iterable[Record | Reject]) -> tuple[list[Record], list[Reject]]:
    parts = list(parts)
    return [p for p in parts if not isinstance(p, Reject)], [p for p in parts if isinstance(p, Reject)]


def check_parts(parts: list[Record | Reject], source: Source, arrival: Arrival) -> None:
    """What holds of every part, whatever the payload was."""
    records, rejects = split(parts)
    for record in records:
        check_record(record, source, arrival)
    for reject in rejects:
        assert reject.reason
        assert not reject.reason.endswith("\n")
        assert isinstance(reject.field, str)
        assert isinstance(reject.raw, bytes)
        assert reject.position >= 0
    for kind, group in group_by_kind([*records, *(dead_letter(r, source.id, arrival) for r in rejects)]).items():
        assert records_of(decode(encode(batch_of(group)), kind, source.id, len(group)), kind) == group


def check_record(record: Record, source: Source, arrival: Arrival) -> None:
    assert KINDS[record.kind] is type(record)
    assert msgspec.convert(msgspec.to_builtins(record), type(record)) == record
    assert re.fullmatch("[0-9a-f]{32}", record.event_id)
    assert record.received_at == arrival.received_at
    assert getattr(record, "source", source.id) == source.id
    moment = getattr(record, record.event_time)
    if record.kind == "indicator_targets":  # a plan is for a year, past or future
        return
    if isinstance(moment, datetime):
        assert moment.utcoffset() == timedelta(0)
        assert moment.microsecond % 1000 == 0
    else:
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    assert arrival.received_at - source.max_age <= moment <= arrival.received_at + source.max_future


def natural(record: Record) -> tuple[Any, ...]:
    """A part of every natural key: when, and what keeps order."""
    keys = [name for name in record.partition_key if name != "event_id"]
    return (record.kind, getattr(record, record.event_time), *(getattr(record, key) for key in keys))


def plain_lines(payload: bytes) -> list[bytes] | None:
    """The lines that are not blank; None where a gzip or UTF-16 cannot be read to its end."""
    try:
        if payload.startswith(b"\x1f\x8b"):
            payload = gzip.decompress(payload)
        elif payload.startswith((b"\xff\xfe", b"\xfe\xff")):
            payload = payload.decode("utf-16").encode()
    except Exception:  # whatever is said of the damage: the adapter has its own words for it
        return None
    return [line for line in payload.split(b"\n") if line.rstrip(b"\r\n\t ")]


def check_nothing_is_lost(parts: list[Record | Reject], payload: bytes, source: Source) -> None:
    """Records and rejects account for every line or item; one reject may stand for the whole payload."""
    records, rejects = split(parts)
    if any(reject.position == 0 for reject in rejects):
        assert len(parts) == 1
        return
    lines = plain_lines(payload)
    if lines is None:
        assert parts
    elif source.adapter in LINES and not re.match(rb"\d+ <", payload):  # an octet-counted message may hold lines
        assert len(parts) == len(lines)
    elif source.adapter in TABLES:
        by_row = {getattr(r, "event_id", "") for r in records if r.kind != "indicator_targets"}
        assert len(by_row) <= len(lines) - 1 <= len(parts)
    elif source.adapter == "press":
        inside = payload[re.search(rb"<(?:rss|feed)\b[^<>]*>", payload).end() :]
        outside = re.sub(rb"<!\[CDATA\[.*?(?:\]\]>|$)", b"", inside, flags=re.DOTALL)
        assert len(parts) >= len(re.findall(rb"<(?:item|entry)(?:\s[^<>]*)?>", outside))
    else:
        assert parts or len(lines) < 2 or re.fullmatch(rb'\s*(?:\[\s*\]|\{\s*"data"\s*:\s*\[\s*\]\s*\})\s*', payload)


def test_every_source_has_an_adapter_and_samples_of_both_kinds() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(SOURCES)
    for source in CATALOG.sources.values():
        assert source.adapter in adapter_names(), source.id
        for quality, samples in (("good", GOOD), ("bad", BAD)):
            assert any(s.source.id == source.id for s in samples), f"{source.id} has no {quality} sample"


@pytest.mark.parametrize("sample", GOOD, ids=name_of)
def test_good_samples_give_records_only(sample: Sample) -> None:
    parts = sample.parse()
    records, rejects = split(parts)
    assert records
    assert rejects == []
    check_parts(parts, sample.source, sample.arrival())
    check_nothing_is_lost(parts, sample.payload, sample.source)


@pytest.mark.parametrize("sample", BAD, ids=name_of)
def test_bad_samples_give_reasons(sample: Sample) -> None:
    parts = sample.parse()
    assert split(parts)[1]
    check_parts(parts, sample.source, sample.arrival())
    check_nothing_is_lost(parts, sample.payload, sample.source)


@pytest.mark.parametrize("sample", GOOD + BAD, ids=name_of)
def test_identity_depends_on_the_natural_key_only(sample: Sample) -> None:
    records, _ = split(sample.parse())
    later, _ = split(sample.parse(received_at=NOW + timedelta(minutes=5)))
    assert [r.event_id for r in later] == [r.event_id for r in records]
    by_id = {record.event_id: record for record in records}
    for record in records:
        assert natural(by_id[record.event_id]) == natural(record)
    assert len(by_id) == len(set(records_without_repeats(records)))


def records_without_repeats(records: list[Record]) -> list[bytes]:
    return [msgspec.json.encode(record) for record in records]


@pytest.mark.parametrize("sample", GOOD + BAD, ids=name_of)
def test_rejects_replay_alone(sample: Sample) -> None:
    """The raw bytes of a reject, sent again, are refused again, or taken now that they stand alone; never lost."""
    for reject in split(sample.parse())[1]:
        if not reject.raw:
            continue
        again = sample.parse(reject.raw)
        assert again
        if reject.field:
            assert [r.field for r in split(again)[1]] in ([reject.field], [])


@pytest.mark.parametrize("sample", GOOD + BAD, ids=name_of)
def test_personal_data_stays_outside(sample: Sample) -> None:
    assert leaks(sample, sample.payload) == []


@pytest.mark.parametrize("sample", GOOD, ids=name_of)
def test_snapshots(sample: Sample) -> None:
    expected = sample.path.parent.parent / "expected" / f"{sample.path.name}.json"
    found = [
        {"kind": record.kind, **{k: v for k, v in msgspec.to_builtins(record).items() if k != "received_at"}}
        for record in split(sample.parse())[0]
    ]
    if os.environ.get("UPDATE_SNAPSHOTS"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if expected.exists():
        assert json.loads(expected.read_text(encoding="utf-8")) == found


@cache
def personal(source_id: str) -> list[str]:
    path = SAMPLES / source_id / "personal.txt"
    return path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []


def leaks(sample: Sample, payload: bytes) -> list[str]:
    """The personal texts that records or dead letters hold."""
    records, rejects = split(sample.parse(payload))
    letters = [dead_letter(reject, sample.source.id, sample.arrival()) for reject in rejects]
    told = "\n".join(map(repr, records)) + "\n".join(repr(msgspec.structs.replace(d, raw=b"")) for d in letters)
    raw = b"\n".join(letter.raw for letter in letters)
    return [name for name in personal(sample.source.id) if name in told or name.encode() in raw]


@st.composite
def damaged(draw: st.DrawFn, payload: bytes) -> bytes:
    """A payload after an accident."""
    data = bytearray(payload)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["cut", "flip", "insert", "repeat", "number", "bom", "crlf", "spaces", "long"])):
            case "cut":
                del data[at:]
            case "flip" if data:
                data[at] ^= draw(st.integers(1, 255))
            case "insert":
                data[at:at] = draw(st.binary(max_size=20) | st.sampled_from(ODD))
            case "repeat":
                data[at:at] = data[max(0, at - draw(st.integers(1, 300))) : at]
            case "number":
                data = bytearray(
                    re.sub(rb"\d+(?:\.\d+)?", draw(st.sampled_from(NUMBERS)), bytes(data), count=1 + at % 9)
                )
            case "bom":
                data[:0] = b"\xef\xbb\xbf"
            case "crlf":
                data = data.replace(b"\n", b"\r\n")
            case "spaces":
                data[at:at] = b" \n\t\n \r\n"
            case "long":
                data[at:at] = draw(st.sampled_from([b"x", b"0", b"<", b"{", b"[", b'"', b"\xc3"])) * 5000
    return bytes(data)


ODD = [
    b"\xff\xfe",
    b"\x00",
    b"\xc3\x28",
    b"\\ud800",
    b"\xed\xa0\x80",
    "\u202e\u0301".encode(),
    b"\x0b\x0c\x1c",
    b"&#0;",
]
NUMBERS = [
    b"NaN",
    b"-inf",
    b"1e999",
    b"-0",
    b"1e-400",
    b"0x1F",
    b"1_000",
    b"9" * 40,
    "٣".encode(),
    b"",
    b"true",
    b"null",
]


@pytest.mark.parametrize("source_id", SOURCES)
def test_no_accident_raises_or_loses_a_line(source_id: str) -> None:
    samples = [s for s in GOOD + BAD if s.source.id == source_id]

    @EXAMPLES
    @given(st.data())
    def held(data: st.DataObject) -> None:
        sample = data.draw(st.sampled_from(samples), "sample")
        payload = data.draw(damaged(sample.payload), "payload")
        assume(payload)
        parts = sample.parse(payload)
        check_parts(parts, sample.source, sample.arrival())
        check_nothing_is_lost(parts, payload, sample.source)

    held()


@pytest.mark.parametrize("source_id", SOURCES)
def test_noise_is_refused(source_id: str) -> None:
    sample = next(s for s in GOOD if s.source.id == source_id)

    @EXAMPLES
    @given(st.binary(min_size=1, max_size=400) | st.text(min_size=1, max_size=200).map(str.encode))
    def held(payload: bytes) -> None:
        parts = sample.parse(payload)
        check_parts(parts, sample.source, sample.arrival())
        check_nothing_is_lost(parts, payload, sample.source)

    held()


@pytest.mark.parametrize("source_id", [s for s in SOURCES if personal(s)])
def test_a_cut_payload_gives_nobody_away(source_id: str) -> None:
    for sample in (s for s in GOOD + BAD if s.source.id == source_id and not s.payload.startswith(b"\x1f\x8b")):
        for end in range(1, len(sample.payload), max(1, len(sample.payload) // 400)):
            assert leaks(sample, sample.payload[:end]) == [], (sample.path, end)
