"""The models that are kept: what an analyst reads from them, and that none of it stops a forecast."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from forecasting import job
from forecasting.kept import Shelf
from ioc.catalog.load import load_catalog
from tests.forecasting.making import NOW, rows, seasonal

CATALOG = load_catalog(None)
KEY = ("xuat-khau", "38")


def kept_by(folder: Path, values: list[job.Row], hours: int = 0) -> list[job.Outcome]:
    found = job.tasks(values, {}, CATALOG, NOW)
    return list(job.outcomes(found, NOW + timedelta(hours=hours), shelf=Shelf(folder)))


def test_the_last_model_of_a_series_and_prophet_as_it_was(tmp_path: Path) -> None:
    from prophet.serialize import model_from_json

    values = rows(seasonal(82), date(2020, 1, 1))
    (outcome,) = kept_by(tmp_path, values)
    kept_by(tmp_path, values, hours=1)
    kept = Shelf(tmp_path).get(KEY)
    assert kept is not None
    assert kept.issued_at == NOW + timedelta(hours=1)
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")] == ["xuat-khau/38.json"]
    assert (kept.model, kept.scale, kept.periods) == (outcome.forecasts[0].model, "log", 82)
    assert kept.model.partition("@")[0] in kept.errors
    assert all(0 < error < 1 for error in kept.errors.values())  # type: ignore[operator]
    assert max(kept.origins) <= date(2025, 11, 1)
    assert kept.tet.keys() == {"before_tet", "tet"}
    model = model_from_json(json.dumps(json.loads(bytes(kept.prophet))))
    month = [(day.year - 2020) * 12 + day.month - 1 for day in model.history["ds"]]
    assert 70 < len(month) <= 82  # without the shocks of the catalogue
    assert np.allclose(np.exp(model.history["y"].to_numpy()), seasonal(82)[month])


def test_names_stay_within_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    kept_by(folder, rows(seasonal(30), indicator="../a/b", area="") + rows(seasonal(30), indicator="..", area=".."))
    assert [p.name for p in tmp_path.iterdir()] == ["models"]
    assert Shelf(folder).get(("../a/b", "")) is not None
    assert Shelf(folder).get(("..", "..")) is not None
    assert Shelf(folder).get(("b", "")) is None


def test_what_cannot_be_kept_is_forecast_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    (outcome,) = kept_by(tmp_path / "file", rows(seasonal(30), indicator="a", area=""))
    assert outcome.forecasts
    assert "is not kept" in caplog.text
