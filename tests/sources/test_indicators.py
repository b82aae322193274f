"""Indicators: layouts of statisticians, periods, plans, and what a known indicator may not say."""

from __future__ import annotations

from datetime import date

import pytest

HEAD = "indicator,area,frequency,period,value,unit\n"


def values(found) -> list[tuple[str, str, str, date, float]]:
    return [(r.indicator, r.area, r.frequency, r.period, r.value) for r in found.records]


def test_a_row_becomes_a_value(parse) -> None:
    found = parse("indicators", f"{HEAD}thu-ngan-sach,38,M,2026-01,4210.5,tỷ đồng\n".encode())
    assert values(found) == [("thu-ngan-sach", "38", "M", date(2026, 1, 1), 4210.5)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-10",
        "2026-10-01",
        "2026-10-17",
        "10/2026",
        "T10/2026",
        "tháng 10/2026",
        "Thang 10-2026",
        "01/10/2026",
        "2026/10",
    ],
)
def test_spellings_of_a_month(parse, text: str) -> None:
    (value,) = parse("indicators", f"indicator,period,value\niip,{text},112\n".encode()).records
    assert (value.period, value.frequency, value.area) == (date(2026, 10, 1), "M", "38")


@pytest.mark.parametrize(
    ("text", "frequency", "day"),
    [
        ("2026-Q3", "Q", date(2026, 7, 1)),
        ("Quý 3/2026", "Q", date(2026, 7, 1)),
        ("2025", "Y", date(2025, 1, 1)),
        ("năm 2025", "Y", date(2025, 1, 1)),
        ("2026-W01", "W", date(2025, 12, 29)),
    ],
)
def test_periods_that_say_their_frequency(parse, text: str, frequency: str, day: date) -> None:
    (value,) = parse("indicators", f"indicator,period,value\nmoi,{text},1\n".encode()).records
    assert (value.frequency, value.period) == (frequency, day)


@pytest.mark.parametrize(
    ("days", "frequency"),
    [
        (["2026-01-05", "2026-01-06", "2026-01-07"], "D"),
        (["2026-01-05", "2026-01-12", "2026-01-19"], "W"),
        (["2026-01-01", "2026-02-01", "2026-04-01", "2026-05-01"], "M"),
        (["2025-01-01", "2025-04-01", "2025-07-01"], "Q"),
        (["2023-01-01", "2024-01-01", "2025-01-01"], "Y"),
    ],
)
def test_of_a_series_we_do_not_know_the_spacing_tells(parse, days: list[str], frequency: str) -> None:
    rows = "".join(f"moi,{day},{i}\n" for i, day in enumerate(days))
    assert {r.frequency for r in parse("indicators", f"id,ds,y\n{rows}".encode()).records} == {frequency}


def test_plan_and_value_in_one_row_are_two_records(parse) -> None:
    found = parse("indicators", "Chỉ tiêu;Kỳ;Giá trị;Kế hoạch\nban-le;10/2026;19000;228000\n".encode())
    assert [(r.kind, r.period) for r in found.records] == [
        ("indicator_values", date(2026, 10, 1)),
        ("indicator_targets", date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("area", "code"),
    [("38", "38"), ("Thanh Hóa", "38"), ("tinh thanh hoa", "38"), ("Phường Hạc Thành", "14797"), ("407", "407")],
)
def test_spellings_of_areas(parse, area: str, code: str) -> None:
    assert parse("indicators", f"indicator,area,period,value\niip,{area},2026-10,1\n".encode()).records[0].area == code


def test_the_sender_may_name_the_area(parse) -> None:
    payload = b"indicator,period,value\niip,2026-10,1\n"
    assert parse("indicators", payload, area="Phường Hạc Thành").records[0].area == "14797"
    assert parse("indicators", payload, area="Hà Nội").faults[0][1:] == ("area", "unknown area 'Hà Nội'")


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("thu-ngan-sach,38,M,2026-03,1,triệu USD", "unit", "'triệu USD' is not the unit of thu-ngan-sach: tỷ đồng"),
        ("thu-ngan-sach,Nghệ An,M,2026-03,1,", "area", "unknown area 'Nghệ An'"),
        ("thu-ngan-sach,38,M,hôm nay,1,", "period", "is not a period"),
        ("thu-ngan-sach,38,M,2026-13,1,", "period", "is not a period"),
        ("thu-ngan-sach,38,M,,1,", "period", "'' is not a period"),
        ("thu-ngan-sach,38,M,2099-01,1,", "period", "is in the future"),
        ("thu-ngan-sach,38,M,1901-01,1,", "period", "is older than 20000 days"),
        ("thu-ngan-sach,38,Q,2026-03,1,", "frequency", "Q, but thu-ngan-sach is published by M"),
        ("thu-ngan-sach,38,H,2026-03,1,", "frequency", "'H' is none of D, W, M, Q, Y"),
        ("moi,38,,2026-03-01,1,", "frequency", "cannot be told"),
        ("thu-ngan-sach,38,M,2026-03,NaN,", "value", "not a finite number"),
        ("thu-ngan-sach,38,M,2026-03,1e999,", "value", "not a finite number"),
        ('thu-ngan-sach,38,M,2026-03,"45,500",', "value", "thousands or decimals?"),
        ("thu-ngan-sach,38,M,2026-03,-5,", "value", "-5 tỷ đồng cannot be: 0.0 to None"),
        ("thu-ngan-sach,38,M,2026-03,,", "value", "is missing"),
        ("thu-ngan-sach,38,M,2026-01,2,", "period", "2026-01-01 is there twice with different values"),
        (",38,M,2026-03,1,", "indicator", "is missing"),
        ("thu-ngan-sach,38", "", "2 columns, the header has 6"),
    ],
)
def test_faults_are_named_and_cost_no_neighbour(parse, row: str, field: str, words: str) -> None:
    payload = f"{HEAD}thu-ngan-sach,38,M,2026-01,1,\n{row}\nthu-ngan-sach,38,M,2026-02,2,\n".encode()
    found = parse("indicators", payload)
    assert [r.period.month for r in found.records] == [1, 2]
    ((position, where, reason),) = found.faults
    assert (position, where) == (3, field)
    assert words in reason
    assert found.rejects[0].raw == (HEAD + row).encode()


def test_unknown_indicators_are_refused_where_the_source_says_so(parse) -> None:
    payload = b"indicator,period,value\nmoi,2026-01,1\n"
    assert parse("indicators", payload).records
    assert parse("indicators", payload, unknown_indicators="reject").faults == [
        (2, "indicator", "unknown indicator 'moi'")
    ]


@pytest.mark.parametrize(
    ("row", "words"), [("iip,bao giờ,1", "is not a year"), ("iip,2199,1", "2199 is no year of a plan")]
)
def test_plans_need_a_year(parse, row: str, words: str) -> None:
    ((_, field, reason),) = parse("indicators", f"indicator,year,target\n{row}\n".encode()).faults
    assert field == "year"
    assert words in reason


def test_a_revision_has_the_identity_of_what_it_revises(parse) -> None:
    first, second = (
        parse("indicators", f"{HEAD}iip,38,M,2026-01,{value},%\n".encode()).records[0] for value in (112.4, 112.9)
    )
    assert first.event_id == second.event_id
    assert first.value != second.value


def test_an_exact_repeat_is_the_same_record(parse) -> None:
    found = parse("indicators", f"{HEAD}iip,38,M,2026-01,112,%\niip,38,M,2026-01-01,112.0,%\n".encode())
    assert len({r.event_id for r in found.records}) == 1
    assert found.rejects == []
