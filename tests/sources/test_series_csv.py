"""Series as CSV: any header, delimiter and spelling of time; faults by name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

HEAD = "timestamp,value\n"


@pytest.mark.parametrize(
    "payload",
    [
        "timestamp,value\n2026-11-24 01:00:00,1.5\n",
        "Thời gian;Giá trị\n24/11/2026 01:00;1,5\n",
        "ds\ty\n2026-11-24T08:00:00+07:00\t1.5\n",
        "value,time,note\n1.5,1795482000,x\n",
        "\ufefftimestamp,value\r\n1795482000000,1.5\r\n\r\n",
        '"timestamp","value"\n"2026-11-24 01:00","1.5"\n',
    ],
)
def test_layouts(parse, payload: str) -> None:
    (reading,) = parse("series-csv", payload.encode(), "ql1a.csv").records
    assert reading.observed_at == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert (reading.value, reading.station, reading.metric) == (1.5, "ql1a", "value")


def test_the_sender_names_the_station(parse) -> None:
    (reading,) = parse("series-csv", HEAD.encode() + b"2026-11-24 01:00,1\n", "a.csv", station="QL1A km 320").records
    assert reading.station == "QL1A km 320"


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("hôm nay,1", "timestamp", "'hôm nay' is not a time"),
        ("2026-02-30 00:00,1", "timestamp", "is not a time"),
        ("2026-11-24 25:00,1", "timestamp", "is not a time"),
        (",1", "timestamp", "'' is not a time"),
        ("9999999999,1", "timestamp", "is in the future"),
        ("2099-01-01 00:00,1", "timestamp", "is in the future (more than 600 s ahead)"),
        ("1950-01-01 00:00,1", "timestamp", "is older than 7300 days"),
        ("2026-11-24 02:00,NaN", "value", "not a finite number"),
        ("2026-11-24 02:00,-Infinity", "value", "not a finite number"),
        ("2026-11-24 02:00,", "value", "not a number"),
        ("2026-11-24 02:00,12 km/h", "value", "not a number"),
        ("2026-11-24 00:00,2", "timestamp", "is there twice with different values"),
        ("2026-11-24 02:00", "", "1 columns, the header has 2"),
        ("2026-11-24 02:00,1,2", "", "3 columns, the header has 2"),
        ('"2026-11-24 02:00,1', "", "quotes that do not close"),
    ],
)
def test_faults_are_named_and_cost_no_neighbour(parse, row: str, field: str, words: str) -> None:
    payload = f"{HEAD}2026-11-24 00:00,1\n{row}\n2026-11-24 01:00,1\n".encode()
    found = parse("series-csv", payload)
    assert [r.observed_at.hour for r in found.records] == [0, 1]
    ((position, where, reason),) = found.faults
    assert (position, where) == (3, field)
    assert words in reason
    assert found.rejects[0].raw == (HEAD + row).encode()


def test_bytes_that_are_no_text_cost_one_row(parse) -> None:
    found = parse("series-csv", HEAD.encode() + b"2026-11-24 00:00,1\n2026-11-24 \xff,2\n2026-11-24 02:00,3\n")
    assert [r.value for r in found.records] == [1, 3]
    assert found.faults == [(3, "", "invalid UTF-8 at byte 12")]


def test_an_exact_repeat_is_the_same_record(parse) -> None:
    found = parse("series-csv", HEAD.encode() + b"2026-11-24 00:00,1\n2026-11-24T00:00:00Z,1.0\n")
    assert len({r.event_id for r in found.records}) == 1
    assert found.rejects == []


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("a,b", "needs a column timestamp"),
        ("timestamp", "needs a column value"),
        ("date,time,value", "two columns for"),
    ],
)
def test_headers_that_do_not_do(parse, header: str, words: str) -> None:
    payload = f"{header}\n1,2,3\n".encode()
    ((position, field, reason),) = parse("series-csv", payload).faults
    assert (position, field) == (0, "header")
    assert words in reason
    assert parse("series-csv", payload).rejects[0].raw == payload


def test_an_unknown_column_is_masked_in_what_is_kept(parse) -> None:
    found = parse("series-csv", "timestamp,Người ghi,value\nhôm nay,Lê Văn Mẫu,1\n".encode())
    assert found.rejects[0].raw.decode() == "timestamp,***,value\nhôm nay,***,1"
    assert parse("series-csv", found.rejects[0].raw).faults == [(2, *found.faults[0][1:])]
