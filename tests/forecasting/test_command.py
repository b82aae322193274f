"""`ioc forecast --file` as an analyst uses it, without a running system."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ioc.cli.forecast import forecast
from ioc.errors import BadInput, ConfigurationError
from tests.forecasting.making import rows, seasonal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Four series of forty months, one of them too short."""
    lines = ["id,name_vi,unit,ds,y"]
    for name, count in (("a", 40), ("b", 40), ("c", 40), ("ngan", 5)):
        lines += [f"{name},Chỉ tiêu {name},tấn,{r.period},{r.value}" for r in rows(seasonal(count))]
    path = tmp_path / "chi-tieu.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(forecast)
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "160", "IOC_DATA_DIR": str(folder / "none")})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert not (folder / "none").exists()
    return result.exit_code, result.stdout


def test_one_series_whole(file: Path, tmp_path: Path) -> None:
    code, text = run(tmp_path, "--file", str(file), "--indicator", "b")
    assert code == 0
    assert "Chỉ tiêu b (tấn)" in text
    assert "05/2023" in text
    assert "04/2024" in text
    assert "4 tháng đầu năm 2023 là" in text


def test_many_series_a_line_each(file: Path, tmp_path: Path) -> None:
    code, text = run(tmp_path, "--file", str(file))
    assert code == 3
    assert [text.count(f"Chỉ tiêu {name}") for name in ("a", "b", "c")] == [1, 1, 1]
    assert "Chưa đủ số liệu" in text


def test_json(file: Path, tmp_path: Path) -> None:
    code, text = run(tmp_path, "--file", str(file), "--json")
    *lines, counts = [json.loads(line) for line in text.splitlines()]
    assert (code, counts) == (3, {"series": 4, "failed": 1})
    assert [line["indicator"] for line in lines] == ["a", "b", "c", "ngan"]
    first = lines[0]["forecasts"][0]
    assert first["period"] == "2023-05-01"
    assert first["low95"] < first["low80"] < first["value"] < first["high80"] < first["high95"]
    assert len(lines[0]["forecasts"]) == 12
    assert lines[0]["outlook"]["year"] == 2023


def test_mistakes_are_named(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no values of indicator 'x' in chi-tieu.csv"):
        run(tmp_path, "--file", str(file), "--indicator", "x")
    file.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="needs a column ds"):
        run(tmp_path, "--file", str(file))
