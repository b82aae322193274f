"""Tracks: history in windows, then as time goes on; what was interrupted is handed over again, a long gap is cut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulator.state import State
from simulator.tracks import Track

NOW = datetime(2026, 11, 25, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Receiver:
    """Takes windows; can be told to fail at one."""

    def __init__(self, count: int = 1, fail_at: int = 0) -> None:
        self.windows: list[tuple[datetime, datetime]] = []
        self._count, self._fail_at = count, fail_at

    async def __call__(self, after: datetime, until: datetime) -> int:
        if self._fail_at and len(self.windows) + 1 == self._fail_at:
            raise OSError("disk full")
        self.windows.append((after, until))
        return self._count


def track(receiver: Receiver, begin: Callable[[datetime], Awaitable[None]] | None = None) -> Track:
    return Track("t", "T", 10 * HOUR, 3 * HOUR, 0.01, receiver, begin)


async def until_caught_up(
    track: Track, state: State, now: Callable[[], datetime], after: Callable[[], None] | None = None
) -> list[float]:
    """Follow until caught up (a second time when there is something to do in between), then cancel."""
    shares: list[float] = []
    following = asyncio.create_task(track.follow(state, now, lambda name, share: shares.append(share)))

    async def ones(count: int) -> None:
        while shares.count(1.0) < count:
            if following.done():
                following.result()
            await asyncio.sleep(0.002)

    await asyncio.wait_for(ones(1), 5)
    if after:
        after()
        await asyncio.wait_for(ones(shares.count(1.0) + 2), 5)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    return shares


async def test_the_first_start_hands_over_its_history_without_gap_or_overlap(tmp_path: Path) -> None:
    receiver, state = Receiver(), State(tmp_path, 1, NOW)
    shares = await until_caught_up(track(receiver), state, lambda: NOW)
    assert receiver.windows[0][0] == NOW - 10 * HOUR
    assert receiver.windows[-1][1] == NOW
    assert all(a[1] == b[0] for a, b in zip(receiver.windows, receiver.windows[1:], strict=False))
    assert all(b - a <= 3 * HOUR for a, b in receiver.windows)
    assert state.cursor("t") == NOW
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.3)


async def test_then_it_goes_on_with_time(tmp_path: Path) -> None:
    clock = [NOW]
    receiver, state = Receiver(), State(tmp_path, 1, NOW)

    def later() -> None:
        clock[0] += timedelta(minutes=5)

    await until_caught_up(track(receiver), state, lambda: clock[0], later)
    assert receiver.windows[-1] == (NOW, NOW + timedelta(minutes=5))


async def test_a_second_start_fills_the_gap(tmp_path: Path) -> None:
    state = State(tmp_path, 1, NOW)
    await until_caught_up(track(Receiver()), state, lambda: NOW)
    receiver = Receiver()
    await until_caught_up(track(receiver), State(tmp_path, 1, NOW), lambda: NOW + 4 * HOUR)
    assert receiver.windows == [(NOW, NOW + 3 * HOUR), (NOW + 3 * HOUR, NOW + 4 * HOUR)]


async def test_a_gap_longer_than_the_history_is_cut(tmp_path: Path) -> None:
    state = State(tmp_path, 1, NOW)
    state.advance("t", NOW - 50 * HOUR)
    receiver = Receiver()
    await until_caught_up(track(receiver), state, lambda: NOW)
    assert receiver.windows[0][0] == NOW - 10 * HOUR


async def test_a_window_that_failed_is_handed_over_again(tmp_path: Path) -> None:
    broken = track(Receiver(fail_at=3))
    with pytest.raises(OSError, match="disk full"):
        await broken.follow(State(tmp_path, 1, NOW), lambda: NOW, lambda name, share: None)
    receiver = Receiver()
    await until_caught_up(track(receiver), State(tmp_path, 1, NOW), lambda: NOW)
    assert receiver.windows[0] == (NOW - 4 * HOUR, NOW - HOUR)


async def test_quiet_times_are_not_written_down(tmp_path: Path) -> None:
    state = State(tmp_path, 1, NOW)
    state.advance("t", NOW)
    await until_caught_up(track(Receiver(count=0)), state, lambda: NOW + HOUR)
    assert state.cursor("t") == NOW, "asked again after a restart, with the same answer"


async def test_a_clock_set_back_hands_nothing_over_twice(tmp_path: Path) -> None:
    state = State(tmp_path, 1, NOW)
    state.advance("t", NOW)
    receiver = Receiver()
    await until_caught_up(track(receiver), state, lambda: NOW - 2 * HOUR)
    assert receiver.windows == []


async def test_a_beginning_takes_the_place_of_the_history_once(tmp_path: Path) -> None:
    begun: list[datetime] = []

    async def begin(moment: datetime) -> None:
        begun.append(moment)

    receiver = Receiver()
    await until_caught_up(track(receiver, begin), State(tmp_path, 1, NOW), lambda: NOW)
    assert receiver.windows == []
    await until_caught_up(track(receiver, begin), State(tmp_path, 1, NOW), lambda: NOW + HOUR)
    assert begun == [NOW]
    assert receiver.windows == [(NOW, NOW + HOUR)]
