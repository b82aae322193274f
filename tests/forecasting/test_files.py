"""Series from CSV files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forecasting.files import has_split, read_names, read_rows
from ioc.errors import BadInput


def written(folder: Path, text: str, name: str = "so-lieu.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_simplest_file(tmp_path: Path) -> None:
    rows = read_rows(written(tmp_path, "ds,y\n2024-01-01,5\n2024-02-01,\n2024-03-01,7\n"))
    assert [(r.indicator, r.frequency, r.period, r.value) for r in rows] == [
        ("so-lieu", "M", date(2024, 1, 1), 5.0),
        ("so-lieu", "M", date(2024, 3, 1), 7.0),
    ]


def test_many_series_with_names_and_units(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "id,name_vi,unit,ds,y\nb,Bê,tấn,2024-01-01,1\nb,Bê,tấn,2024-04-01,2\na,A,,2024-01-01,3\na,A,,2025-01-01,3\n",
    )
    assert [(r.indicator, r.unit, r.frequency) for r in read_rows(file)] == [
        ("b", "tấn", "Q"), ("b", "tấn", "Q"), ("a", "", "Y"), ("a", "", "Y"),
    ]  # fmt: skip
    assert read_names(file) == {"b": "Bê", "a": "A"}
    assert not has_split(file)


def test_the_test_part_of_a_file_is_not_looked_at(tmp_path: Path) -> None:
    file = written(tmp_path, "id,freq,ds,y,split\nx,M,2024-01-01,1,train\nx,M,2024-02-01,2,test\n")
    assert [r.value for r in read_rows(file)] == [1.0]
    assert [r.value for r in read_rows(file, "test")] == [2.0]
    assert has_split(file)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("ds,x\n2024-01-01,5\n", "y"),
        ("day,y\n2024-01-01,5\n", "ds"),
        ("ds,y\n2024-01-01,năm\n2024-02-01,1\n", "ds, y"),
        ("ds,y\nhôm qua,5\n2024-02-01,1\n", "ds, y"),
        ("ds,y\n2024-01-01,5\n", "ds"),  # one period shows no frequency
        ("", ""),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(BadInput) as error:
        read_rows(written(tmp_path, text))
    assert error.value.field == field


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"ds,y\n2024-01-01,\xff\xfe\n")
    with pytest.raises(BadInput):
        read_rows(file)
