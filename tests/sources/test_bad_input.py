"""What no source may do to us: fifty megabytes, bombs, endless lines, other encodings; refused quickly and in bounded memory."""

from __future__ import annotations

import gzip
import re
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ioc.catalog.load import load_catalog
from streams.sources.base import MOST_IN_A_ROW

SOURCES = sorted(load_catalog().sources)
UNPACKING = ["indicators", "one-stop-dossiers", "series-csv", "suricata", "syslog", "env-stations"]
STATION_FILE = "TH_NGHISON_KK01_20261124101500.txt"
MB = 1 << 20


@contextmanager
def at_most(megabytes: float, seconds: float) -> Iterator[None]:
    """The block allocates and takes no more; tracing makes it slower than it is."""
    tracemalloc.start()
    began = time.process_time()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < seconds
    assert peak < megabytes * MB, f"{peak / MB:.0f} MB"


@pytest.mark.parametrize("source_id", SOURCES)
def test_fifty_megabytes_are_refused_at_once(parse, source_id: str) -> None:
    payload = b"PM2.5\t31.2\t\xc2\xb5g/Nm3\t20261124101500\t00\n" * (50 * MB // 38)
    parse(source_id, b"warm", STATION_FILE)
    with at_most(megabytes=1, seconds=0.5):
        found = parse(source_id, payload, STATION_FILE)
    assert found.records == []
    assert [(r.field, r.position) for r in found.rejects] == [("", 0)]
    assert "this source may send 16 MB at once" in found.rejects[0].reason
    assert len(found.rejects[0].raw) <= 256


@pytest.mark.parametrize("source_id", UNPACKING)
@pytest.mark.parametrize("unit", [b"\n", b"\0", b"x,1\n"], ids=["blank-lines", "one-line", "rows"])
def test_a_gzip_bomb_is_refused(parse, source_id: str, unit: bytes) -> None:
    bomb = gzip.compress(unit * (24 * MB // len(unit)))
    assert len(bomb) < MB // 4
    with at_most(megabytes=24, seconds=20):
        found = parse(source_id, bomb, STATION_FILE)
    assert found.records == []
    assert len(found.rejects) <= MOST_IN_A_ROW + 1
    assert re.search("unpacks to more than|parts in a row are refused|too long|needs a column", found.faults[-1][2])


@pytest.mark.parametrize("source_id", UNPACKING)
def test_one_endless_line_is_refused_in_bounded_memory(parse, source_id: str) -> None:
    with at_most(megabytes=60, seconds=10):
        found = parse(source_id, b"0" * (15 * MB), STATION_FILE)
    assert found.records == []
    assert found.faults[-1][2] == "a line of 15728640 bytes is too long"
    assert len(found.rejects[0].raw) <= 65536


@pytest.mark.parametrize("source_id", UNPACKING)
def test_many_tiny_gzip_members_take_linear_time(parse, source_id: str) -> None:
    members = gzip.compress(b"\n") * 5_000
    with at_most(megabytes=8, seconds=10):
        found = parse(source_id, members, STATION_FILE)
    assert found.records == []


@pytest.mark.parametrize("source_id", UNPACKING)
@pytest.mark.parametrize("payload", [b"\x1f\x8b", b"\x1f\x8b\x08\x00garbage", gzip.compress(b"")[:-4]])
def test_a_damaged_gzip_is_refused(parse, source_id: str, payload: bytes) -> None:
    found = parse(source_id, payload, STATION_FILE)
    assert found.records == []
    assert any("damaged gzip" in reason for _, _, reason in found.faults)


def test_what_follows_a_gzip_is_not_lost_silently(parse, samples: Path) -> None:
    payload = (samples / "suricata/good/eve.json.gz").read_bytes()
    assert parse("suricata", payload + payload).rejects == []
    found = parse("suricata", payload + b"rubbish")
    assert len(found.records) == 12
    assert "damaged gzip" in found.faults[0][2]


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_payload_of_nothing_is_no_record(parse, source_id: str) -> None:
    for payload in (b"", b"\n\n \t\r\n", b"\xef\xbb\xbf"):
        assert parse(source_id, payload, STATION_FILE).records == []


@pytest.mark.parametrize(
    ("source_id", "sample"),
    [("indicators", "tieng-viet.csv"), ("one-stop-dossiers", "bao-cao.csv"), ("env-stations", STATION_FILE)],
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_excels_unicode_text_is_read(parse, samples: Path, source_id: str, sample: str, encoding: str) -> None:
    utf8 = (samples / source_id / "good" / sample).read_bytes()
    text = utf8.decode("utf-8-sig")
    utf16 = text.encode(encoding) if encoding == "utf-16" else ("\ufeff" + text).encode(encoding)
    assert parse(source_id, utf16, sample).records == parse(source_id, utf8, sample).records


def test_utf16_that_is_none_is_one_reject(parse) -> None:
    assert parse("series-csv", b"\xff\xfe\x00\xd8").faults == [(1, "", "invalid UTF-16 at byte 3")]


@pytest.mark.parametrize("origin", ["tr\udce0m.csv", "thư mục/số đo.csv", "a\\b\\c.csv", ""])
def test_any_file_name_makes_records_that_can_be_sent(parse, origin: str) -> None:
    found = parse("series-csv", b"timestamp,value\n2026-11-24 00:00:00,1\n", origin)
    assert found.records[0].station.encode()
