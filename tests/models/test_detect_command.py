"""`ioc detect` as an analyst uses it."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib.image as mpimg
import pytest
import typer
from typer.testing import CliRunner

from ioc.cli.detect import detect
from ioc.errors import NotEnoughHistory
from tests.models.made import DAY, times, values

SPIKE = 3 * DAY + 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Five days with a spike on the fourth, in local time."""
    series = values(5 * DAY, seed=3)
    series[SPIKE] += 80.0
    rows = [f"{moment:%Y-%m-%d %H:%M},{value}" for moment, value in zip(times(5 * DAY), series, strict=True)]
    path = tmp_path / "cau_ham_rong.csv"
    path.write_text("\n".join(["thoi_gian,gia_tri", *rows]) + "\n")
    return path


def run(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(detect)
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "250"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def test_json_lines_with_reasons(file: Path) -> None:
    *lines, last = [json.loads(line) for line in run("--file", str(file), "--json").splitlines()]
    assert last == {"points": 5 * DAY, "anomalies": len(lines)}
    spikes = [line["anomaly"] for line in lines if line["anomaly"]["observed_at"] == "2026-01-08T01:20:00Z"]
    assert len(spikes) == 1
    assert spikes[0]["station"] == "cau_ham_rong"
    assert "cau_ham_rong, 08:20 ngày 08/01/2026" in spikes[0]["reason"]
    assert spikes[0]["evidence"]


def test_a_table_for_people(file: Path) -> None:
    text = run("--file", str(file))
    assert "08:20 ngày 08/01/2026" in text
    assert "1440 số đo" in text


def test_times_may_be_in_another_zone(file: Path) -> None:
    assert "15:20 ngày 08/01/2026" in run("--file", str(file), "--zone", "UTC")


def test_a_picture(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    run("--file", str(file), "--plot", str(out))
    picture = mpimg.imread(out)
    assert picture.shape[:2] == (720, 1680)
    coloured = {tuple(round(c * 255) for c in p[:3]) for p in picture[::2, ::2].reshape(-1, picture.shape[2])}
    assert len(coloured) > 20  # axes, series, band and a marker


def test_too_little_to_judge_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ngan.csv"
    rows = [f"{moment:%Y-%m-%d %H:%M},1" for moment in times(50)]
    path.write_text("\n".join(["timestamp,value", *rows]))
    with pytest.raises(NotEnoughHistory, match=r"ngan.*50 points, 200 needed"):
        run("--file", str(path))
