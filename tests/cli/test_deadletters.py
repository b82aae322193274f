"""`ioc deadletters`: what was rejected can be listed, looked at, and sent again once its cause is mended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from msgspec import structs
from typer.testing import CliRunner, Result

from clickhouse.sink import Store
from ioc.cli.main import command_line
from ioc.packs import batch_of, decode, records_of
from ioc.records import DeadLetter, Record, event_id
from ioc.settings import Settings
from streams.embedded.log import Log
from streams.topics import topic_of

NOW = datetime.now(UTC).replace(microsecond=0)
LINE = f"PM2.5\t35.5\tug/Nm3\t{NOW:%Y%m%d%H%M%S}\t00".encode()
MENDED, STILL_BAD = "TH_NGHISON_KK01_20261125101500.txt", "TH_KHONGCO_KK09_20261125101500.txt"


def letter(origin: str) -> DeadLetter:
    return DeadLetter(
        event_id=event_id(origin), received_at=NOW, source="env-stations", rejected_at=NOW, field="station",
        reason="unknown station", origin=origin, position=1, raw=LINE,
    )  # fmt: skip


def store(settings: Settings, letters: Sequence[DeadLetter]) -> None:
    table, rows = pa.Table.from_batches([batch_of(letters)]), len(letters)
    place = {"_topic": pa.array(["t"] * rows), "_partition": pa.array([0] * rows, pa.int32()), "_offset": pa.array([0] * rows)}  # fmt: skip
    for name, column in place.items():
        table = table.append_column(name, column)
    Store(settings).insert("dead_letters", table)


@pytest.fixture
def settings(store_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store with two dead letters, and an environment in which commands find it."""
    store(store_settings, [letter(MENDED), letter(STILL_BAD)])
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.setenv("IOC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("IOC_CLICKHOUSE", store_settings.clickhouse_url)
    monkeypatch.setenv("IOC_DATABASE", store_settings.database)
    return store_settings.model_copy(update={"data_dir": tmp_path})


def ioc(*arguments: str) -> Result:
    return CliRunner().invoke(command_line(["deadletters"]), ["deadletters", *arguments])


def sent(settings: Settings, kind: str) -> Sequence[Record]:
    log = Log(Path(settings.broker_url.removeprefix("sqlite://")))
    stored = [s for p in range(settings.partitions) for s in log.read(topic_of(kind), p, 0)]
    log.close()
    return [r for s in stored for r in records_of(decode(s.value or b"", kind), kind)]


def test_list_names_source_field_reason_and_size(settings: Settings) -> None:
    rows = [json.loads(line) for line in ioc("list", "--json").output.splitlines()]
    assert {row["origin"] for row in rows} == {MENDED, STILL_BAD}
    assert all((row["field"], row["reason"], row["size"]) == ("station", "unknown station", len(LINE)) for row in rows)
    assert ioc("list", "--source", "suricata", "--json").output == ""
    assert "env-stations" in ioc("list").output


def test_show_gives_the_raw_bytes_and_wants_one(settings: Settings) -> None:
    shown = ioc("show", event_id(MENDED)[:10]).output
    assert LINE.decode() in shown
    assert MENDED in shown
    assert ioc("show", "zz").exit_code != 0


def test_replay_sends_what_is_mended_marks_it_and_keeps_the_rest(settings: Settings) -> None:
    told = ioc("replay", "--source", "env-stations")
    assert told.exit_code == 3
    assert "1 phần đã vào hệ thống, 1 vẫn bị từ chối" in told.output
    (reading,) = sent(settings, "readings")
    assert (reading.station, reading.value) == ("TH_NGHISON_KK01", 35.5)  # type: ignore[attr-defined]
    marked = [d for d in sent(settings, "dead_letters") if d.replayed_at]  # type: ignore[attr-defined]
    assert [d.event_id for d in marked] == [event_id(MENDED)]


def test_replay_of_json_rows_that_came_over_the_broker(settings: Settings) -> None:
    row = {"station": "S1", "metric": "flow", "observed_at": NOW.isoformat(), "value": 3.5, "unit": "m3/s"}
    bodies = [row, row | {"value": "?"}]
    letters = [
        structs.replace(
            letter(f"ioc.readings/0/{n}"), source="hydro", raw=json.dumps(body).encode()
        ) for n, body in enumerate(bodies)
    ]  # fmt: skip
    letters.append(structs.replace(letter("ioc.readings/0/9"), source="hydro", raw=b"not even JSON"))
    store(settings, letters)
    told = ioc("replay", "--source", "hydro")
    assert "1 phần đã vào hệ thống, 2 vẫn bị từ chối" in told.output
    (reading,) = sent(settings, "readings")
    assert (reading.source, reading.station, reading.value) == ("hydro", "S1", 3.5)  # type: ignore[attr-defined]
    marked = [d for d in sent(settings, "dead_letters") if d.replayed_at]  # type: ignore[attr-defined]
    assert [d.origin for d in marked] == ["ioc.readings/0/0"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", [[], ["abc", "--source", "env-stations"]])
def test_replay_wants_one_letter_or_a_source(settings: Settings, arguments: list[str]) -> None:
    assert ioc("replay", *arguments).exit_code == 2
