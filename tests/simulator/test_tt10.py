"""The stations' files: every one parses, windows add up, and another process writes the same bytes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import pairwise

import pytest

from ioc.catalog.model import Catalog
from ioc.records import Reading
from simulator.files import File
from simulator.kinds import STATIONS
from simulator.tt10 import StationFiles
from simulator.world import World
from tests.simulator.conftest import Parsed


@pytest.fixture(scope="module")
def files(world: World, origin: datetime) -> list[File]:
    assert world.stations
    return world.stations.between(origin - timedelta(days=3), origin)


@pytest.fixture(scope="module")
def fortnight(world: World, origin: datetime) -> list[File]:
    assert world.stations
    return world.stations.between(origin + timedelta(days=1), origin + timedelta(days=13))


def test_every_file_parses(files: list[File], parsed: Parsed, catalog: Catalog) -> None:
    readings = [r for f in files for r in parsed(STATIONS, f.content, f.name, f.at) if isinstance(r, Reading)]
    assert 39_000 < len(readings) < 41_500
    series = {(s.code, m) for s in catalog.sources[STATIONS].stations for m in s.metrics}
    assert {(r.station, r.metric) for r in readings} == series
    states = Counter(r.status for r in readings)
    assert states["ok"] > 0.96 * len(readings)
    assert states["calibrating"] > 100
    assert states["fault"] > 20
    assert all((r.value is None) == (r.status == "fault") for r in readings)


def test_values_arrive_as_the_instruments_had_them(files: list[File], parsed: Parsed, world: World) -> None:
    assert world.stations
    for file in files[:: len(files) // 200]:
        for reading in parsed(STATIONS, file.content, file.name, file.at):
            assert isinstance(reading, Reading)
            day, second = divmod(int(reading.observed_at.timestamp()), 86400)
            made = world.stations._stations.day(reading.station, day)
            if reading.status != "fault":
                assert reading.value == made.values[reading.metric][second // 300]


def test_names_and_arrival(files: list[File], catalog: Catalog) -> None:
    codes = {s.code for s in catalog.sources[STATIONS].stations}
    for file in files:
        found = re.fullmatch(r"(.+)_(\d{14})\.txt", file.name)
        assert found
        assert found[1] in codes
        measured = datetime.strptime(found[2], "%Y%m%d%H%M%S").replace(tzinfo=catalog.sources[STATIONS].zone)
        assert measured < file.at
    assert [f.at for f in files] == sorted(f.at for f in files)


def test_loggers_have_dialects(files: list[File]) -> None:
    newest = {f.name[:-19]: f.content for f in files}
    assert any(content.startswith(b"\xef\xbb\xbf") for content in newest.values())
    assert any(b"\r\n" in content for content in newest.values())
    assert any(re.search(rb"\t\d+,\d", content) for content in newest.values())


def test_missing_late_and_double_files_are_rare_and_normal(fortnight: list[File], catalog: Catalog) -> None:
    expected = 12 * 288 * len(catalog.sources[STATIONS].stations)
    times = Counter(f.name for f in fortnight)
    assert 0.008 < 1 - len(times) / expected < 0.03
    assert 0.002 < sum(n == 2 for n in times.values()) / expected < 0.01
    assert max(times.values()) == 2
    first: dict[str, File] = {}
    for file in fortnight:
        first.setdefault(file.name, file)
        assert first[file.name].content == file.content
    late = [f for f in first.values() if _delay(f, catalog) > timedelta(minutes=5)]
    assert 0.005 < len(late) / expected < 0.05
    bursts = Counter((f.name[:-19], f.at.replace(second=0)) for f in late)
    assert max(bursts.values()) >= 6, "after an outage the waiting files come together"


def _delay(file: File, catalog: Catalog) -> timedelta:
    measured = datetime.strptime(file.name[-18:-4], "%Y%m%d%H%M%S").replace(tzinfo=catalog.sources[STATIONS].zone)
    return file.at - measured


def test_windows_add_up(world: World, origin: datetime) -> None:
    assert world.stations
    begin = origin - timedelta(hours=30)
    whole = world.stations.between(begin, origin)
    cuts = [begin + timedelta(seconds=s) for s in range(0, 30 * 3600, 2137)] + [origin]
    parts = [f for a, b in pairwise(cuts) for f in world.stations.between(a, b)]
    assert parts == whole


def test_the_newest_files_show_the_plume_that_has_just_begun(files: list[File], parsed: Parsed, world: World) -> None:
    origin = world.province.origin
    plume = next(
        i
        for i in world.schedule.between(origin, origin)
        if i.kind == "pm-plume" and i.start > origin - timedelta(hours=2)
    )
    values = [
        r.value
        for f in files[-200:]
        if f.name.startswith(plume.station)
        for r in parsed(STATIONS, f.content, f.name, f.at)
        if isinstance(r, Reading) and r.metric == "pm25" and r.observed_at > plume.start + timedelta(minutes=15)
    ]
    assert len(values) > 8
    assert min(v for v in values if v is not None) > 80


_OTHER = """
from datetime import datetime, timedelta
from hashlib import blake2b
from ioc.catalog.load import load_catalog
from simulator.province import Province
from simulator.world import build
origin = datetime.fromisoformat("{origin}")
files = build(Province(36, origin, load_catalog())).stations
digest = blake2b()
# another order, other windows: first the end, then the whole
list(files.between(origin - timedelta(minutes=7), origin))
for f in files.between(origin - timedelta(days=1), origin):
    digest.update(f"{{f.at}} {{f.name}}".encode() + f.content)
print(digest.hexdigest())
"""


def test_another_process_writes_the_same_bytes(world: World, origin: datetime) -> None:
    assert isinstance(world.stations, StationFiles)
    digest = blake2b()
    for file in world.stations.between(origin - timedelta(days=1), origin):
        digest.update(f"{file.at} {file.name}".encode() + file.content)
    code = _OTHER.format(origin=origin.isoformat())
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert told == digest.hexdigest()
