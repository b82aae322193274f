"""What people read of several sensors together."""

from __future__ import annotations

from datetime import timedelta

from msgspec import structs

from models.joint import JointScore
from models.joint_reasons import joint_reason, listed
from models.reasons import Names
from tests.models.made import START

NAMES = [Names("Bụi mịn PM2.5", "Sầm Sơn", 1, " µg/Nm³"), Names("Bụi PM10", "Sầm Sơn", 1), Names("Độ ẩm", "Sầm Sơn", 0)]
SCORE = JointScore(4.12, 0, 61.23, 34.0, 27.0, 41.0, [1], [4.1, 2.5, 0.4], 9600.0, START, True)


def test_what_departs_from_what_comes_first() -> None:
    text = joint_reason(NAMES, START, 15, SCORE)
    assert text.startswith(
        "Bụi mịn PM2.5 trung bình 15 số đo 61,2 µg/Nm³ không theo Bụi PM10 như thường (mong đợi 34,0,"
    )
    assert "lệch gấp 4,1 lần mức thường; hiếm cỡ 1 trong 9.600 số đo. Sầm Sơn, 07:00 ngày 05/01/2026." in text
    assert "kéo dài" not in text


def test_a_sensor_that_leaves_its_own_level_says_who_did_not() -> None:
    text = joint_reason(NAMES, START, 15, structs.replace(SCORE, partners=[]))
    assert "lệch mức gần đây trong khi Độ ẩm vẫn như thường (" in text
    alone = structs.replace(SCORE, partners=[], sizes=[4.1, float("nan"), 3.0], since=START - timedelta(hours=1))
    assert "lệch mức gần đây (" in joint_reason(NAMES, START, 15, alone)
    assert "kéo dài từ 06:00 ngày 05/01/2026" in joint_reason(NAMES, START, 15, alone)


def test_lists_read_as_people_write_them() -> None:
    assert [listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == ["A", "A và B", "A, B và C"]
