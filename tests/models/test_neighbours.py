"""Sensor or event: which series are asked, and what their answers mean."""

from __future__ import annotations

import math

import pytest
from msgspec import structs

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Station
from ioc.records import Anomaly
from models.neighbours import Seen, as_found, asked_of, distance_km, told_of, verdict
from models.series import Key
from tests.models.made import START

CATALOG = load_catalog()
SOURCE = "env-stations"
HAC_THANH, SAM_SON = "TH_HACTHANH_KK01", "TH_SAMSON_KK01"


def anomaly(station: str = HAC_THANH, metric: str = "pm25", detector: str = "seasonal", value: float = 90.0) -> Anomaly:
    return Anomaly(
        event_id="a", received_at=START, source=SOURCE, station=station, metric=metric, observed_at=START, since=START,
        value=value, expected=30.0, low=20.0, high=40.0, unit="µg/Nm3", score=4.0, one_in=5e4, severity="warning",
        detector=detector, reason="R.", evidence=["e"],
    )  # fmt: skip


def seen(key: Key, value: float, points: int = 200, before_s: int = 0) -> Seen:
    """Usually 20 to 40."""
    return Seen(key, value, round(START.timestamp() * 1000) - 1000 * before_s, 20.0, 30.0, 40.0, points)


NEAR, OWN, SELF = (SOURCE, SAM_SON, "pm25"), (SOURCE, HAC_THANH, "pm10"), (SOURCE, HAC_THANH, "pm25")


def test_alike_stations_near_by_and_the_other_metrics_of_the_station_are_asked() -> None:
    asked = asked_of(CATALOG, anomaly())
    assert [key for key in asked if key[1] != HAC_THANH] == [NEAR]
    assert {key[2] for key in asked if key[1] == HAC_THANH} == {
        *("pm25", "pm10", "so2", "no2", "temperature", "humidity")
    }


@pytest.mark.parametrize(
    "odd",
    [
        anomaly(metric="so2"),  # what one chimney lets out
        anomaly("TH_LEMON_NT01", "ph"),  # what one outlet lets out
        anomaly("TH_BIMSON_KK01"),  # nobody near
        anomaly("TH_KHONG_CO"),
        anomaly(metric="khong_co"),
        structs.replace(anomaly(), source="khong-co"),
        anomaly(detector="stuck"),  # needs no neighbours
    ],
)
def test_nobody_is_asked_where_nobody_can_know(odd: Anomaly) -> None:
    assert asked_of(CATALOG, odd) == []


def test_the_temperature_of_water_is_not_that_of_air() -> None:
    stations = {key[1] for key in asked_of(CATALOG, anomaly("TH_LEMON_NT01", "temperature"))}
    assert HAC_THANH not in stations
    assert "TH_HOANGLONG_NT01" in stations


@pytest.mark.parametrize(
    ("answers", "cause", "text"),
    [
        ([seen(NEAR, 70.0), seen(OWN, 30.0)], "event", "Trạm lân cận cũng tăng"),
        ([seen(NEAR, 30.0), seen(OWN, 30.0)], "sensor", "có thể lỗi thiết bị đo"),
        ([seen(NEAR, 30.0), seen(OWN, 90.0)], "", "PM10 cùng trạm cũng lệch"),
        ([seen(NEAR, 5.0), seen(OWN, 30.0)], "sensor", "1 trạm lân cận không thấy gì"),  # the other way is not the same
        ([seen(NEAR, 46.0), seen(OWN, 30.0)], "", ""),  # beyond its band, but far less than here: chance or not
        ([seen(NEAR, 70.0, points=5), seen(OWN, 30.0)], "", ""),  # a band of five points is none
        ([seen(NEAR, 30.0, before_s=300), seen(OWN, 30.0)], "", ""),  # it has not come yet
        ([seen(NEAR, 30.0)], "", "1 trạm lân cận không thấy gì"),  # the station measures nothing else
        ([seen(OWN, 90.0)], "", ""),
        ([], "", ""),
    ],
)
def test_answers_and_what_they_mean(answers: list[Seen], cause: str, text: str) -> None:
    found = verdict(CATALOG, anomaly(), [*answers, seen(SELF, 90.0)])
    assert found.cause == cause
    assert text in found.text
    assert bool(text) == bool(found.text)
    told = told_of(anomaly(), found)
    assert (told.cause, text in told.reason) == (cause, True)
    assert as_found(told) == anomaly() or cause == "event"


@pytest.mark.parametrize("here", [[], [seen(SELF, 41.0)], [seen(SELF, 90.0, before_s=1)]])
def test_nothing_is_known_where_the_series_itself_lies_in_its_band(here: list[Seen]) -> None:
    assert verdict(CATALOG, anomaly(), [*here, seen(NEAR, 70.0), seen(OWN, 30.0)]) == ("", "")


def test_several_neighbours_are_counted() -> None:
    others = [(SOURCE, f"TRAM_{n}", "pm25") for n in range(3)]
    near = [seen(key, 70.0 if n else 30.0) for n, key in enumerate(others)]
    found = verdict(CATALOG, anomaly(), [*near, seen(SELF, 90.0)])
    assert found == ("event", "2 trong 3 trạm lân cận cũng tăng: có thể là sự kiện thật")
    falls = verdict(CATALOG, anomaly(value=2.0), [*(seen(key, 5.0) for key in others), seen(SELF, 2.0)])
    assert falls == ("event", "3 trong 3 trạm lân cận cũng giảm: có thể là sự kiện thật")


def test_a_series_that_never_moved_departs_with_its_first_step() -> None:
    assert Seen(NEAR, 1.0, 0, 0.0, 0.0, 0.0, 99).departure == math.inf
    assert Seen(NEAR, 0.0, 0, 0.0, 0.0, 0.0, 99).departure == 0.0


def test_a_stuck_sensor_is_the_sensor() -> None:
    assert verdict(CATALOG, anomaly(detector="stuck"), []).cause == "sensor"


def test_distances_are_those_of_the_globe() -> None:
    stations = CATALOG.stations
    assert distance_km(stations[HAC_THANH], stations[SAM_SON]) == pytest.approx(13.8, abs=0.2)
    assert distance_km(stations[HAC_THANH], Station(code="C", name="C")) == math.inf
