"""A duty has exactly one leader: another takes over when it is killed, and one that hung does not go on beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.system import until
from tests.servers.kafka import demand_kafka, running_kafka

_PROCESS = """
import asyncio, sys
from pathlib import Path
from ioc.settings import Settings
from streams.leader import lead
log = Path(sys.argv[3])
def say(word):
    with log.open("a") as file:
        file.write(word + "\\n")
async def work():
    say("leads")
    try:
        await asyncio.Event().wait()
    finally:
        say("ceases")
asyncio.run(lead(Settings(data_dir=Path(sys.argv[1]), broker=sys.argv[2]), "polls", work))
"""


class Candidate:
    """A process that wants to lead, and what its work has written."""

    def __init__(self, data_dir: Path, broker: str, name: str) -> None:
        self._log = data_dir / f"{name}.log"
        self.process = subprocess.Popen([sys.executable, "-c", _PROCESS, str(data_dir), broker, str(self._log)])

    @property
    def words(self) -> list[str]:
        return self._log.read_text().split() if self._log.exists() else []

    @property
    def leads(self) -> bool:
        return self.words[-1:] == ["leads"] and self.process.poll() is None

    def send(self, sign: signal.Signals) -> None:
        os.kill(self.process.pid, sign)


@pytest.fixture(params=["sqlite", pytest.param("kafka", marks=pytest.mark.kafka)])
def broker(request: pytest.FixtureRequest) -> Iterator[str]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield ""
            return
        demand_kafka()
        yield f"kafka://{stack.enter_context(running_kafka()).address}"


@pytest.fixture
def candidate(tmp_path: Path) -> Iterator[Callable[[str, str], Candidate]]:
    made: list[Candidate] = []

    def make(broker: str, name: str) -> Candidate:
        made.append(Candidate(tmp_path, broker, name))
        return made[-1]

    yield make
    for it in made:
        it.process.kill()
        it.process.wait()


def test_one_leads_and_another_takes_over_when_it_is_killed(
    broker: str, candidate: Callable[[str, str], Candidate]
) -> None:
    pair = [candidate(broker, name) for name in ("a", "b")]
    leader = until(lambda: next((c for c in pair if c.leads), None), "a leader", 60)
    leader.send(signal.SIGKILL)
    leader.process.wait()
    (other,) = (c for c in pair if c is not leader)
    assert broker or other.words == [], "the file is held by one"
    until(lambda: other.leads, "the other leads", 60)


@pytest.mark.kafka
@pytest.mark.parametrize("broker", ["kafka"], indirect=True)
def test_a_leader_that_hung_stops_leading_when_it_comes_back(
    broker: str, candidate: Callable[[str, str], Candidate]
) -> None:
    first = candidate(broker, "a")
    until(lambda: first.leads, "the first leads", 60)
    second = candidate(broker, "b")
    until(lambda: first.leads != second.leads, "one of them leads", 60)
    leader, other = (first, second) if first.leads else (second, first)
    leader.send(signal.SIGSTOP)
    until(lambda: other.leads, "the other leads", 60)
    leader.send(signal.SIGCONT)
    until(lambda: leader.words[-1:] == ["ceases"], "the one that hung has ceased", 10)
    until(lambda: leader.leads != other.leads, "again one leads", 60)
