"""Records: identities that never change, what keeps order, strictness, and their JSON Schema."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.records import KINDS, IndicatorValue, Reading, Record, event_id, json_schema

NOW = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
READING = {
    "event_id": "x",
    "received_at": "2026-11-24T03:15:01Z",
    "source": "env-stations",
    "station": "A",
    "metric": "pm25",
    "observed_at": "2026-11-24T03:15:00Z",
    "value": 31.2,
    "unit": "µg/Nm3",
}


@pytest.mark.parametrize(
    ("key", "identity"),
    [
        (("env-stations", "TH_NGHISON_KK01", "pm25", NOW), "ed483834ac1647874937890edab45c70"),
        (("indicators", "iip", "38", "M", date(2026, 1, 1)), "9ef85fbc0305280cd2a8a8f224e80f08"),
        (("suricata", "ens192", 1977154220000001, None, "Sầm Sơn"), "dbf5d360419f9dced23c91360428c6fa"),
        ((), "cae66941d9efbd404e4d88758ea67670"),
    ],
)
def test_identities_never_change(key: tuple[Any, ...], identity: str) -> None:
    """Stored rows and re-sent files meet by them: a change here doubles everything that is stored."""
    assert event_id(*key) == identity


@given(
    st.lists(
        st.text(alphabet=st.characters(blacklist_characters="\x1f", blacklist_categories=["Cs"])),
        min_size=1,
        max_size=5,
    )
)
def test_other_keys_are_other_identities(parts: list[str]) -> None:
    identity = event_id(*parts)
    assert len(identity) == 32
    assert event_id(*parts, "") != identity
    assert event_id(*parts[:-1], parts[-1] + "x") != identity
    assert len(parts) < 2 or event_id(parts[0] + parts[1], *parts[2:]) != identity


def test_order_is_kept_by_the_partition_key() -> None:
    reading = msgspec.convert(READING, Reading)
    later = msgspec.structs.replace(reading, event_id="y", value=2.0)
    other = msgspec.structs.replace(reading, metric="pm10")
    assert reading.order_key == later.order_key == "A" == other.order_key, "its parameters meet in one worker"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_when_it_happened_and_what_keeps_order(kind: str) -> None:
    record = KINDS[kind]
    fields = {field.name for field in msgspec.structs.fields(record)}
    assert record.kind == kind
    assert {record.event_time, "event_id", "received_at", *record.partition_key} <= fields
    assert issubclass(record, Record)
    assert record.__doc__


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", "31.2"),
        ("value", True),
        ("status", "broken"),
        ("observed_at", "2026-11-24T03:15:00"),
        ("observed_at", "yesterday"),
        ("station", None),
        ("station", 5),
    ],
)
def test_decoding_validates(field: str, value: object) -> None:
    with pytest.raises(msgspec.ValidationError, match=rf"\$\.{field}"):
        msgspec.convert({**READING, field: value}, Reading)


def test_missing_fields_are_named() -> None:
    with pytest.raises(msgspec.ValidationError, match="`unit`"):
        msgspec.convert({k: v for k, v in READING.items() if k != "unit"}, Reading)


def test_records_are_frozen() -> None:
    reading = msgspec.convert(READING, Reading)
    with pytest.raises(AttributeError):
        reading.value = 1.0  # type: ignore[misc]


def test_a_period_is_a_day_and_no_time() -> None:
    value = {"event_id": "x", "received_at": NOW, "source": "s", "indicator": "iip", "area": "38"}
    value |= {"frequency": "M", "period": "2026-01-01", "value": 1.0, "unit": "%"}
    assert msgspec.convert(value, IndicatorValue).period == date(2026, 1, 1)
    with pytest.raises(msgspec.ValidationError, match="frequency"):
        msgspec.convert({**value, "frequency": "H"}, IndicatorValue)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_names_every_field_and_only_those_without_default_as_required(kind: str) -> None:
    schema = json_schema(kind)
    body = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    fields = msgspec.structs.fields(KINDS[kind])
    assert list(body["properties"]) == [field.name for field in fields]
    assert body["required"] == [field.name for field in fields if field.required]
    times = [f.name for f in fields if body["properties"][f.name].get("format") == "date-time"]
    assert "received_at" in times
    assert json.loads(json.dumps(schema)) == schema


def test_a_time_in_another_zone_is_the_same_moment() -> None:
    hanoi = timezone(timedelta(hours=7))
    reading = msgspec.convert({**READING, "observed_at": "2026-11-24T10:15:00+07:00"}, Reading)
    assert reading.observed_at == NOW.astimezone(hanoi) == NOW
