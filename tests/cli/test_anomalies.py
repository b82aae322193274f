"""`ioc anomalies`: list, judge, missed events, thresholds and their reset, from the shell."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from clickhouse.connection import Connection
from clickhouse.sink import Store
from clickhouse.verdicts import Subject, anomaly_named, verdict_on
from ioc.cli.main import command_line
from ioc.errors import BadInput
from ioc.packs import decode, records_of, utc_now
from ioc.records import Record, Verdict
from ioc.settings import Settings
from streams.embedded.log import Log
from streams.topics import topic_of
from tests.clickhouse.samples import sample, table_of

NOW = utc_now()
SERIES = ("env-stations", "TH_NGHISON_KK01", "pm25")


def anomaly(number: int) -> Record:
    source, station, metric = SERIES
    at = NOW - number * timedelta(days=2, hours=1)
    return sample(
        "anomalies", number, source=source, station=station, metric=metric, observed_at=at, received_at=at,
        detector="seasonal", reason=f"lý do {number}",
    )  # fmt: skip


TOLD = [anomaly(n) for n in range(1, 4)]


@pytest.fixture
def settings(store_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store with three anomalies of one series, and an environment in which commands find it."""
    Store(store_settings).insert("anomalies", table_of(TOLD))
    source, station, metric = SERIES
    reading = sample("readings", 1, source=source, station=station, metric=metric, agency="so-nnmt", area="16654")
    Store(store_settings).insert("readings", table_of([reading]))
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.setenv("IOC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("IOC_CLICKHOUSE", store_settings.clickhouse_url)
    monkeypatch.setenv("IOC_DATABASE", store_settings.database)
    return store_settings.model_copy(update={"data_dir": tmp_path})


def ioc(*arguments: str) -> Result:
    return CliRunner().invoke(command_line(["anomalies"]), ["anomalies", *arguments])


def sent(settings: Settings) -> Sequence[Verdict]:
    log = Log(Path(settings.broker_url.removeprefix("sqlite://")))
    stored = [s for p in range(settings.partitions) for s in log.read(topic_of("verdicts"), p, 0)]
    log.close()
    return [
        r for s in stored for r in records_of(decode(s.value or b"", "verdicts"), "verdicts") if isinstance(r, Verdict)
    ]


def judge(settings: Settings, number: int, *, by: str = "lan") -> None:
    subject = anomaly_named(Connection(settings), TOLD[number].event_id)
    Store(settings).insert("verdicts", table_of([verdict_on(subject, "false", by=by, now=NOW)]))


def test_list_shows_what_was_said_and_what_waits(settings: Settings) -> None:
    judge(settings, 0)
    rows = [json.loads(line) for line in ioc("list", "--json", "--since", "30d").output.splitlines()]
    assert [(row["event_id"], row["verdict"], row["verdict_by"]) for row in rows] == [
        (TOLD[0].event_id, "false", "lan"), (TOLD[1].event_id, "", ""), (TOLD[2].event_id, "", ""),
    ]  # fmt: skip
    recent = ioc("list", "--json", "--since", (NOW - timedelta(days=5)).isoformat()).output
    assert recent.count("\n") == 2
    waiting = ioc("list", "--unmarked", "--since", "4w").output
    assert "Bất thường: 2" in waiting
    assert TOLD[1].event_id[:12] in waiting
    assert "lý do 2" in waiting


@pytest.mark.parametrize("since", ["hôm qua", "2026-11-25T14:00", "7y"])
def test_a_time_that_is_none_is_named(settings: Settings, since: str) -> None:
    told = ioc("list", "--since", since)
    assert told.exit_code == 2
    assert since in told.output


@pytest.mark.parametrize(("option", "verdict"), [("--true", "true"), ("--false", "false"), ("--unsure", "unsure")])
def test_a_verdict_goes_the_way_of_all_records(settings: Settings, option: str, verdict: str) -> None:
    told = ioc("mark", TOLD[0].event_id[:10], option, "--note", "bảo trì")
    assert told.exit_code == 0, told.output
    [record] = sent(settings)
    assert (record.verdict, record.note, record.decided_by) == (verdict, "bảo trì", getpass.getuser())
    assert (record.anomaly, record.detector) == (TOLD[0].event_id, "seasonal")
    assert f"đã ghi {verdict}" in told.output


def test_an_anomaly_that_is_not_there_and_a_verdict_that_is_none(settings: Settings) -> None:
    told = ioc("mark", "khong-co", "--true")
    assert isinstance(told.exception, BadInput)
    assert "no anomaly begins with 'khong-co'; `ioc anomalies list`" in str(told.exception)
    for options in ((), ("--true", "--unsure")):
        assert ioc("mark", TOLD[0].event_id, *options).exit_code == 2


def test_a_missed_event_of_a_series(settings: Settings) -> None:
    assert ioc("missed", *SERIES, "--at", "2026-11-25T14:00+07:00", "--by", "mai").exit_code == 0
    [record] = sent(settings)
    assert (record.verdict, record.anomaly, record.agency, record.decided_by) == ("missed", "", "so-nnmt", "mai")
    assert record.observed_at.isoformat() == "2026-11-25T07:00:00+00:00"
    told = ioc("missed", "env-stations", "KHONG_CO", "pm25", "--at", "1h")
    assert isinstance(told.exception, BadInput)


def test_thresholds_say_which_series_and_why_until_they_are_reset(settings: Settings) -> None:
    for number in range(3):
        judge(settings, number)
    [line] = ioc("thresholds", "--json").output.splitlines()
    told = json.loads(line)
    assert (told["source"], told["station"], told["metric"]) == SERIES
    assert (told["false"], told["true"], told["missed"]) == (3, 0, 0)
    assert told["factor"] == told["wanted"] == pytest.approx(4, rel=1e-3)
    shown = ioc("thresholds").output
    assert "1 chuỗi" in shown
    assert "4.00" in shown
    assert ioc("reset", *SERIES).exit_code == 0
    [record] = sent(settings)
    assert record.verdict == "reset"
    Store(settings).insert("verdicts", table_of([record]))
    assert ioc("thresholds", "--json").output == ""


def test_a_goal_of_ones_own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Subject(*SERIES, observed_at=NOW, anomaly="a", detector="seasonal")
    said = [verdict_on(subject, "false", by="lan", now=NOW)]
    Store(settings).insert("verdicts", table_of(said))
    monkeypatch.setenv("IOC_GOAL_PRECISION", "0.8")
    [line] = ioc("thresholds", "--json").output.splitlines()
    assert json.loads(line)["factor"] == pytest.approx(3.5, rel=1e-3)
