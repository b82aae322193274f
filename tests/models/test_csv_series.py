"""Any CSV a person may have."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ioc.errors import BadInput, ConfigurationError
from models.csv_series import read_series

ZONE = "Asia/Ho_Chi_Minh"
EXPECTED = [(datetime(2026, 11, 25, 7, 25, tzinfo=UTC), 1234.5), (datetime(2026, 11, 25, 7, 30, tzinfo=UTC), 7.0)]

SPELLINGS = {
    "iso with zone": "timestamp,value\n2026-11-25T14:25:00+07:00,1234.5\n2026-11-25T14:30:00+07:00,7\n",
    "iso zulu": "time,value\n2026-11-25T07:25:00Z,1234.5\n2026-11-25T07:30:00Z,7\n",
    "local": "timestamp,value\n2026-11-25 14:25:00,1234.5\n2026-11-25 14:30,7\n",
    "Vietnamese": "Thời gian;Giá trị\n25/11/2026 14:25;1.234,5\n25/11/2026 14:30;7\n",
    "tabs": "ngày\tsố đo\n25-11-2026 14:25\t1234,5\n25-11-2026 14:30\t7,0\n",
    "seconds": "ds,y\n1795591500,1234.5\n1795591800,7\n",
    "milliseconds": "time,value\n1795591500000,1234.5\n1795591800000,7\n",
    "other columns": "tram,luc,do_am,ghi chu\nA,2026-11-25 14:25,1234.5,x\nA,2026-11-25 14:30,7,y\n",
    "a telling name wins": "id,value,timestamp\n5,1234.5,2026-11-25 14:25\n6,7,2026-11-25 14:30\n",
    "english thousands": 'timestamp,value\n2026-11-25 14:25,"1,234.5"\n2026-11-25 14:30,7.0\n',
    "byte order mark": "\ufefftimestamp,value\n2026-11-25 14:25,1234.5\n2026-11-25 14:30,7\n",
    "unordered, repeated": "timestamp,value\n2026-11-25 14:30,7\n2026-11-25 14:25,1234.5\n2026-11-25 14:30,9\n",
    "a gap": "timestamp,value\n2026-11-25 14:25,1234.5\n2026-11-25 14:27,\n2026-11-25 14:30,7\n",
}


def read(tmp_path: Path, text: str, zone: str = ZONE) -> list[tuple[datetime, float]]:
    file = tmp_path / "chuoi.csv"
    file.write_text(text, encoding="utf-8")
    _, series = read_series(file, zone)
    return [(moment.to_pydatetime(), value) for moment, value in series.items()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings(spelling: str, tmp_path: Path) -> None:
    assert read(tmp_path, SPELLINGS[spelling]) == EXPECTED


def test_the_name_of_the_values_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("ngay,Lưu lượng\n2026-11-25,5\n2026-11-26,6\n", encoding="utf-8")
    assert read_series(file, ZONE)[0] == "Lưu lượng"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a CSV"),
        ("a,b\nx,y\nz,w\n", "no column of times"),
        ("a,b\n1,2\n3,4\n", "no column of times"),
        ("timestamp,value\n2026-11-25,x\n2026-11-26,y\n", "no column of numbers"),
        ("timestamp\n2026-11-25\n2026-11-26\n", "no column of numbers"),
    ],
)
def test_what_is_no_series_is_said(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said):
        read(tmp_path, text)


def test_no_such_zone(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Sao_Hoa"):
        read(tmp_path, SPELLINGS["local"], "Sao_Hoa")
