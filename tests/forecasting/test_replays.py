"""Forecasts of past months made afterwards: from what was over then, marked, once, and in nobody's way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from clickhouse.client import connect
from clickhouse.connection import Connection
from clickhouse.queries import query
from forecasting import job
from forecasting.predict import VERSION
from forecasting.replays import MARK, NEVER, Issues, moments, read_issues, replayed, tasks_at
from forecasting.series import NEED
from ioc.catalog.load import load_catalog
from ioc.cli.replaying import replay
from ioc.cli.run import opened_packer
from ioc.records import Forecast
from ioc.settings import Settings
from tests.forecasting.making import NOW, RECEIVED, rows, seasonal
from tests.forecasting.test_store import TWICE, insert, made, published, value

CATALOG = load_catalog(None)
MONTHS = 3


def test_moments_are_mornings_of_the_first_days_of_months() -> None:
    found = moments(datetime(2026, 2, 1, 0, 59, tzinfo=UTC), 3)  # 07:59 in Vietnam: this month's is yet to come
    assert found == [datetime(2026, 1, 1, 1, tzinfo=UTC), datetime(2025, 12, 1, 1, tzinfo=UTC)]
    assert moments(datetime(2025, 12, 31, 17, tzinfo=UTC), 2)[0] == datetime(2025, 12, 1, 1, tzinfo=UTC)
    assert moments(NOW, 0) == []


def test_what_was_not_over_is_not_known_and_no_plan_is() -> None:
    values = rows(seasonal(70))  # January 2020 to October 2025
    (task,) = tasks_at(datetime(2025, 3, 1, 1, tzinfo=UTC), values, CATALOG, {})
    assert task.series.last == date(2025, 2, 1)
    assert tasks_at(datetime(2021, 11, 1, 1, tzinfo=UTC), values, CATALOG, {}) == []  # 22 months
    assert NEED["M"] == 24


@pytest.mark.parametrize(
    ("issues", "lacks"),
    [
        (NEVER, True),
        (Issues(NOW, frozenset()), True),
        (Issues(RECEIVED - timedelta(days=700), frozenset()), False),
        (Issues(NOW, frozenset({datetime(2025, 3, 1, 1, tzinfo=UTC)})), False),
        (Issues(NOW, frozenset({datetime(2025, 4, 1, 1, tzinfo=UTC)})), True),
    ],
)
def test_what_was_forecast_in_earnest_or_already_again_is_left(issues: Issues, lacks: bool) -> None:
    moment = datetime(2025, 3, 1, 1, tzinfo=UTC)
    found = tasks_at(moment, rows(seasonal(70)), CATALOG, {("xuat-khau", "38"): issues})
    assert bool(found) == lacks


def test_they_carry_a_mark_and_are_the_same_again() -> None:
    moment = datetime(2025, 3, 1, 1, tzinfo=UTC)
    found = tasks_at(moment, rows(seasonal(70)), CATALOG, {})
    (first,), (again,) = (list(replayed(found, moment, NOW)) for _ in range(2))
    assert first == again
    assert {f.model for f in first} == {f"combined@{VERSION}{MARK}"}
    assert {(f.issued_at, f.received_at) for f in first} == {(moment, NOW)}
    assert first[0].period == date(2025, 3, 1)


@pytest.fixture
def filled(store_settings: Settings, tmp_path: Path) -> Settings:
    """Forty-six months, January 2023 to October 2026; NOW is in November."""
    insert(store_settings, [value(m, float(v)) for m, v in enumerate(seasonal(46))])
    return store_settings.model_copy(update={"data_dir": tmp_path})


def asked(settings: Settings, text: str) -> list[dict[str, Any]]:
    client = connect(settings)
    try:
        return client.query_arrow(text).to_pylist()  # type: ignore[no-any-return]
    finally:
        client.close()


async def test_they_are_scored_at_once_and_change_nothing_else(filled: Settings) -> None:
    store, told, past = Connection(filled), [], moments(NOW, MONTHS)
    async with opened_packer(filled) as packer:
        count = await replay(store, CATALOG, packer, past, already := set(), tell=lambda *step: told.append(step))
        assert count == MONTHS
        assert told == [(n + 1, MONTHS) for n in range(MONTHS)]
        assert len(already) == MONTHS
        assert await replay(store, CATALOG, packer, past, already) == 0  # published, though not stored yet
    sent = [r for r in published(filled.data_dir, "forecasts") if isinstance(r, Forecast)]
    assert published(filled.data_dir, "outlooks") == []
    insert(filled, sent)
    scored = asked(
        filled, "SELECT period, issued_at, replayed, in_80 FROM v_forecast_scored ORDER BY issued_at, period"
    )
    assert len(scored) == sum(range(MONTHS))  # of September two months have come, of October one, of November none
    assert {row["replayed"] for row in scored} == {1}
    (health,) = asked(filled, "SELECT periods, replayed, state FROM v_forecast_health")
    assert health == {"periods": MONTHS - 1, "replayed": MONTHS - 1, "state": "few"}

    stored = job.read(partial(query, connect(filled)), NOW)
    assert stored.issued == {}, "the series was never forecast in earnest"
    assert stored.before == {}
    async with opened_packer(filled) as packer:
        assert await replay(store, CATALOG, packer, past, set()) == 0  # another process: the store says so
        assert await replay(store, CATALOG, packer, moments(NOW, MONTHS + 1), set()) == 1
    insert(filled, [made(NOW, value=7.0)])
    issues = read_issues(store.query)[TWICE, "38"]
    assert (issues.first, len(issues.replayed)) == (NOW, MONTHS)
    (latest,) = asked(
        filled, "SELECT max(issued_at) AS at, max(model) AS model FROM v_forecast_latest WHERE forecast = 7"
    )
    assert latest["model"] == f"combined@{VERSION}"
