"""The packer: packs by kind, source and partition, order within a key, and an answer for every caller."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ioc.errors import BrokerUnavailable
from ioc.packs import decode
from ioc.records import DeadLetter, Post, Reading, Record, event_id
from streams.packer import Packer, bytes_of, packs_of
from streams.publish import MAX_MESSAGE_BYTES, Message
from streams.topics import partition_of

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def readings(count: int, station: str = "A", start: int = 0) -> list[Reading]:
    return [
        Reading(
            event_id=event_id(station, n), received_at=NOW, source="s", station=station, metric="pm25",
            observed_at=NOW + timedelta(minutes=n), value=float(n), unit="µg/Nm3",
        )
        for n in range(start, start + count)
    ]  # fmt: skip


def posts(count: int, size: int, start: int = 0) -> list[Post]:
    return [
        Post(
            event_id=f"{n}", received_at=NOW, source="s", outlet="o", url="u", title="t", text="x" * size, published_at=NOW
        )
        for n in range(start, start + count)
    ]  # fmt: skip


class Refusing:
    """A broker that fails a number of times before it takes messages."""

    def __init__(self, failures: int) -> None:
        self.failures, self.delivered = failures, list[Message]()

    def partitions(self, topic: str) -> int:
        return 3

    async def deliver(self, messages: Sequence[Message]) -> None:
        if self.failures:
            self.failures -= 1
            raise BrokerUnavailable("not now")
        self.delivered += messages


async def test_small_calls_share_packs_and_each_returns_when_its_records_are_on_the_broker(broker: Any) -> None:
    packer = Packer(broker.publisher, pack_records=100, linger_s=0.02)
    await asyncio.gather(*(packer.put("s", readings(1, start=n)) for n in range(30)))
    assert sorted(r.value for r in broker.records("readings")) == [float(n) for n in range(30)]
    assert len(broker.packs("readings")) == 1


async def test_a_round_that_begins_while_an_older_one_lingers_is_sent_too(broker: Any) -> None:
    """A timer of an earlier round must not be taken for the new one's: its callers would wait for ever."""
    packer = Packer(broker.publisher, pack_records=10, linger_s=0.05)
    for burst in range(5):
        await asyncio.gather(
            packer.put("s", readings(9, start=100 * burst)), packer.put("s", readings(9, start=100 * burst + 50))
        )
        async with asyncio.timeout(5):
            await packer.put("s", readings(1, start=100 * burst + 90))
    assert len(broker.records("readings")) == 5 * 19


async def test_records_of_one_key_stay_in_order_whatever_is_sent_beside_them(broker: Any) -> None:
    packer = Packer(broker.publisher, pack_records=7, linger_s=0.001)
    for n in range(0, 60, 3):
        await asyncio.gather(packer.put("s", readings(3, "A", n)), packer.put("t", readings(2, "B", n)))
    values = [r.value for r in broker.records("readings") if r.station == "A"]
    assert values == [float(n) for n in range(60)]
    assert all(len(pack) <= 7 for pack in broker.packs("readings"))


async def test_every_caller_of_a_round_that_failed_is_told_and_the_next_round_goes_through() -> None:
    publisher = Refusing(1)
    packer = Packer(publisher, pack_records=1000, linger_s=0.01)
    answers = await asyncio.gather(*(packer.put("s", readings(1, start=n)) for n in range(3)), return_exceptions=True)
    assert [type(a) for a in answers] == [BrokerUnavailable] * 3
    await packer.put("s", readings(2))
    assert sum(decode(m.value, "readings").num_rows for m in publisher.delivered) == 2


async def test_a_caller_that_gives_up_takes_no_other_along(broker: Any) -> None:
    packer = Packer(broker.publisher, pack_records=1000, linger_s=0.05)
    impatient = asyncio.create_task(packer.put("s", readings(1)))
    patient = asyncio.create_task(packer.put("s", readings(1, start=5)))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert len(broker.records("readings")) == 2
    assert not packer.full


class Slow(Refusing):
    """A broker that answers when the gate is opened, and how much it was given before that."""

    def __init__(self) -> None:
        super().__init__(0)
        self.gate = asyncio.Event()

    async def deliver(self, messages: Sequence[Message]) -> None:
        await self.gate.wait()
        await super().deliver(messages)


async def test_it_says_when_too_much_waits() -> None:
    slow = Slow()
    packer = Packer(slow, pack_records=10, linger_s=0.001, max_waiting=20)
    waiting = [asyncio.create_task(packer.put("s", readings(10))) for _ in range(2)]
    await asyncio.sleep(0)
    assert packer.full
    slow.gate.set()
    await asyncio.gather(*waiting)
    assert not packer.full


async def test_few_long_texts_fill_the_room_as_many_records_do() -> None:
    slow = Slow()
    packer = Packer(slow, pack_records=500, linger_s=0.001, max_waiting_bytes=4 << 20)
    waiting = [asyncio.create_task(packer.put("press", posts(1, 2 << 20)))]
    await asyncio.sleep(0)
    assert (packer.crowded_by("press"), packer.crowded_by("other"), packer.full) == (True, False, False)
    waiting.append(asyncio.create_task(packer.put("other", posts(1, 2 << 20, 1))))
    await asyncio.sleep(0)
    assert packer.full
    slow.gate.set()
    await asyncio.gather(*waiting)
    assert (packer.full, packer.crowded_by("press")) == (False, False)


async def test_callers_beyond_the_room_wait_in_a_row_and_one_that_gives_up_holds_nobody() -> None:
    slow = Slow()
    packer = Packer(slow, pack_records=1, linger_s=0, max_waiting_bytes=1 << 20)
    callers = [asyncio.create_task(packer.put("s", posts(1, 1 << 20, n))) for n in range(6)]
    await asyncio.sleep(0)
    assert packer._waiting == 1, "the rest waits outside, unpacked"
    callers[2].cancel()
    slow.gate.set()
    answers = await asyncio.wait_for(asyncio.gather(*callers, return_exceptions=True), 20)
    assert [type(a) for a in answers] == [type(None)] * 2 + [asyncio.CancelledError] + [type(None)] * 3
    arrived = [decode(m.value, "posts").column("event_id")[0].as_py() for m in slow.delivered]
    assert arrived == ["0", "1", "3", "4", "5"]
    assert not packer.full


async def test_a_failed_round_gives_its_room_back() -> None:
    packer = Packer(Refusing(2), pack_records=1, linger_s=0, max_waiting_bytes=1 << 20)
    calls = [packer.put("s", posts(1, 1 << 20, n)) for n in range(3)]
    answers = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 20)
    assert [type(a) for a in answers] == [BrokerUnavailable, BrokerUnavailable, type(None)]
    assert not packer.full


def test_the_size_of_records_counts_every_text() -> None:
    letter = DeadLetter(
        event_id="1", received_at=NOW, source="s", rejected_at=NOW, field="", reason="r", origin="o", position=1,
        raw=b"x" * 5000,
    )  # fmt: skip
    mixed: list[Record] = [*posts(2, 1000), letter, *readings(3)]
    assert 7000 < bytes_of(mixed) < 7000 + 6 * 300


def test_long_texts_are_split_so_that_a_broker_takes_them() -> None:
    messages = packs_of({("posts", "s", 0): list(posts(12, 3 << 20))}, 500)
    assert all(len(m.value) <= MAX_MESSAGE_BYTES // 2 for m in messages)
    assert sum(decode(m.value, "posts").num_rows for m in messages) == 12


def test_equal_order_keys_go_to_one_partition() -> None:
    assert len({partition_of(r, 8) for r in readings(50)}) == 1
    assert len({partition_of(r, 8) for n in range(50) for r in readings(1, f"station-{n}")}) > 4


@pytest.mark.parametrize("count", [0, 1])
async def test_nothing_to_send_is_no_pack(broker: Any, count: int) -> None:
    await Packer(broker.publisher, pack_records=5, linger_s=0).put("s", readings(count))
    assert len(broker.packs("readings")) == count
