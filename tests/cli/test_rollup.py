"""`ioc rollup rebuild`, as it is typed."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from clickhouse.client import connect
from clickhouse.sink import Store
from ioc.cli.main import command_line
from ioc.errors import ConfigurationError
from ioc.settings import Settings
from tests.clickhouse.samples import START, sample, table_of


@pytest.fixture
def stored(store_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Three events and a reading that no worker has seen."""
    monkeypatch.setenv("IOC_CLICKHOUSE", store_settings.clickhouse)
    monkeypatch.setenv("IOC_DATABASE", store_settings.database)
    store = Store(store_settings)
    store.insert("cyber_events", table_of([sample("cyber_events", n, occurred_at=START) for n in range(3)]))
    store.insert("readings", table_of([sample("readings", 1, status="ok")]))
    return store_settings


def run(*arguments: str) -> str:
    done = CliRunner().invoke(command_line(["rollup"]), ["rollup", "rebuild", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def counts(settings: Settings) -> tuple[int, int]:
    sql = "SELECT (SELECT sum(events) FROM v_cyber_hourly), (SELECT sum(points) FROM v_readings_hourly)"
    return tuple(connect(settings).query(sql).first_row)


def test_all_or_what_is_asked_for_is_rebuilt(stored: Settings) -> None:
    day = f"{START:%Y-%m-%d}"
    assert day in run("--kind", "cyber_events", "--since", "2026-11-01", "--until", day)
    assert counts(stored) == (0, 0)
    run("--kind", "cyber_events", "--since", day)
    assert counts(stored) == (3, 0)
    run("--since", "2026-11-01")
    assert counts(stored) == (3, 1)


def test_without_days_everything_since_the_beginning_is_rebuilt(stored: Settings) -> None:
    old = START.replace(year=1971)
    Store(stored).insert("readings", table_of([sample("readings", 2, observed_at=old)]))
    run("--kind", "readings")
    assert counts(stored) == (0, 2)


def test_a_wrong_span_or_kind_is_said(stored: Settings) -> None:
    arguments = ["rollup", "rebuild", "--since", "2026-02-01", "--until", "2026-01-01"]
    done = CliRunner().invoke(command_line(["rollup"]), arguments)
    assert done.exit_code == 2
    assert "2026-02-01 is not before --until 2026-01-01" in done.output
    with pytest.raises(ConfigurationError, match="no rollup of 'posts'"):
        run("--kind", "posts")
