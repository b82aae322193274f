"""The inbox: files become records and leave; what cannot be taken says so; nothing leaves before the broker has it."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest

from ioc.catalog.model import Catalog
from ioc.errors import BrokerUnavailable
from ioc.settings import Settings
from streams.folder import Inbox
from streams.intake import Intake

LINES = "PM2.5\t{value}\tug/Nm3\t{time}\t00\r\nTemp\t27.5\toC\t{time}\t00\r\n"


def stamp(minutes_ago: int = 10) -> str:
    local = time.gmtime(time.time() - 60 * minutes_ago + 7 * 3600)
    return time.strftime("%Y%m%d%H%M%S", local)


def drop(folder: Path, name: str, text: str | bytes, *, age_s: float = 5) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (time.time() - age_s,) * 2)
    return path


@pytest.fixture
def inbox(settings: Settings, catalog: Catalog, intake: Intake) -> Inbox:
    return Inbox(settings, catalog.sources["env-stations"], intake)


def archived(settings: Settings) -> list[str]:
    return sorted(p.name for p in (settings.data_dir / "archive").rglob("*") if p.is_file())


async def test_a_station_file_becomes_readings_and_moves_to_the_archive(
    inbox: Inbox, broker: Any, settings: Settings
) -> None:
    when = stamp()
    drop(inbox.folder, f"TH_NGHISON_KK01_{when}.txt", LINES.format(value=35.5, time=when))
    assert not await inbox.take_all()
    assert {(r.metric, r.value) for r in broker.records("readings")} == {("pm25", 35.5), ("temperature", 27.5)}
    assert list(inbox.folder.iterdir()) == []
    assert archived(settings) == [f"TH_NGHISON_KK01_{when}.txt"]


async def test_files_are_taken_oldest_first_and_subfolders_too(inbox: Inbox, broker: Any) -> None:
    (inbox.folder / "TH_NGHISON_KK01" / "2026").mkdir(parents=True)
    for minutes, folder in ((30, "."), (20, "TH_NGHISON_KK01/2026"), (10, ".")):
        when = stamp(minutes)
        drop(
            inbox.folder / folder, f"TH_NGHISON_KK01_{when}.txt", LINES.format(value=minutes, time=when), age_s=minutes
        )
    await inbox.take_all()
    assert [r.value for r in broker.records("readings") if r.metric == "pm25"] == [30.0, 20.0, 10.0]


async def test_the_same_file_twice_is_the_same_records_and_both_are_kept(
    inbox: Inbox, broker: Any, settings: Settings
) -> None:
    when = stamp()
    for _ in range(2):
        drop(inbox.folder, f"TH_NGHISON_KK01_{when}.txt", LINES.format(value=35.5, time=when))
        await inbox.take_all()
    assert len({r.event_id for r in broker.records("readings")}) == 2
    assert len(archived(settings)) == 2


async def test_growing_and_unfinished_files_wait(inbox: Inbox, broker: Any) -> None:
    when = stamp()
    drop(inbox.folder, f"TH_NGHISON_KK01_{when}.txt", LINES.format(value=1, time=when), age_s=0)
    drop(inbox.folder, f"TH_BIMSON_KK01_{when}.txt.part", LINES.format(value=2, time=when))
    drop(inbox.folder, f".TH_BIMSON_KK01_{when}.txt", LINES.format(value=3, time=when))
    assert await inbox.take_all()
    assert broker.records("readings") == []
    assert len(list(inbox.folder.iterdir())) == 3


async def test_bad_lines_are_dead_letters_and_the_rest_goes_through(inbox: Inbox, broker: Any) -> None:
    when = stamp()
    text = LINES.format(value="-", time=when) + f"Radon\t1\tBq\t{when}\t00\n"
    drop(inbox.folder, f"TH_NGHISON_KK01_{when}.txt", text)
    await inbox.take_all()
    assert [r.metric for r in broker.records("readings")] == ["temperature"]
    letters = {d.field: d for d in broker.records("dead_letters")}
    assert set(letters) == {"value", "parameter"}
    assert letters["parameter"].raw == f"Radon\t1\tBq\t{when}\t00".encode()
    assert letters["parameter"].origin == f"TH_NGHISON_KK01_{when}.txt"


async def test_other_kinds_of_files_and_files_too_large_are_refused_aloud(
    inbox: Inbox, broker: Any, settings: Settings
) -> None:
    drop(inbox.folder, "bao-cao.docx", b"PK\x03\x04")
    with drop(inbox.folder, "TH_NGHISON_KK01_20261125100000.txt", b"").open("r+b") as file:
        file.truncate(50 << 20)
    os.utime(inbox.folder / "TH_NGHISON_KK01_20261125100000.txt", (time.time() - 5,) * 2)
    await inbox.take_all()
    reasons = sorted(d.reason for d in broker.records("dead_letters"))
    assert reasons == ["50.0 MB, this source may send 16 MB at once", "this folder takes *.txt"]
    assert len(archived(settings)) == 2, "the files themselves are kept"


async def test_a_broker_that_does_not_answer_leaves_the_files_where_they_are(
    inbox: Inbox, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = stamp()
    drop(inbox.folder, f"TH_NGHISON_KK01_{when}.txt", LINES.format(value=1, time=when))
    monkeypatch.setattr(broker.log, "max_bytes", 10)
    with pytest.raises(BrokerUnavailable):
        await inbox.take_all()
    assert len(list(inbox.folder.iterdir())) == 1
    monkeypatch.setattr(broker.log, "max_bytes", 1 << 30)
    await inbox.take_all()
    assert len(broker.records("readings")) == 2


async def test_watching_sees_files_as_they_come(inbox: Inbox, broker: Any) -> None:
    task = asyncio.create_task(inbox.watch())
    try:
        for minutes in (30, 20, 10):
            when = stamp(minutes)
            drop(inbox.folder, f"TH_NGHISON_KK01_{when}.txt", LINES.format(value=minutes, time=when), age_s=0)
            async with asyncio.timeout(20):
                while not any(r.value == minutes for r in broker.records("readings")):
                    await asyncio.sleep(0.02)
    finally:
        task.cancel()


async def test_the_archive_forgets_what_is_older_than_it_keeps(inbox: Inbox, settings: Settings) -> None:
    old = settings.data_dir / "archive" / "env-stations" / "2020-01-01"
    old.mkdir(parents=True)
    drop(old, "x.txt", "x")
    await asyncio.to_thread(inbox._forget_old)
    assert not old.exists()


async def test_files_that_name_people_are_deleted_not_archived(
    settings: Settings, catalog: Catalog, intake: Intake, broker: Any
) -> None:
    inbox = Inbox(settings, catalog.sources["one-stop-dossiers"], intake)
    fixture = Path(__file__).parents[1] / "fixtures" / "sources" / "one-stop-dossiers" / "good" / "bao-cao.csv"
    drop(inbox.folder, "bao-cao.csv", fixture.read_bytes())
    await inbox.take_all()
    assert len(broker.records("dossiers")) + len(broker.records("dead_letters")) > 0
    assert archived(settings) == []
    assert list(inbox.folder.iterdir()) == []
