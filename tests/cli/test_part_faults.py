"""What the page makes of the supervisor's file: faults of parts while it lives, its own when it is gone or silent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ioc.cli.health import part_faults
from ioc.cli.part import Part
from ioc.cli.up import write_state


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def changed(state: Path, **more: object) -> dict[str, str]:
    """The faults after the supervisor's file was changed."""
    state.write_text(json.dumps(json.loads(state.read_text(encoding="utf-8")) | more), encoding="utf-8")
    return part_faults(state)


def test_without_a_supervisor_no_part_is_missed(state: Path) -> None:
    assert part_faults(state) == {}


def test_parts_that_are_not_ready_are_named_with_the_reason(state: Path) -> None:
    ready, waiting = Part("web", "Trang", [], state="ready"), Part("intake", "Thu thập", [])
    failed = Part("worker", "Xử lý", [], state="failed", message="hết chỗ")
    write_state(state, [ready, waiting, failed])
    assert part_faults(state) == {"intake": "Thu thập: waiting", "worker": "Xử lý: hết chỗ"}


def test_a_supervisor_that_is_no_more_is_the_only_fault(state: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    write_state(state, [Part("web", "Trang", [], state="failed")])
    faults = changed(state, pid=dead.pid)
    assert list(faults) == ["supervisor"]
    assert f"there is no process {dead.pid}" in faults["supervisor"]


def test_a_silent_supervisor_is_missed_though_its_number_lives(state: Path) -> None:
    write_state(state, [])
    assert changed(state, pid=os.getpid(), told_at=time.time() - 5) == {}
    assert "said nothing for 60 s" in changed(state, pid=os.getpid(), told_at=time.time() - 60)["supervisor"]


def test_a_file_that_is_no_json_is_a_fault_not_an_error(state: Path) -> None:
    state.write_text("{", encoding="utf-8")
    assert "state.json cannot be read" in part_faults(state)["supervisor"]
