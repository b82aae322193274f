"""The embedded broker's log: durable, ordered, shared by processes, bounded, and safe under kill -9."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ioc.errors import BrokerUnavailable, ConfigurationError, DataDirectoryInUse
from streams.embedded.log import Log, Outgoing


def filled(path: Path, count: int = 10, **limits: float) -> Log:
    log = Log(path, **limits)  # type: ignore[arg-type]
    log.create_topic("t", 2)
    if count:
        log.append([Outgoing("t", f"{n}".encode(), headers=[("n", b"%d" % n)], partition=n % 2) for n in range(count)])
    return log


def test_offsets_count_up_within_a_partition_and_records_come_back_in_order(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite")
    records = log.read("t", 1, 0)
    assert [r.offset for r in records] == [0, 1, 2, 3, 4]
    assert [r.value for r in records] == [b"1", b"3", b"5", b"7", b"9"]
    assert records[0].headers == [("n", b"1")]
    assert log.next_offset("t", 1) == 5
    assert [r.offset for r in log.read("t", 1, 3)] == [3, 4]


def test_a_key_always_chooses_the_same_partition(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite", 0)
    places = {log.append([Outgoing("t", b"x", key=b"station-7")])[0][0] for _ in range(5)}
    assert len(places) == 1


def test_reading_is_bounded_by_bytes_but_always_makes_progress(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite", 0)
    log.append([Outgoing("t", b"x" * 1000, partition=0) for _ in range(5)])
    assert len(log.read("t", 0, 0, max_bytes=2500)) == 2
    assert len(log.read("t", 0, 0, max_bytes=1)) == 1


def test_commits_are_kept_by_group_and_survive_reopening(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite")
    assert log.committed("g", "t", 0) is None
    log.commit("g", {("t", 0): 3})
    log.commit("other", {("t", 0): 1})
    log.close()
    again = Log(tmp_path / "b.sqlite")
    assert again.committed("g", "t", 0) == 3
    assert again.lag("g") == 10 - 3
    assert again.next_offset("t", 0) == 5


def test_unknown_topics_and_partitions_are_refused_and_nothing_of_the_call_is_kept(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite")
    with pytest.raises(ConfigurationError, match="nowhere"):
        log.append([Outgoing("t", b"x", partition=0), Outgoing("nowhere", b"x", partition=0)])
    with pytest.raises(ConfigurationError):
        log.append([Outgoing("t", b"x", partition=9)])
    assert log.next_offset("t", 0) == 5


def test_consumed_records_make_room_and_unconsumed_ones_are_never_deleted(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite", 0, max_bytes=100_000)
    pack = Outgoing("t", b"x" * 10_000, partition=0)
    log.append([pack] * 9)
    with pytest.raises(BrokerUnavailable, match="nobody has consumed"):
        log.append([pack] * 2)
    assert len(log.read("t", 0, 0)) == 9
    log.commit("g", {("t", 0): 5})
    log.append([pack] * 2)
    assert log.earliest_offset("t", 0) > 0
    assert [r.offset for r in log.read("t", 0, 5)] == list(range(5, 11))


def test_the_slowest_group_holds_records_back(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite", 10, max_age_s=0)
    log.commit("fast", {("t", 0): 5, ("t", 1): 5})
    log.commit("slow", {("t", 0): 2, ("t", 1): 0})
    time_passed = time.time() + 0.002
    while time.time() < time_passed:
        pass
    assert log.apply_retention() > 0
    assert (log.earliest_offset("t", 0), log.earliest_offset("t", 1)) == (2, 0)


def test_one_process_consumes_and_a_second_is_told_who(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite")
    log.claim_consumer()
    with pytest.raises(DataDirectoryInUse) as told:
        Log(tmp_path / "b.sqlite").claim_consumer()
    assert told.value.pid == os.getpid()
    log.close()
    Log(tmp_path / "b.sqlite").claim_consumer()


def _produce(path: Path, name: int, count: int) -> None:
    log = Log(path)
    for n in range(count):
        log.append([Outgoing("t", f"{name}:{n}".encode(), partition=0)])


def test_many_producing_processes_lose_nothing_and_keep_their_own_order(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    filled(path, 0).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_produce, args=(path, name, 50)) for name in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    values = [r.value.decode() for r in Log(path).read("t", 0, 0, max_records=1000) if r.value]
    assert len(values) == 150
    for name in range(3):
        assert [v for v in values if v.startswith(f"{name}:")] == [f"{name}:{n}" for n in range(50)]


_ENDLESS = """
import sys
from pathlib import Path
from streams.embedded.log import Log, Outgoing
log = Log(Path(sys.argv[1]))
n = 0
while True:
    log.append([Outgoing("t", str(n).encode(), partition=0)])
    print(n, flush=True)
    n += 1
"""


@pytest.mark.parametrize("after", [3, 40, 120])
def test_kill_9_of_a_producer_keeps_every_acknowledged_record(tmp_path: Path, after: int) -> None:
    path = tmp_path / "b.sqlite"
    filled(path, 0).close()
    with subprocess.Popen([sys.executable, "-c", _ENDLESS, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        last = -1
        for line in process.stdout:
            last = int(line)
            if last >= after:
                process.send_signal(signal.SIGKILL)
                break
        rest = [int(line) for line in process.stdout.read().split()]
    last = max([last, *rest])
    values = [int(r.value or b"-1") for r in Log(path).read("t", 0, 0, max_records=100_000)]
    assert values[: last + 1] == list(range(last + 1))
    assert len(values) <= last + 2


def test_a_full_disk_is_one_clear_sentence_and_loses_nothing(tmp_path: Path) -> None:
    log = filled(tmp_path / "b.sqlite")
    pages = log._db.execute("PRAGMA page_count").fetchone()[0]
    log._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(BrokerUnavailable, match="full or failing.*free some space"):
        log.append([Outgoing("t", b"x" * 100_000, partition=0)])
    log._db.execute("PRAGMA max_page_count = 1000000")
    log.append([Outgoing("t", b"after", partition=0)])
    assert [r.value for r in log.read("t", 0, 5)] == [b"after"]
