"""The embedded ClickHouse as a process of its own, as every test that needs a store uses it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ioc.settings import Settings

STOP_S = 20


def start_clickhouse(data_dir: Path, port: int = 0, **env: str) -> tuple[subprocess.Popen[str], Settings]:
    """Start the embedded ClickHouse as its own process and return when it listens.

    Args:
        data_dir: the system's data directory.
        port: 0 for any free one.
        env: more variables for it.

    Returns:
        The process, to be ended with `stop_clickhouse`, and the settings of its clients.
    """
    settings = {"IOC_DATA_DIR": str(data_dir), "IOC_CLICKHOUSE_PORT": str(port), "IOC_CLICKHOUSE": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "clickhouse.embedded"],
        env=os.environ | settings | env,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    if not address:
        process.wait()
        pytest.fail(f"the embedded ClickHouse did not start (exit status {process.returncode}); see its messages above")
    return process, Settings(data_dir=data_dir, clickhouse=address, clickhouse_port=int(address.rpartition(":")[2]))


def stop_clickhouse(process: subprocess.Popen[str]) -> int:
    """End it as `make run` does; its exit status."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        if process.stdout is not None:
            process.stdout.close()
