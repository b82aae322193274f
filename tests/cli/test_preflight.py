"""What is wrong before the start is one sentence that says what to do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from ioc.cli.preflight import check_ports, owned_data_dir
from ioc.errors import AddressInUse, ConfigurationError, DataDirectoryInUse
from ioc.settings import Settings

_OWNER = """
import sys, time
from pathlib import Path
from ioc.cli.preflight import owned_data_dir
with owned_data_dir(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(600)
"""


def test_a_data_directory_in_use_names_its_owner_and_is_free_after_a_kill(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        assert owner.stdout.readline() == "mine\n"
        with pytest.raises(DataDirectoryInUse, match=f"by process {owner.pid}.*IOC_DATA_DIR"), owned_data_dir(tmp_path):
            pass
        owner.kill()
    with owned_data_dir(tmp_path):
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())


def test_a_taken_port_names_its_setting(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        for setting in ("http_port", "clickhouse_port", "simulator_port"):
            free = {"http_port": 0, "clickhouse_port": 0, "simulator_port": 0}
            with pytest.raises(AddressInUse, match=f"{port}.*IOC_{setting.upper()}"):
                check_ports(Settings(data_dir=tmp_path, **(free | {setting: port})))


def test_ports_of_parts_that_do_not_run_here_are_not_asked_for(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        check_ports(
            Settings(
                data_dir=tmp_path, http_port=0, simulated=False, simulator_port=port,
                clickhouse="http://elsewhere:8123", clickhouse_port=port,
            )
        )  # fmt: skip


def test_a_disk_nearly_full_says_how_much_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10 << 30, 10 << 30, 3 << 20))
    with pytest.raises(ConfigurationError, match="only 3 MB are free.*500 MB"), owned_data_dir(tmp_path):
        pass


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ConfigurationError, match="cannot write the data directory"),
        owned_data_dir(tmp_path / "file" / "x"),
    ):
        pass
