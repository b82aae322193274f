"""The benchmark of forecasts measures as M4 did, counts what it should, and says the same at every repeat."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from bench.forecast import COLUMNS, answered, report, table
from bench.forecast_cases import Case, cases
from bench.forecast_models import PEERS, indices, naive2, scum, seasonal
from bench.forecast_scores import Score, difference, frame_of, owa, score
from forecasting.periods import ordinal
from forecasting.series import Floats, Series
from ioc.cli.bench import bench_app
from ioc.errors import BadInput
from tests.forecasting.making import rows
from tests.forecasting.making import seasonal as seasonal_values

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def case(past: Floats, future: list[float], season: int = 12, start: date = date(2020, 1, 1)) -> Case:
    one = Series("x", "", "M", "", ordinal(start, "M"), np.asarray(past, dtype=np.float64), LONG_AGO)
    return Case(one, np.array(future), season, tet=True)


def test_naive2_is_that_of_m4() -> None:
    """A season that multiplies a constant comes back exactly; without one it is the last value."""
    shape = np.array([0.5, 1.5, 1.0, 1.0])
    wave = np.tile(shape, 6) * 100.0
    assert indices(wave, 4) == pytest.approx(shape)
    assert naive2(case(wave, [0.0] * 5, 4))[0] == pytest.approx([50.0, 150.0, 100.0, 100.0, 50.0])
    noise = 100 + np.random.default_rng(1).normal(0, 1, 48)
    assert not seasonal(noise, 12)
    assert naive2(case(noise, [0.0] * 3))[0] == pytest.approx([noise[-1]] * 3)
    assert not seasonal(wave[:11], 4), "less than three seasons show none"


def test_naive2_of_counts_with_a_season_of_nothing() -> None:
    shape = np.array([0.0, 4.0, 2.0, 2.0])
    assert naive2(case(np.tile(shape, 6), [0.0] * 4, 4))[0] == pytest.approx([2.0] * 4), "an index of nothing divides"


def test_scores_by_hand() -> None:
    """Past 1, 2, …, 24 with season 12: the unit of MASE is 12."""
    one = case(np.arange(1.0, 25.0), [10.0, float("nan"), 30.0])
    value, low, high = np.array([20.0, 1.0, 30.0]), np.array([15.0, 0.0, 25.0]), np.array([25.0, 9.0, 35.0])
    found = score(one, "m", (value, {0.8: (low, high), 0.95: (low, high)}), 0.5)
    assert one.unit == 12.0
    assert found.smape == pytest.approx((200 * 10 / 30 + 0) / 2)
    assert found.mase == pytest.approx(5 / 12)
    assert (found.periods, found.inside80, found.inside95) == (2, 1.0, 1.0)
    assert found.msis95 == pytest.approx((10 + 40 * 5 + 10) / 2 / 12)
    assert found.tet_mase == pytest.approx(10 / 12), "January came, February did not, March is neither"
    assert np.isnan(score(one, "m", (value, {}), 0.0).msis95)


def scores(model: str, errors: list[float]) -> list[Score]:
    one = Score(model, "", "M", 0.0, 0.0, float("nan"), float("nan"), 1, 1.0, 1.0, 1.0, 0.1)
    return [replace(one, series=f"s{n}", smape=2 * e, mase=e) for n, e in enumerate(errors)]


def test_owa_and_the_interval_of_a_difference() -> None:
    rng = np.random.default_rng(2)
    base = rng.uniform(1.0, 2.0, 60)
    frame = frame_of(
        scores("Naive2", list(base))
        + scores("good", list(base * 0.8))
        + scores("odd", list(base * rng.uniform(0.5, 1.4, 60)))
    )
    assert owa(frame, "good") == pytest.approx(0.8)
    assert difference(frame, "good", "Naive2") == pytest.approx((-0.2, -0.2))
    low, high = difference(frame, "good", "odd")
    assert low < owa(frame, "good") - owa(frame, "odd") < high
    assert difference(frame, "good", "odd") == (low, high)
    assert difference(frame.iloc[::-1], "good", "odd") == pytest.approx((low, high)), "whoever was done first"
    assert np.isnan(difference(frame, "good", "odd", tet=True)).all()


def test_a_peer_that_fails_is_scored_as_naive2_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Case) -> Any:
        raise RuntimeError("no convergence")

    one = case(seasonal_values(48), [1000.0] * 6, start=date(2016, 1, 1))
    monkeypatch.setitem(PEERS, "AutoARIMA", fails)
    monkeypatch.setattr("bench.forecast.warm", lambda *, peers: None)
    found = answered(one, peers=True)
    by = {s.model: s for s in found.scores}
    assert [name for name, s in by.items() if s.failed] == ["AutoARIMA"]
    assert by["AutoARIMA"].mase == by["Naive2"].mase
    assert by["SCUM"].mase != by["Naive2"].mase, "the median of the other three"
    rest = {n: a for n, a in found.answers.items() if n in {"AutoETS", "AutoCES", "DynamicOptimizedTheta"}}
    assert scum(rest)[0] == pytest.approx(np.median([a[0] for a in rest.values()], axis=0))
    told = report(frame_of(found.scores), rolling=True)
    assert told["models"]["AutoARIMA"]["failed"] == 1
    assert [row[0] for row in table(told)[1]][:3] == ["ours", "Prophet default", "AutoETS"]


def split_file(folder: Path, *, test: bool = True) -> Path:
    """Three quarterly series of ten years, the last two for testing."""
    lines = ["id,freq,m,h,ds,y,split"]
    for name, seed in (("a", 1), ("b", 2), ("c", 3)):
        for n, row in enumerate(rows(seasonal_values(40, seed=seed), date(2010, 1, 1), "Q")):
            part = "test" if n >= 32 else "train"
            if test or part == "train" or name != "b":
                lines.append(f"{name},Q,4,8,{row.period},{row.value},{part}")
    path = folder / "viertel.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_series_without_test_rows_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="series b has no rows of split test"):
        list(cases(split_file(tmp_path, test=False)))


def test_rolling_origins_lie_a_year_apart_and_know_no_future(tmp_path: Path) -> None:
    path = tmp_path / "chi-tieu.csv"
    values = rows(seasonal_values(132), date(2014, 1, 1))
    path.write_text("\n".join(["ds,y", *(f"{r.period},{r.value}" for r in values)]), encoding="utf-8")
    found = list(cases(path))
    assert [len(c.past) for c in found] == [120, 108, 96, 84]
    assert [float(c.future[0]) for c in found] == pytest.approx([r.value for r in values][120:72:-12])
    assert [d.month for d in np.array(found[0].days)[found[0].tet_months]] == [1, 2]


def test_the_command_ends_with_its_line_and_writes_what_it_scored(tmp_path: Path) -> None:
    file, out = split_file(tmp_path), tmp_path / "out" / "forecasts.csv"
    arguments = ["forecast", "--series", str(file), "--out", str(out), "--no-peers", "--workers", "1", "--json-only"]
    done = CliRunner().invoke(bench_app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert {"owa", "owa_jan_feb", "smape", "mase", "coverage80", "coverage95", "series_per_s", "diff_ci"} <= told.keys()
    assert told["peers"].keys() == told["diff_ci"].keys() == {"seasonal naive", "Naive2"}
    assert (told["peers"]["Naive2"], told["owa_jan_feb"], told["series"]) == (1.0, None, 3)
    assert 0 <= told["coverage80"] <= told["coverage95"] <= 100
    assert told["versions"]["statsforecast"]
    with out.open(encoding="utf-8") as stream:
        written = list(csv.DictReader(stream))
    assert tuple(written[0]) == COLUMNS
    assert len(written) == 3 * 3 * 8
    ours = [r for r in written if r["model"] == "ours"]
    assert all(float(r["low95"]) <= float(r["low80"]) <= float(r["value"]) <= float(r["high80"]) for r in ours)
    truth = {(c.past.indicator, d.isoformat()): y for c in cases(file) for d, y in zip(c.days, c.future, strict=True)}
    error = [abs(float(r["value"]) - truth[r["id"], r["ds"]]) for r in ours]
    smape = [200 * e / (abs(float(r["value"])) + truth[r["id"], r["ds"]]) for e, r in zip(error, ours, strict=True)]
    assert told["smape"] == pytest.approx(np.mean(smape), abs=1e-3)
