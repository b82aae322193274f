"""What the job reads from a real ClickHouse, and what `ioc forecast` puts onto a real embedded broker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from clickhouse.client import connect
from clickhouse.queries import query
from clickhouse.sink import Store
from forecasting import job
from forecasting.kept import Shelf
from forecasting.predict import VERSION
from forecasting.stored import Doubt
from ioc.catalog.load import load_catalog
from ioc.cli.forecast import forecast
from ioc.packs import batch_of, decode, records_of
from ioc.records import Forecast, IndicatorTarget, IndicatorValue, Outlook, Record, event_id
from ioc.settings import Settings
from streams.embedded.transport import open_log
from streams.topics import topic_of
from tests.forecasting.making import NOW, RECEIVED, seasonal

TWICE = "xuat-khau"


def value(month: int, number: float, received_at: datetime = RECEIVED, indicator: str = TWICE) -> IndicatorValue:
    """One month's value, months counted from January 2023."""
    period = date(2023 + month // 12, month % 12 + 1, 1)
    return IndicatorValue(
        event_id=event_id(indicator, period), received_at=received_at, source="s", indicator=indicator, area="38",
        frequency="M", period=period, value=number, unit="triệu USD",
    )  # fmt: skip


def target(number: float, received_at: datetime) -> IndicatorTarget:
    """A plan for 2026."""
    return IndicatorTarget(
        event_id=event_id("plan"), received_at=received_at, source="s", indicator=TWICE, area="38",
        period=date(2026, 1, 1), target=number, unit="triệu USD",
    )  # fmt: skip


def insert(settings: Settings, records: Sequence[Record]) -> None:
    table = pa.Table.from_batches([batch_of(records)])
    for name, kind in (("_topic", pa.string()), ("_partition", pa.int32()), ("_offset", pa.int64())):
        table = table.append_column(name, pa.nulls(table.num_rows, kind).fill_null("" if kind == pa.string() else 0))
    Store(settings).insert(records[0].kind, table)


@pytest.fixture
def filled(store_settings: Settings) -> Settings:
    """Forty months of exports, one of them revised, a plan and its revision, and too little of something else."""
    later = RECEIVED + timedelta(hours=1)
    values = [value(m, float(v)) for m, v in enumerate(seasonal(40))]
    insert(store_settings, values)
    insert(store_settings, values[:5])  # a file sent twice
    insert(store_settings, [value(39, 1234.5, later)])
    insert(store_settings, [value(0, 1.0, indicator="ngan")])
    insert(store_settings, [target(100.0, RECEIVED)])
    insert(store_settings, [target(13000.0, later)])
    return store_settings


def read(settings: Settings, indicator: str = "") -> job.Stored:
    client = connect(settings)
    try:
        return job.read(partial(query, client), NOW, indicator)
    finally:
        client.close()


def test_revisions_win_and_duplicates_vanish(filled: Settings) -> None:
    stored = read(filled)
    assert len(stored.values) == 41
    last = next(v for v in stored.values if v.indicator == TWICE and v.period == date(2026, 4, 1))
    assert (last.value, last.unit, last.received_at) == (1234.5, "triệu USD", RECEIVED + timedelta(hours=1))
    assert stored.targets[TWICE, "38", 2026].value == 13000.0
    assert stored.issued == {}
    assert {v.indicator for v in read(filled, "ngan").values} == {"ngan"}


def test_the_newest_issue_of_each_series(filled: Settings) -> None:
    for hours in (5, 1):
        insert(filled, [made(RECEIVED + timedelta(hours=hours, milliseconds=7))])
    assert read(filled).issued == {(TWICE, "38"): RECEIVED + timedelta(hours=5, milliseconds=7)}


def test_the_last_word_of_an_earlier_month_is_read(filled: Settings) -> None:
    """NOW is 25 November: of October the later issue counts, with its own forecasts, and none of November."""
    october, november = datetime(2026, 10, 31, 16, 59, tzinfo=UTC), datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    for number, moment in enumerate((RECEIVED.replace(month=9), october, november)):  # 17:00 UTC is midnight here
        insert(filled, [said(moment, 1000.0 + number)])
        insert(filled, [made(moment, value=10.0 + number)])
    (found,) = read(filled).before.values()
    assert (found.issued_at, found.year, found.unit) == (october, 2026, "triệu USD")
    assert (found.target, found.actual, found.expected) == (None, 900.0, 1001.0)
    assert found.periods == {date(2026, 5, 1): (11.0, 1.0, 1.0)}
    assert read(filled, "ngan").before == {}


def test_a_forecast_that_has_stopped_working_says_so(filled: Settings) -> None:
    """Each month of the last year was forecast at its beginning, and missed by far."""
    assert read(filled).doubts == {}
    months = [date(2025 + (n + 4) // 12, (n + 4) % 12 + 1, 1) for n in range(12)]
    insert(
        filled,
        [msgspec.structs.replace(made(datetime(m.year, m.month, 1, tzinfo=UTC), value=1.0), period=m) for m in months],
    )
    stored = read(filled)
    assert stored.doubts == {(TWICE, "38"): Doubt("stopped", 12, 12)}
    assert read(filled, "ngan").doubts == {}
    catalog = load_catalog(None)
    (task,) = job.tasks(stored.values, stored.targets, catalog, NOW, TWICE, doubts=stored.doubts)
    told = job.outcome(task, NOW).outlook
    assert told is not None
    assert told.explanation.endswith(
        "Lưu ý: dự báo chỉ tiêu này đang kém tin cậy, 12 trên 12 tháng gần đây nằm ngoài khoảng dự báo."
    )


def said(issued_at: datetime, expected: float) -> Outlook:
    return Outlook(
        event_id=event_id(issued_at), received_at=issued_at, indicator=TWICE, area="38", year=2026, issued_at=issued_at,
        target=None, actual=900.0, expected=expected, low80=1.0, high80=1.0, probability=None, needed_per_period=None,
        unit="triệu USD", explanation="", model=f"combined@{VERSION}",
    )  # fmt: skip


def test_what_another_version_issued_does_not_count(filled: Settings) -> None:
    insert(filled, [made(RECEIVED, f"combined@{VERSION}"), made(RECEIVED + timedelta(hours=1), "combined@0")])
    assert read(filled).issued == {}


def made(issued_at: datetime, model: str = f"combined@{VERSION}", value: float = 1.0) -> Forecast:
    numbers = dict.fromkeys(("low80", "high80", "low95", "high95"), 1.0) | {"value": value}
    return Forecast(
        event_id=event_id(issued_at), received_at=issued_at, indicator=TWICE, area="38", frequency="M",
        period=date(2026, 5, 1), issued_at=issued_at, unit="triệu USD", model=model, **numbers,
    )  # fmt: skip


def run(settings: Settings, folder: Path, *arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(forecast)
    env = {
        "IOC_DATA_DIR": str(folder),
        "IOC_CLICKHOUSE": settings.clickhouse_url,
        "IOC_DATABASE": settings.database,
        "COLUMNS": "200",
    }
    result = CliRunner().invoke(app, arguments, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_the_command_publishes_what_changed(filled: Settings, tmp_path: Path) -> None:
    code, text = run(filled, tmp_path, "--json")
    short, one, counts = (json.loads(line) for line in text.splitlines())
    assert code == 3  # one of two could not be forecast
    assert counts == {"series": 2, "failed": 1}
    assert "cần ít nhất 24" in short["error"]
    assert one["outlook"]["target"] == 13000.0
    sent = published(tmp_path, "forecasts")
    assert {r.model for r in sent if r.indicator == "ngan"} == {f"naive@{VERSION}"}  # type: ignore[attr-defined]
    periods = [r.period.isoformat() for r in sent if r.indicator == TWICE]  # type: ignore[attr-defined]
    assert [f["period"] for f in one["forecasts"]] == periods
    kept = Shelf(Settings(data_dir=tmp_path).forecast_models).get((TWICE, "38"))
    assert kept is not None
    assert kept.model == one["forecasts"][0]["model"]
    (outlook,) = published(tmp_path, "outlooks")
    assert outlook.expected == one["outlook"]["expected"]  # type: ignore[attr-defined]

    insert(filled, sent)  # as the worker does
    code, text = run(filled, tmp_path, "--json")
    assert [json.loads(line) for line in text.splitlines()] == [{"series": 0, "failed": 0}]
    code, text = run(filled, tmp_path, "--indicator", TWICE)
    assert code == 0
    assert "05/2026" in text
    assert "Khả năng đạt kế hoạch 13.000,0 triệu USD" in text


def published(folder: Path, kind: str) -> list[Record]:
    """All records of a kind on the embedded broker of a data directory."""
    log = open_log(Settings(data_dir=folder).broker_url)
    topic = topic_of(kind)
    try:
        packs = [m.value for p in range(log.partitions(topic) or 0) for m in log.read(topic, p, 0, max_records=1000)]
    finally:
        log.close()
    return [record for pack in packs for record in records_of(decode(pack, kind), kind)]
