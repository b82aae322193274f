"""Lines, numbers and spellings; times and periods; rows of tables."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.catalog.load import load_catalog
from streams.sources import _periods, times
from streams.sources._table import split
from streams.sources._text import LONGEST_LINE, fold, lines, number, unambiguous, unit_key
from streams.sources.base import Reject

SOURCE = load_catalog().sources["syslog"]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@given(st.lists(st.binary(max_size=30).filter(lambda b: b"\n" not in b), max_size=30))
def test_every_line_that_is_not_blank_comes_once_plain_and_gzipped(parts: list[bytes]) -> None:
    payload = b"\n".join(parts)
    plain = [] if payload.startswith((b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff")) else list(lines(payload, SOURCE))
    for position, line in plain:
        stripped = parts[position - 1].rstrip(b"\r\n\t ")
        assert line == (stripped.removeprefix(b"\xef\xbb\xbf") if position == 1 else stripped)
    assert list(lines(gzip.compress(payload), SOURCE)) == plain or not plain


def test_lines_over_the_seams_of_pieces() -> None:
    size = 1 << 20
    payload = b"a" * (size - 1) + b"\nb\n" + b"c" * size + b"\n" + b"d" * (3 * size) + b"\ne\n"
    for data in (payload, gzip.compress(payload)):
        found = list(lines(data, SOURCE))
        assert [(len(f.raw), f.position) if isinstance(f, Reject) else (len(f[1]), f[0]) for f in found] == [
            (size - 1, 1),
            (1, 2),
            (size, 3),
            (256, 4),
            (1, 5),
        ]
        assert found[3].reason == f"a line of {3 * size} bytes is too long"
    assert size == LONGEST_LINE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-1.5", -1.5),
        ("−1,5", -1.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1,234", 1.234),
        ("0,5", 0.5),
        ("1e3", 1000),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", " ", "NaN", "inf", "-Infinity", "1e999", "1_0", "٣", "0x1F", "1,2,3", "1.2.3", "5 km", "9" * 65]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        number(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_as_they_were_written(value: float) -> None:
    assert number(repr(value)) == value


@given(st.text(max_size=100))
def test_no_text_makes_a_number_raise_anything_else(text: str) -> None:
    for read in (number, unambiguous):
        try:
            assert abs(read(text)) < float("inf")
        except ValueError:
            continue


@pytest.mark.parametrize("text", ["45,500", "+1,000", "-12,345"])
def test_thousands_or_decimals(text: str) -> None:
    with pytest.raises(ValueError, match="thousands or decimals"):
        unambiguous(text)
    assert unambiguous("0,500") == 0.5


def test_spellings() -> None:
    assert fold("Nhiệt độ") == fold("NHIỆT  ĐỘ") == fold("nhiet_do") == "nhietdo"
    assert unit_key("µg/Nm³") == unit_key("μg/nm3")
    assert unit_key("mg/L") != unit_key("mg/m3")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-24T10:15:00+07:00", "2026-11-24T03:15:00"),
        ("2026-11-24T10:15:00", "2026-11-24T03:15:00"),
        ("2026-11-24T03:15:00Z", "2026-11-24T03:15:00"),
        ("2026-11-24 10:15", "2026-11-24T03:15:00"),
        ("2026-11-24", "2026-11-23T17:00:00"),
        ("20261124101500", "2026-11-24T03:15:00"),
        ("24/11/2026 10:15:00", "2026-11-24T03:15:00"),
        ("24/11/2026", "2026-11-23T17:00:00"),
        ("Tue, 24 Nov 2026 10:15:00 GMT+7", "2026-11-24T03:15:00"),
        ("Tue, 24 Nov 2026 10:15:00 GMT+07:00", "2026-11-24T03:15:00"),
        ("Tue, 24 Nov 2026 03:15:00 -0000", "2026-11-24T03:15:00"),
        ("24 Nov 26 03:15:00 GMT", "2026-11-24T03:15:00"),
    ],
)
def test_spellings_of_time(text: str, utc: str) -> None:
    assert times.any_time(text, HANOI) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(st.text(max_size=80) | st.from_regex(r"[0-9/: T+-]{1,40}"))
def test_no_text_makes_a_time_raise_anything_else(text: str) -> None:
    try:
        moment = times.any_time(text, HANOI)
    except ValueError:
        return
    assert moment.tzinfo is UTC
    assert moment.microsecond % 1000 == 0


@given(st.integers(-2_000_000_000_000, 7_000_000_000_000))
def test_a_time_comes_back_as_it_was_written(milliseconds: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert times.any_time(moment.isoformat(), HANOI) == moment
    local = moment.astimezone(HANOI)
    if moment.year > 1975:  # before, the zone had seconds and changes
        assert times.any_time(local.strftime("%Y%m%d%H%M%S"), HANOI) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "2026-11-24T10:15:00+99:00", "1" * 500]
)
def test_times_at_the_end_of_the_calendar_are_no_overflow(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        times.any_time(text, HANOI)


@given(st.text(max_size=40))
def test_no_text_makes_a_period_raise_anything_else(text: str) -> None:
    try:
        day, frequency = _periods.period(text)
    except ValueError:
        return
    assert isinstance(day, date)
    assert frequency in {None, "W", "M", "Q", "Y"}


@given(st.dates(min_value=date(1, 1, 8)), st.sampled_from("DWMQY"))
def test_the_first_day_of_a_period_is_in_it_and_stays_itself(day: date, frequency: str) -> None:
    if frequency == "D":
        return
    first = _periods.first_day(day, frequency)
    assert first <= day
    assert (day - first).days < {"W": 7, "M": 31, "Q": 92, "Y": 366}[frequency]
    assert _periods.first_day(first, frequency) == first


@given(
    st.lists(
        st.text(alphabet=st.characters(blacklist_characters='"\r\n;', blacklist_categories=["Cs"]), max_size=8),
        min_size=1,
    )
)
def test_cells_with_and_without_quotes(cells: list[str]) -> None:
    stripped = [c.strip() for c in cells]
    assert split(";".join(cells), ";") == stripped
    assert split(";".join(f'"{c}"' for c in cells), ";") == stripped
