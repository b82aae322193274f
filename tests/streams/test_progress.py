"""Lag, age and stalls of partitions, as the watchdog and the metrics read them."""

from __future__ import annotations

import pytest

from streams.agents.progress import Place, Progress

A, B = Place("ioc.readings", 0), Place("ioc.posts", 0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("streams.agents.progress.time.monotonic", lambda: now[0])
    return now


def test_lag_counts_what_the_broker_holds_beyond_what_is_done(clock: list[float]) -> None:
    progress = Progress()
    progress.assigned([A, B])
    progress.ends({A: 10, B: 4}, {A: 7, B: None})
    assert progress.lag() == {"ioc.readings": 3, "ioc.posts": 4}
    progress.done(A, 8, 1000.0)
    assert progress.lag()["ioc.readings"] == 1
    assert progress.age(1030.0) == {"ioc.readings": 30.0, "ioc.posts": 0.0}
    progress.done(A, 9, 1005.0)
    assert progress.age(1030.0)["ioc.readings"] == 0.0


def test_an_older_message_delivered_again_does_not_move_the_position_back(clock: list[float]) -> None:
    progress = Progress()
    progress.assigned([A])
    progress.done(A, 8, 1.0)
    progress.done(A, 3, 1.0)
    assert progress.position(A) == 9


def test_a_partition_with_lag_that_does_not_move_has_stalled(clock: list[float]) -> None:
    progress = Progress()
    progress.assigned([A, B])
    progress.ends({A: 5, B: 0}, {})
    clock[0] += 31
    assert progress.stalled(30) == [A]
    assert progress.stalled(30, excused=["ioc.readings"]) == []
    progress.done(A, 1, 1.0)
    assert progress.stalled(30) == []


def test_the_time_without_work_does_not_count(clock: list[float]) -> None:
    progress = Progress()
    progress.assigned([A])
    progress.done(A, 4, 1.0)
    progress.ends({A: 5}, {})
    clock[0] += 1000
    progress.ends({A: 6}, {})
    assert progress.stalled(30) == []
    clock[0] += 31
    progress.ends({A: 7}, {})
    assert progress.stalled(30) == [A]


def test_partitions_that_went_away_are_forgotten(clock: list[float]) -> None:
    progress = Progress()
    progress.assigned([A, B])
    progress.assigned([B])
    progress.ends({A: 5, B: 1}, {})
    assert progress.lag() == {"ioc.posts": 1}
    assert len(progress) == 1
