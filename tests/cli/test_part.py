"""Supervision: readiness and progress are heard, a part that dies comes back, one that cannot start says why, none outlives us."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ioc.cli.part import Part

HELLO = "from ioc import notify; import time; notify.progress(0.5, 'nửa đường'); print('xin chào'); notify.ready(); time.sleep(600)"
SENTENCE = "import sys; print('ioc: cổng 8080 đang bận', file=sys.stderr); sys.exit(2)"


def part(code: str, **more: float) -> Part:
    return Part("p", "Phần", [sys.executable, "-c", code], **more)  # type: ignore[arg-type]


async def until(condition: Callable[[], bool], timeout: float = 20) -> None:
    async with asyncio.timeout(timeout):
        while not condition():
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


async def test_a_part_tells_progress_and_readiness_and_its_other_lines_go_to_its_log(tmp_path: Path) -> None:
    heard: list[tuple[str, float | None, str]] = []
    it = part(HELLO)
    task = asyncio.create_task(it.run(tmp_path, lambda p: heard.append((p.state, p.progress, p.message))))
    await asyncio.wait_for(it.is_ready.wait(), 20)
    assert ("starting", 0.5, "nửa đường") in heard
    assert heard[-1] == ("ready", None, "")
    await it.stop()
    await task
    assert it.state == "stopped"
    assert (tmp_path / "p.log").read_text() == "xin chào\n"


async def test_a_part_that_is_killed_comes_back_and_the_count_says_so(tmp_path: Path) -> None:
    it = part(HELLO, pause_s=0.01)
    task = asyncio.create_task(it.run(tmp_path, lambda _: None))
    await asyncio.wait_for(it.is_ready.wait(), 20)
    assert it._process
    os.kill(it._process.pid, signal.SIGKILL)
    await until(lambda: it.restarts == 1 and it.state == "ready")
    await it.stop()
    await task


async def test_a_wrong_configuration_is_one_sentence_and_not_tried_again(tmp_path: Path) -> None:
    it = part(SENTENCE)
    await asyncio.wait_for(it.run(tmp_path, lambda _: None), 20)
    assert (it.state, it.message, it.restarts) == ("failed", "cổng 8080 đang bận", 0)


async def test_a_part_that_keeps_dying_is_tried_with_growing_pauses(tmp_path: Path) -> None:
    it = part("import sys; print('hỏng'); sys.exit(1)", pause_s=0.01)
    task = asyncio.create_task(it.run(tmp_path, lambda _: None))
    await until(lambda: it.restarts >= 3)
    assert it.message == "hỏng"
    assert it.state == "restarting"
    await it.stop()
    task.cancel()


async def test_a_part_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ioc.cli.part._STOP_S", 0.2)
    it = part("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + HELLO)
    task = asyncio.create_task(it.run(tmp_path, lambda _: None))
    await asyncio.wait_for(it.is_ready.wait(), 20)
    await asyncio.wait_for(it.stop(), 10)
    await task
    assert it.exit_status == -signal.SIGKILL


async def test_a_line_longer_than_any_buffer_does_not_stop_the_reading(tmp_path: Path) -> None:
    it = part("print('x' * 5_000_000); " + HELLO)
    task = asyncio.create_task(it.run(tmp_path, lambda _: None))
    await asyncio.wait_for(it.is_ready.wait(), 20)
    await it.stop()
    await task


_SUPERVISOR = f"""
import asyncio, sys
from pathlib import Path
from ioc.cli.part import Part
code = "from ioc import notify; notify.die_with_supervisor(); " + {HELLO!r}
it = Part("p", "Phần", [sys.executable, "-c", code])
def told(part):
    if part.state == "ready":
        print(part._process.pid, flush=True)
asyncio.run(it.run(Path(sys.argv[1]), told))
"""


async def test_a_part_ends_when_its_supervisor_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SUPERVISOR, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as boss:
        assert boss.stdout
        pid = int(await asyncio.to_thread(boss.stdout.readline))
        boss.kill()
    await until(lambda: gone(pid))
