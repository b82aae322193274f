"""`ioc bench multivariate`: what it counts, which files it takes, and that ours sees what is plainly there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bench.multivariate import LEARNT, Experiment, Verdicts, load, shares
from ioc.cli.bench import bench_app
from ioc.errors import ConfigurationError
from tests.models.test_joint import station

HEADER = "datetime;A;B;C;D;anomaly;changepoint"
ROWS, FROM, UNTIL = 700, 500, 600


def written(folder: Path, name: str, seed: int) -> Path:
    """An experiment whose second sensor leaves the first one between two rows."""
    values, path = station(seed, ROWS), folder / f"{name}.csv"
    values[FROM:UNTIL, 1] -= 15.0
    path.parent.mkdir(parents=True, exist_ok=True)
    start = datetime(2026, 1, 5, tzinfo=UTC)
    lines = [
        f"{start + timedelta(seconds=at):%Y-%m-%d %H:%M:%S};{';'.join(map(str, row))};{float(FROM <= at < UNTIL)};0.0"
        for at, row in enumerate(values)
    ]
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def test_prints_one_line_and_writes_scores(tmp_path: Path) -> None:
    data, scores = tmp_path / "data", tmp_path / "scores"
    for name in ("pump/1", "valve/2"):
        written(data, name, len(name))
    command = ["multivariate", "--data", str(data), "--scores", str(scores), "--json-only"]
    result = CliRunner().invoke(bench_app, command)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout.splitlines()[-1])
    assert {"j", "false_alarms", "missed", "f1", "rows_per_s", "groups", "peers"} <= report.keys()
    assert report["groups"].keys() == {"pump", "valve"}
    assert report["j"] > 0.7
    assert report["j"] == pytest.approx(1 - report["false_alarms"] - report["missed"], abs=1e-3)
    assert len(report["peers"]) >= 3
    rows = (scores / "pump" / "1.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "datetime,score,alarm,sensor"
    assert len(rows) == ROWS + 1
    assert all(float(row.split(",")[1]) == 0 for row in rows[1 : LEARNT + 1]), "what may be learnt is not scored"
    assert {row.split(",")[3] for row in rows[1:] if row.split(",")[2] == "1"} <= {"A", "B"}


def test_counts_only_what_is_scored() -> None:
    abnormal, alarms = np.zeros(LEARNT + 10, bool), np.zeros(LEARNT + 10, bool)
    abnormal[LEARNT : LEARNT + 4], alarms[LEARNT + 2 : LEARNT + 5], alarms[:5] = True, True, True
    experiment = Experiment("g", "g/1", ["A"], [], np.zeros((LEARNT + 10, 1)), abnormal)
    found = shares([(experiment, Verdicts(alarms.astype(float), alarms, []))])
    assert found == {
        "j": round(1 - 1 / 6 - 0.5, 4),
        "false_alarms": round(1 / 6, 4),
        "missed": 0.5,
        "f1": round(4 / 7, 4),
    }


def test_missing_values_and_the_order_of_files(tmp_path: Path) -> None:
    for name in ("g/10", "g/9"):
        path = written(tmp_path, name, 1)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].split(";")[0] + ";;1.0;2.0;3.0;0.0;0.0"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = load(tmp_path)
    assert [experiment.name for experiment in found] == ["g/9", "g/10"]
    assert np.isnan(found[0].values[2, 0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "no CSV files"),
        ("datetime;A;B\n2020-01-01 00:00:00;1;2", "expected datetime;sensors"),
        (HEADER + "\n2020-01-01 00:00:00;1;2;3;4;0;0", "the rows 1"),
        (HEADER + "\n" + "2020-01-01 00:00:00;x;2;3;4;0;0\n" * 500, "could not convert"),
        (HEADER + "\n" + "yesterday;1;2;3;4;0;0\n" * 500, "yesterday"),
    ],
)
def test_other_files_are_refused_with_their_name(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "1.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says) as refused:
        load(tmp_path)
    assert str(tmp_path) in str(refused.value)
