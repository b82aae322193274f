"""The embedded broker on a disk that takes no more: publishers are told "not now", what was acknowledged stays readable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ioc.packs import decode, records_of
from streams.embedded.log import Log, Outgoing
from streams.topics import topic_of

_PUBLISHER = """
import asyncio, resource, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ioc.errors import Unavailable
from ioc.records import Reading
from ioc.settings import Settings
from streams.packer import Packer
from streams.publish import open_publisher

def readings(first):
    now = datetime.now(UTC)
    return [
        Reading(event_id=str(first + n), received_at=now, source="s", station="A", metric="m", value=1.0, unit="u",
                observed_at=now - timedelta(seconds=n))
        for n in range(100)
    ]

async def main():
    async with open_publisher(Settings(data_dir=Path(sys.argv[1]), partitions=1)) as publisher:
        packer = Packer(publisher, pack_records=100, linger_s=0)
        await packer.put("s", readings(0))
        print(0, flush=True)
        limit = int(sys.argv[2])  # as a quota or a full disk: writes beyond it fail, here with EFBIG
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        refused = first = 0
        while refused < 3:
            first += 100
            try:
                await packer.put("s", readings(first))
                print(first, flush=True)
            except Unavailable as error:
                refused += 1
                print("refused", error, flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await packer.put("s", readings(first + 100))  # there is room again
        print(first + 100, flush=True)

asyncio.run(main())
"""


def test_a_disk_that_fills_refuses_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _PUBLISHER, str(tmp_path), str(256 << 10)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    refusals = [line for line in lines if line.startswith("refused")]
    assert len(refusals) == 3
    assert all("free some space" in line for line in refusals)
    acknowledged = {str(int(line) + n) for line in lines if line.isdigit() for n in range(100)}

    log = Log(tmp_path / "broker.sqlite")
    packs = log.read(topic_of("readings"), 0, 0, max_records=10_000, max_bytes=1 << 30)
    kept = [r.event_id for pack in packs for r in records_of(decode(pack.value or b"", "readings"), "readings")]
    assert [pack.offset for pack in packs] == list(range(len(packs)))
    assert len(acknowledged) > 100
    assert set(kept) == acknowledged, "nothing acknowledged is missing, nothing refused is half there"
    assert len(kept) == len(set(kept))
    log.append([Outgoing(topic_of("readings"), packs[0].value, partition=0)])
    log.close()
