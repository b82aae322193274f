"""TT 10/2021 station files: what each column may hold, and what each fault is called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

FILE = "TH_NGHISON_KK01_20261124101500.txt"
TIME = "20261124101500"


def line(name: str = "PM2.5", value: str = "31.2", unit: str = "ug/m3", time: str = TIME, status: str = "00") -> bytes:
    return "\t".join((name, value, unit, time, status)).encode()


def test_a_line_becomes_a_reading(parse) -> None:
    (reading,) = parse("env-stations", line(), FILE).records
    assert (reading.station, reading.metric, reading.value) == ("TH_NGHISON_KK01", "pm25", 31.2)
    assert (reading.unit, reading.status, reading.agency, reading.area) == ("µg/Nm3", "ok", "so-nnmt", "16654")
    assert reading.observed_at == datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
    assert reading.raw_time == TIME


@pytest.mark.parametrize("name", ["PM2.5", "pm2.5", "PM25", "pm 2.5", " PM-2.5 "])
@pytest.mark.parametrize("unit", ["µg/Nm3", "μg/m3", "UG/M3", "ug/Nm³", ""])
def test_spellings_of_names_and_units(parse, name: str, unit: str) -> None:
    (reading,) = parse("env-stations", line(name=name, unit=unit), FILE).records
    assert (reading.metric, reading.unit) == ("pm25", "µg/Nm3")


@pytest.mark.parametrize(
    ("text", "value"), [("31,2", 31.2), ("31", 31.0), (" 31.2 ", 31.2), ("3.12e1", 31.2), ("+31.2", 31.2), ("0", 0.0)]
)
def test_spellings_of_numbers(parse, text: str, value: float) -> None:
    assert parse("env-stations", line(value=text), FILE).records[0].value == value


@pytest.mark.parametrize(
    ("fault", "field", "words"),
    [
        ({"name": "Radon"}, "parameter", "unknown parameter 'Radon'"),
        ({"unit": "mg/m3"}, "unit", "'mg/m3' is not a unit of pm25: µg/Nm3"),
        ({"value": "NaN"}, "value", "not a finite number"),
        ({"value": "inf"}, "value", "not a finite number"),
        ({"value": "1e999"}, "value", "not a finite number"),
        ({"value": "1_0"}, "value", "not a number"),
        ({"value": "٣"}, "value", "not a number"),
        ({"value": "9" * 400}, "value", "not a number"),
        ({"value": ""}, "value", "is empty though the instrument is measuring"),
        ({"value": "-1"}, "value", "-1 µg/Nm3 is not physical: 0.0 to 1000.0"),
        ({"value": "1000.1"}, "value", "is not physical"),
        ({"time": "20991124101500"}, "time", "is in the future (more than 600 s ahead)"),
        ({"time": "20200101000000"}, "time", "is older than 400 days"),
        ({"time": "20261324101500"}, "time", "is not a time yyyyMMddHHmmss"),
        ({"time": "2026112410150"}, "time", "is not a time yyyyMMddHHmmss"),
        ({"time": "00000000000000"}, "time", "is not a time yyyyMMddHHmmss"),
        ({"status": "07"}, "status", "'07' is not 00, 01 or 02"),
    ],
)
def test_faults_are_named_and_cost_no_neighbour(parse, fault: dict[str, str], field: str, words: str) -> None:
    payload = line("PM10", "50") + b"\r\n" + line(**fault) + b"\r\n" + line("SO2", "12") + b"\r\n"
    found = parse("env-stations", payload, FILE)
    assert [r.metric for r in found.records] == ["pm10", "so2"]
    ((position, where, reason),) = found.faults
    assert (position, where) == (2, field)
    assert words in reason
    assert found.rejects[0].raw == line(**fault)


@pytest.mark.parametrize("status", ["01", "02", "1", "2"])
@pytest.mark.parametrize("value", ["", "-", "NaN", "-9999", "err"])
def test_without_measuring_no_value_is_refused(parse, status: str, value: str) -> None:
    (reading,) = parse("env-stations", line(value=value, status=status), FILE).records
    assert (reading.value, reading.status) == (None, "calibrating" if "1" in status else "fault")


def test_the_edges_of_what_is_plausible(parse, now) -> None:
    def at(moment: datetime) -> bytes:
        return line(time=(moment + timedelta(hours=7)).strftime("%Y%m%d%H%M%S"))

    assert parse("env-stations", at(now + timedelta(seconds=600)), FILE).records
    assert parse("env-stations", at(now + timedelta(seconds=601)), FILE).rejects
    assert parse("env-stations", at(now - timedelta(days=400)), FILE).records
    assert parse("env-stations", at(now - timedelta(days=400, seconds=1)), FILE).rejects


@pytest.mark.parametrize("origin", ["TH_KHONGCO_KK09_20261124101500.txt", "gió.txt", "TH_NGHISON_KK01.txt", ""])
def test_a_file_of_no_known_station_is_refused_whole(parse, origin: str) -> None:
    found = parse("env-stations", line(), origin)
    assert found.records == []
    assert found.faults[0][:2] in ((0, "station"), (0, "file_name"))
    assert found.rejects[0].raw == line()


@pytest.mark.parametrize("origin", [f"/TH/2026/11/24/{FILE}", f"D:\\tram\\{FILE}", FILE.lower(), FILE[:-4]])
def test_the_station_is_found_in_any_folder_and_case(parse, origin: str) -> None:
    assert parse("env-stations", line(), origin).records[0].station == "TH_NGHISON_KK01"


def test_the_sender_may_name_the_station(parse) -> None:
    assert parse("env-stations", line(), "upload", station="th_samson_kk01").records[0].station == "TH_SAMSON_KK01"


def test_a_repeat_is_the_same_record_and_a_contradiction_is_refused(parse) -> None:
    found = parse("env-stations", b"\n".join((line(), line(), line(value="99"))), FILE)
    assert [r.value for r in found.records] == [31.2, 31.2]
    assert len({r.event_id for r in found.records}) == 1
    assert found.faults == [(3, "value", "pm25 is there twice with different values")]


def test_blanks_instead_of_tabs(parse) -> None:
    found = parse("env-stations", "Nhiệt độ  25,1   oC 20261124101500 00".encode(), FILE)
    assert [(r.metric, r.value) for r in found.records] == [("temperature", 25.1)]


def test_an_empty_file_is_one_reject(parse) -> None:
    assert parse("env-stations", b"\r\n \r\n", FILE).faults == [(0, "", "the file is empty")]
