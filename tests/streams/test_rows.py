"""JSON rows of foreign producers: validated one by one, the same identity as the same record by another way in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.errors import BadPack
from ioc.records import CyberEvent, Reading, Record, event_id
from streams.agents.rows import BadRow, records_from_json

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ROW: dict[str, Any] = {
    "station": "S1", "metric": "pm25", "observed_at": "2026-11-25T09:55:00.1239+07:00", "value": 31.5, "unit": "µg/Nm3",
}  # fmt: skip


def taken(payload: object, kind: str = "readings", source: str = "foreign") -> list[Record | BadRow]:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return list(records_from_json(raw, kind, source, NOW))


def test_a_row_becomes_the_record_that_any_other_way_in_would_make() -> None:
    (reading,) = taken(ROW)
    assert isinstance(reading, Reading)
    moment = datetime(2026, 11, 25, 2, 55, 0, 123000, tzinfo=UTC)
    assert (reading.source, reading.observed_at, reading.received_at) == ("foreign", moment, NOW)
    assert reading.event_id == event_id("foreign", "S1", "pm25", moment)


@pytest.mark.parametrize("form", ["array", "lines", "pretty", "one"])
def test_one_object_an_array_and_lines_are_taken(form: str) -> None:
    rows = [ROW | {"station": f"S{n}"} for n in range(1 if form in ("one", "pretty") else 3)]
    text = {
        "array": json.dumps(rows),
        "lines": "\r\n".join(json.dumps(r) for r in rows) + "\n\n",
        "one": json.dumps(rows[0]),
        "pretty": json.dumps(rows[0], indent=2),
    }[form]
    assert [getattr(r, "station", r) for r in taken(text.encode())] == [r["station"] for r in rows]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "many"}, "value"),
        ({"observed_at": "yesterday"}, "observed_at"),
        ({"observed_at": "2026-11-25T10:00:00"}, "observed_at"),
        ({"observed_at": "1812-01-01T00:00:00Z"}, "observed_at"),
        ({"observed_at": "9999-12-31T23:59:59-10:00"}, "observed_at"),
        ({"station": 7}, "station"),
        ({"status": "tired"}, "status"),
        ({"source": "somebody-else"}, "source"),
        ({"vlaue": 1}, "vlaue"),
        ({"unit": None}, "unit"),
    ],
)
def test_a_bad_row_is_named_with_its_field_and_its_neighbours_go_through(changes: dict[str, Any], field: str) -> None:
    good, bad, last = taken([ROW, ROW | changes, ROW | {"station": "S3"}])
    assert isinstance(bad, BadRow)
    assert bad.field == field
    assert bad.reason
    assert json.loads(bad.raw) == ROW | changes
    assert isinstance(good, Reading)
    assert isinstance(last, Reading)


def test_a_missing_field_and_a_broken_line_are_bad_rows() -> None:
    without = {k: v for k, v in ROW.items() if k != "unit"}
    lines = b"\n".join([json.dumps(ROW).encode(), json.dumps(without).encode(), b'{"station": ', b"[1, 2]"])
    _, missing, broken, list_ = taken(lines)
    assert isinstance(missing, BadRow)
    assert missing.field == "unit"
    assert isinstance(broken, BadRow)
    assert "JSON" in broken.reason
    assert isinstance(list_, BadRow)


def test_without_a_natural_key_the_whole_row_is_the_identity() -> None:
    row = {"sensor": "ids-1", "occurred_at": "2026-11-25T01:00:00Z", "event_type": "alert"}
    first, again, other = taken([row, row, row | {"src_ip": "10.0.0.1"}], "cyber_events")
    assert isinstance(first, CyberEvent)
    assert isinstance(again, CyberEvent)
    assert isinstance(other, CyberEvent)
    assert first.event_id == again.event_id != other.event_id


def test_a_given_identity_and_arrival_are_kept() -> None:
    (reading,) = taken(ROW | {"event_id": "mine", "received_at": "2026-11-25T02:56:00Z"})
    assert isinstance(reading, Reading)
    assert (reading.event_id, reading.received_at) == ("mine", NOW - timedelta(minutes=4))


@pytest.mark.parametrize("payload", [b"", b"station;metric", b"\xff\xfe", b'{"a": 1', b"[{}, "])
def test_what_is_not_json_is_refused_as_a_whole(payload: bytes) -> None:
    with pytest.raises(BadPack):
        taken(payload)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_no_payload_breaks_it(payload: bytes) -> None:
    try:
        found = taken(payload)
    except BadPack:
        return
    assert all(isinstance(row, BadRow) for row in found)
