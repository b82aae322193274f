"""One question is asked once, however many screens show it and however slow the store is."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from grafana.preview import answers
from grafana.preview.answers import MOST_KEPT, MOST_ROWS, Answers, plain
from tests.grafana.double import FakeStore, result


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def asking(fake_store: FakeStore, clock: Clock):
    asking = Answers(fake_store.connect, clock)
    yield asking
    fake_store.gate.set()
    await asking.close()


def sql() -> str:
    return "SELECT 1"


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_an_answer_is_what_the_page_draws(asking, fake_store):
    fake_store.answer = result(
        {"Lúc": "DateTime64(3, 'UTC')", "Trạm": "LowCardinality(String)", "Số": "Nullable(Float64)", "Kỳ": "Date32"},
        (datetime(2026, 11, 25, 2, tzinfo=UTC), "Bỉm Sơn", float("nan"), date(2026, 11, 1)),
    )
    answer = await asking.get(("a",), sql, 1)
    assert [c["type"] for c in answer["columns"]] == ["time", "string", "number", "time"]
    assert answer["rows"] == [[1_795_572_000_000, "Bỉm Sơn", None, 1_793_491_200_000]]
    assert answer["took_ms"] >= 0
    assert abs(answer["asked_at"] / 1000 - datetime.now(UTC).timestamp()) < 60


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (datetime(2026, 11, 25, 2), 1_795_572_000_000),  # noqa: DTZ001 - the driver gives UTC without saying so
        (Decimal("1.5"), 1.5),
        (float("inf"), None),
        (b"\xff\x41", "\ufffdA"),
        (None, None),
        (True, True),
        (["a"], "['a']"),
    ],
)
def test_plain(value, wanted):
    assert plain(value) == wanted


async def test_many_screens_one_question(asking, fake_store):
    fake_store.gate.clear()
    screens = [asyncio.create_task(asking.get(("a",), sql, 5)) for _ in range(20)]
    await until(lambda: fake_store.asked)
    fake_store.gate.set()
    answers = await asyncio.gather(*screens)
    assert len(fake_store.asked) == 1
    assert all(answer is answers[0] for answer in answers)


async def test_an_old_answer_is_asked_again(asking, fake_store, clock):
    await asking.get(("a",), sql, 5)
    clock.now = 4.9
    await asking.get(("a",), sql, 5)
    assert len(fake_store.asked) == 1
    clock.now = 5.1
    await asking.get(("a",), sql, 5)
    assert len(fake_store.asked) == 2


async def test_a_slow_question_is_not_asked_on_top_of_itself(asking, fake_store, clock):
    fake_store.gate.clear()
    first = asyncio.create_task(asking.get(("a",), sql, 5))
    await until(lambda: fake_store.asked)
    clock.now = 60
    second = asyncio.create_task(asking.get(("a",), sql, 5))
    await asyncio.sleep(0)
    fake_store.gate.set()
    assert await first is await second
    assert len(fake_store.asked) == 1


async def test_a_costly_question_rests(asking, fake_store, clock):
    fake_store.gate.clear()
    first = asyncio.create_task(asking.get(("a",), sql, 5))
    await until(lambda: fake_store.asked)
    clock.now = 4.0
    fake_store.gate.set()
    await first
    clock.now = 19.0  # four times as long as it took has not gone by
    await asking.get(("a",), sql, 5)
    assert len(fake_store.asked) == 1
    clock.now = 21.0
    await asking.get(("a",), sql, 5)
    assert len(fake_store.asked) == 2


async def test_a_store_that_hangs_costs_one_thread_a_question(asking, fake_store, monkeypatch):
    monkeypatch.setattr(answers, "PATIENCE_S", 0.02)
    fake_store.gate.clear()
    for _ in range(5):
        with pytest.raises(TimeoutError):
            await asking.get(("a",), sql, 5)
    assert len(fake_store.asked) == 1


async def test_a_failure_is_not_kept_and_the_client_is_made_anew(asking, fake_store):
    fake_store.failure = OSError("gone")
    with pytest.raises(OSError, match="gone"):
        await asking.get(("a",), sql, 5)
    fake_store.failure = None
    assert (await asking.get(("a",), sql, 5))["rows"] == [[3]]
    assert fake_store.connections == 2
    assert fake_store.closed == 1


async def test_a_screen_that_leaves_does_not_take_the_answer_from_the_others(asking, fake_store):
    fake_store.gate.clear()
    leaving, staying = (asyncio.create_task(asking.get(("a",), sql, 5)) for _ in range(2))
    await until(lambda: fake_store.asked)
    leaving.cancel()
    fake_store.gate.set()
    assert (await staying)["rows"] == [[3]]


async def test_what_is_kept_is_bounded(asking):
    for n in range(MOST_KEPT + 50):
        await asking.get((n,), sql, 1000)
    assert len(asking._kept) <= MOST_KEPT


async def test_rows_are_bounded(asking, fake_store):
    fake_store.answer = result({"n": "UInt64"}, *((n,) for n in range(MOST_ROWS + 5)))
    assert len((await asking.get(("a",), sql, 1))["rows"]) == MOST_ROWS
