"""The contract's own parts: adapters by name, dead letters, replay, and the end of patience with a hopeless payload."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from ioc.errors import ConfigurationError
from streams.sources.base import (
    MOST_IN_A_ROW,
    Arrival,
    Reject,
    adapter,
    adapter_names,
    arrived_at,
    dead_letter,
    size_fault,
)


def test_formats_are_found_by_their_file() -> None:
    assert set(adapter_names()) >= {"dossiers", "eve", "indicators", "press", "series_csv", "syslog", "tt10"}
    assert not {"base", "times", "_text"} & set(adapter_names())


@pytest.mark.parametrize("name", ["", "nope", "base", "_text", "..eve"])
def test_an_unknown_format_is_a_configuration_error_that_names_those_there_are(name: str) -> None:
    with pytest.raises(ConfigurationError, match="there are dossiers, eve"):
        adapter(name)


def test_the_same_bytes_refused_for_the_same_reason_are_one_dead_letter(catalog, now) -> None:
    arrival, later = Arrival(now, "a.csv", catalog), Arrival(now, "b.csv", catalog)
    first = dead_letter(Reject("value", "is missing", b"1,2", 3), "s", arrival)
    assert (first.field, first.reason, first.raw, first.position) == ("value", "is missing", b"1,2", 3)
    assert (first.origin, first.rejected_at, first.replayed_at) == ("a.csv", now, None)
    assert dead_letter(Reject("value", "is missing", b"1,2", 9), "s", later).event_id == first.event_id
    for other in (
        Reject("value", "is missing", b"1,3"),
        Reject("unit", "is missing", b"1,2"),
        Reject("value", "x", b"1,2"),
    ):
        assert dead_letter(other, "s", arrival).event_id != first.event_id
    assert dead_letter(Reject("value", "is missing", b"1,2"), "t", arrival).event_id != first.event_id


def test_without_bytes_the_file_tells_dead_letters_apart(catalog, now) -> None:
    reject = Reject("", "damaged gzip", b"")
    ids = {dead_letter(reject, "s", Arrival(now, origin, catalog)).event_id for origin in ("a.gz", "b.gz", "a.gz")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("gọi 0912345678 gặp ông", "gọi *** gặp ông"),
        ("0912.345.678, 0912 345 678, +84912345678", "***, ***, ***"),
        ("02373852123", "***"),
        ("CCCD 038199001234;", "CCCD ***;"),
        ("000.00.18.H56-261120-0011", "000.00.18.H56-261120-0011"),
        ("20261124101500\t00", "20261124101500\t00"),
        ("1.004193 10.38.0.1 1795478400 0.123456789", "1.004193 10.38.0.1 1795478400 0.123456789"),
    ],
)
def test_numbers_of_people_are_masked_in_dead_letters(catalog, now, raw: str, kept: str) -> None:
    letter = dead_letter(Reject("x", raw, raw.encode()), "s", Arrival(now, "f", catalog))
    assert (letter.reason, letter.raw.decode()) == (kept, kept)


@pytest.mark.parametrize(
    ("origin", "hints"),
    [
        ("a.csv", {}),
        ("a.csv", {"station": "QL1A km 320"}),
        ("tệp ?.csv", {}),
        ("tệp ?.csv", {"station": "a=b&c", "area": "Phường Hạc Thành"}),
        ("POST từ 10.0.0.1", {"station": ""}),
    ],
)
def test_origin_and_hints_come_back_from_a_dead_letter(catalog, now, origin: str, hints: dict[str, str]) -> None:
    arrival = Arrival(now, origin, catalog, {**hints, "content_type": "text/csv"})
    letter = dead_letter(Reject("", "x", b"y"), "s", arrival)
    assert arrived_at(letter.origin) == (origin, hints)


def test_a_reject_of_a_station_named_by_the_sender_replays_as_that_station(parse, catalog, now) -> None:
    source = replace_max_age(catalog.sources["series-csv"], 1)
    found = parse(source, b"timestamp,value\n2026-11-20 00:00,5\n", "a.csv", station="QL1A")
    letter = dead_letter(found.rejects[0], source.id, Arrival(now, "a.csv", catalog, {"station": "QL1A"}))
    origin, hints = arrived_at(letter.origin)
    (reading,) = parse("series-csv", letter.raw, origin, **hints).records
    assert (reading.station, reading.value) == ("QL1A", 5)


def replace_max_age(source, days: int):
    return msgspec.structs.replace(source, max_age_days=days)


@pytest.mark.parametrize("name", ["\udce0.csv", "a\x00b", "đường/1.csv"])
def test_names_that_are_no_text_become_text(catalog, now, name: str) -> None:
    arrival = Arrival(now, name, catalog, {"station": name})
    assert arrival.origin.encode()
    assert arrival.hints["station"].encode()
    assert replace(arrival).origin == arrival.origin


def test_a_hopeless_payload_is_given_up(catalog, now) -> None:
    source = catalog.sources["series-csv"]
    hopeless = b"timestamp,value\n" + b"x,1\n" * (MOST_IN_A_ROW + 500)
    parts = list(adapter("series_csv")(hopeless, source, Arrival(now, "a.csv", catalog)))
    assert len(parts) == MOST_IN_A_ROW + 1
    assert parts[-1].raw == hopeless
    assert "nothing after them is read" in parts[-1].reason
    good = b"2026-11-24 00:00,1\n"
    mixed = b"timestamp,value\n" + (b"x,1\n" * (MOST_IN_A_ROW - 1) + good) * 2
    assert len(list(adapter("series_csv")(mixed, source, Arrival(now, "a.csv", catalog)))) == 2 * MOST_IN_A_ROW


def test_giving_up_keeps_no_bytes_that_may_name_people(catalog, now) -> None:
    source = catalog.sources["syslog"]
    parts = list(adapter("syslog")(b"nguyen van a\n" * (MOST_IN_A_ROW + 5), source, Arrival(now, "a.log", catalog)))
    assert len(parts) == MOST_IN_A_ROW + 1
    assert parts[-1].raw == b""


def test_the_size_a_source_may_send(catalog) -> None:
    source = catalog.sources["syslog"]
    assert size_fault(16 << 20, source) is None
    assert size_fault((16 << 20) + 1, source) == "16.0 MB, this source may send 16 MB at once; split it"
