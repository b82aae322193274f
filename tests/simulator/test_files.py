"""Dropping files: whole or not at all, in order, with their time of arrival, and not faster than the centre reads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulator.files import BATCH, File, Inbox, unread

NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)


def files(count: int, source: str = "s") -> list[File]:
    return [File(NOON + timedelta(seconds=n), source, f"{n:04d}.txt", f"{n}\n".encode() * 50) for n in range(count)]


async def test_files_are_there_as_they_were_given(tmp_path: Path) -> None:
    given = files(5) + files(3, "t")
    await Inbox(tmp_path).put(given)
    for file in given:
        path = tmp_path / file.source / file.name
        assert path.read_bytes() == file.content
        assert path.stat().st_mtime == file.at.timestamp()
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(f.name for f in given)
    assert unread(tmp_path / "s") == 5


async def test_nobody_sees_half_a_file(tmp_path: Path) -> None:
    """Whatever is visible at any moment has its whole content."""
    big = [File(NOON, "s", f"{n}.txt", b"x" * 400_000) for n in range(60)]
    writing = asyncio.create_task(Inbox(tmp_path).put(big))
    seen = 0
    while not writing.done():
        for path in list((tmp_path / "s").glob("[!.]*")) if (tmp_path / "s").exists() else ():
            assert path.stat().st_size == 400_000
            seen += 1
        await asyncio.sleep(0)
    await writing
    assert seen > 0


async def test_written_twice_is_the_same_file(tmp_path: Path) -> None:
    await Inbox(tmp_path).put(files(3))
    before = {p.name: p.read_bytes() for p in tmp_path.rglob("*.txt")}
    await Inbox(tmp_path).put(files(3))
    assert {p.name: p.read_bytes() for p in tmp_path.rglob("*.txt")} == before


async def test_it_waits_while_the_centre_does_not_read(tmp_path: Path) -> None:
    count, written = 4 * BATCH, list[int]()
    putting = asyncio.create_task(Inbox(tmp_path, full=BATCH + 10).put(files(count), written.append))
    while len(written) < 2:
        await asyncio.sleep(0.005)
    for _ in range(30):
        await asyncio.sleep(0.02)
        assert unread(tmp_path / "s") == 2 * BATCH, "full: nothing more comes"
    assert not putting.done()
    read: list[str] = []
    while not putting.done() or unread(tmp_path / "s"):
        for path in sorted((tmp_path / "s").glob("[!.]*.txt"))[:100]:
            read.append(path.name)
            path.unlink()
        await asyncio.sleep(0.005)
    await putting
    assert read == [f.name for f in files(count)]
    assert written == [BATCH, 2 * BATCH, 3 * BATCH, 4 * BATCH]


async def test_a_full_folder_of_one_source_does_not_stop_another(tmp_path: Path) -> None:
    await Inbox(tmp_path).put(files(20))
    inbox = Inbox(tmp_path, full=20)
    await asyncio.wait_for(inbox.put(files(3, "t")), 5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(inbox.put(files(1)), 0.3)


def test_hidden_drafts_do_not_count(tmp_path: Path) -> None:
    (tmp_path / ".x.part").write_text("")
    (tmp_path / "a.txt").write_text("")
    assert unread(tmp_path) == 1
    assert unread(tmp_path / "nothing") == 0
