"""A worker that hangs ends itself with the status that says so, on the embedded broker and on real Kafka."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ioc.records import Reading, event_id
from ioc.settings import Settings
from streams.packer import Packer
from streams.publish import open_publisher
from streams.watchdog import STALLED

HANGING = {
    "a deriver that never answers": "import asyncio\nasync def hang(self, batch): await asyncio.Event().wait()\n",
    "an event loop that stands still": "import threading\nasync def hang(self, batch): threading.Event().wait()\n",
}
RUN = "from streams.agents.detect import Detect\nDetect.derive = hang\nfrom streams.worker import run\nrun('INFO')\n"


@pytest.mark.parametrize("kind", HANGING)
async def test_a_hanging_worker_ends_itself_and_says_why(
    tmp_path: Path, broker_url: str, store_settings: Settings, kind: str
) -> None:
    environment = {
        "IOC_DATA_DIR": str(tmp_path), "IOC_BROKER": broker_url, "IOC_WATCHDOG_S": "5",
        "IOC_CLICKHOUSE": store_settings.clickhouse_url, "IOC_DATABASE": store_settings.database,
    }  # fmt: skip
    settings = Settings(data_dir=tmp_path, broker=broker_url)
    now = datetime.now(UTC).replace(microsecond=0)
    reading = Reading(
        event_id=event_id(kind, now), received_at=now, source="s", station="S1", metric="m", observed_at=now, value=1.0,
        unit="u",
    )  # fmt: skip
    async with open_publisher(settings) as publisher:
        await Packer(publisher, pack_records=1, linger_s=0.0).put("s", [reading])
    worker = subprocess.Popen(
        [sys.executable, "-c", HANGING[kind] + RUN], env=os.environ | environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        output, _ = worker.communicate(timeout=90)
    finally:
        worker.kill()
    assert worker.returncode == STALLED, output
    assert "ending this worker" in output
    assert "hang" in output, "the stack of the thread that hangs"
