"""The reasons as people read them, word for word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ioc.catalog.model import Limit, Metric, Station
from models.base import Score
from models.level import LevelDeviation
from models.limits import Limits
from models.reasons import Names, at, number, rarity, reason
from models.seasonal import Seasonal
from models.shape import Shape
from models.stuck import Stuck

NOON = datetime(2026, 11, 25, 7, 25, tzinfo=UTC)  # 14:25 in the province
PM25 = Names("Bụi mịn PM2.5", "Không khí KKT Nghi Sơn", 1, " µg/Nm³")


def score(**changes: object) -> Score:
    given: dict[str, object] = {
        "value": 5.0, "expected": 32.4, "low": 19.8, "high": 48.2, "one_in": 12_345.0,
        "since": NOON - timedelta(minutes=35), "alert": True,
    }  # fmt: skip
    return Score(**(given | changes))  # type: ignore[arg-type]


def test_seasonal() -> None:
    assert reason(PM25, NOON, 186.3, Seasonal(), score()) == (
        "Bụi mịn PM2.5 186,3 µg/Nm³, thường lúc này 20–48 (mong đợi 32); hiếm cỡ 1 trong 12.000 số đo; kéo dài từ 13:50. "
        "Không khí KKT Nghi Sơn, 14:25 ngày 25/11/2026. Bộ phát hiện: lệch nếp thường theo giờ."
    )


def test_what_began_with_the_point_and_before_midnight() -> None:
    assert "kéo dài" not in reason(PM25, NOON, 186.3, Seasonal(), score(since=NOON))
    night = datetime(2026, 11, 25, 17, 10, tzinfo=UTC)  # 00:10 on the 26th
    text = reason(PM25, night, 186.3, Seasonal(), score(since=night - timedelta(minutes=20)))
    assert "KKT Nghi Sơn, 00:10 ngày 26/11/2026" in text
    assert "kéo dài từ 23:50 ngày 25/11/2026" in text


def test_level_with_a_negative_band() -> None:
    names = Names("Nhiệt độ", "Sầm Sơn", 1, " °C")
    assert reason(names, NOON, 11.0, LevelDeviation(), score(expected=0.2, low=-1.3, high=1.7, since=NOON)) == (
        "Nhiệt độ 11,0 °C, gần đây thường -1,3 đến 1,7 (mong đợi 0,2); "
        "hiếm cỡ 1 trong 12.000 số đo. Sầm Sơn, 14:25 ngày 25/11/2026. Bộ phát hiện: lệch mức gần đây."
    )


def test_shape_of_a_series_nobody_described() -> None:
    names = Names.of(("nguon", "QL1A", "luu_luong"), None, None)
    parts = {"shape": 8, "compared": 1500}
    assert reason(
        names, NOON, 1234.0, Shape(), score(one_in=152.0, parts=parts, low=1180, high=1290, expected=1235)
    ) == (
        "luu_luong 1.234, thường lúc này 1.180–1.290 (mong đợi 1.235); diễn biến 8 "
        "số đo gần nhất không giống đoạn nào trong 1.500 số đo trước; hiếm cỡ 1 trong 150 số đo; kéo dài từ 13:50. "
        "QL1A, 14:25 ngày 25/11/2026. Bộ phát hiện: diễn biến lạ."
    )


def test_stuck() -> None:
    stuck = score(one_in=1e7, since=NOON - timedelta(hours=2, minutes=30), parts={"run": 31, "longest": 4})
    assert reason(PM25, NOON, 32.0, Stuck(), stuck) == (
        "Bụi mịn PM2.5 đứng yên ở 32,0 µg/Nm³ suốt 31 số đo, từ 11:55 đến 14:25 ngày "
        "25/11/2026; trước đây lâu nhất 4 số đo; hiếm hơn 1 trong 10 triệu số đo. Có thể thiết bị đo bị kẹt. "
        "Không khí KKT Nghi Sơn, 14:25 ngày 25/11/2026. Bộ phát hiện: giá trị đứng yên."
    )


def test_limit_of_a_daily_mean() -> None:
    detector = Limits([Limit(high=45.0, regulation="QCVN 05:2023/BTNMT", averaging="24h")])
    start = NOON - timedelta(days=1)
    for step in range(288):
        detector.learn_one(start + step * timedelta(minutes=5), 61.2)
    found = detector.score_one(NOON, 61.2)
    assert found is not None
    assert reason(PM25, NOON, 61.2, detector, found) == (
        "Bụi mịn PM2.5 trung bình 24 giờ 61,2 µg/Nm³, vượt giới hạn 45,0 µg/Nm³ (QCVN 05:2023/BTNMT), gấp 1,36 lần; "
        "kéo dài từ 08:20. Không khí KKT Nghi Sơn, 14:25 ngày 25/11/2026. Bộ phát hiện: vượt giới hạn quy chuẩn."
    )


def test_lower_limit() -> None:
    metric = Metric(
        id="ph",
        name="pH",
        names=["pH"],
        units=["-"],
        decimals=2,
        limits=[Limit(low=5.5, high=9.0, regulation="QCVN 40:2011/BTNMT cột B")],
    )
    names = Names.of(("env", "NT01", "ph"), metric, Station(code="NT01", name="Nước thải Lễ Môn")).measured_in("-")
    detector = Limits(metric.limits)
    found = detector.score_one(NOON, 4.9)
    assert found is not None
    assert reason(names, NOON, 4.9, detector, found) == (
        "pH 4,90, thấp hơn giới hạn 5,50 (QCVN 40:2011/BTNMT cột B). "
        "Nước thải Lễ Môn, 14:25 ngày 25/11/2026. Bộ phát hiện: vượt giới hạn quy chuẩn."
    )


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (1234567.0, 0, "1.234.567"),
        (-0.04, 1, "-0,040"),
        (0.0, 2, "0,00"),
        (-0.0, 1, "0,0"),
        (0.00012, 1, "0,00012"),
        (-12.0, 0, "-12"),
        (17.39, None, "17,39"),
        (90.0, None, "90"),
        (0.123456, None, "0,1235"),
        (123456.0, None, "123.456"),
        (100.0, None, "100"),
    ],
)
def test_numbers(value: float, decimals: int | None, text: str) -> None:
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("one_in", "text"),
    [
        (151.0, "1 trong 150 số đo"),
        (12_345.0, "1 trong 12.000 số đo"),
        (999_999.0, "1 trong 1 triệu số đo"),
        (1_260_000.0, "1 trong 1,3 triệu số đo"),
        (1e7, "hiếm hơn 1 trong 10 triệu số đo"),
    ],
)
def test_rarity_is_rounded_to_what_is_known(one_in: float, text: str) -> None:
    assert text in rarity(one_in)


def test_seconds_are_shown_where_there_are_any() -> None:
    assert at(NOON) == "14:25 ngày 25/11/2026"
    assert at(NOON + timedelta(seconds=7)) == "14:25:07 ngày 25/11/2026"
