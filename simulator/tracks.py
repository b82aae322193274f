"""Tracks: what is handed over to the centre, each from where it last stopped, in windows, and then as time goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.state import State

Clock = Callable[[], datetime]
Told = Callable[[str, float], None]


@dataclass(frozen=True)
class Track:
    """One source's way to the centre.

    Attributes:
        name: of its cursor.
        title: Vietnamese, for progress.
        history: how far back the first start begins; a longer gap is not filled.
        window: how much time is handed over at once.
        every_s: seconds between two looks for news.
        hand_over: hands over everything in (after, until], returns when the centre can have it; how many things.
        begin: hands over what only the first start brings, instead of a history in windows.
    """

    name: str
    title: str
    history: timedelta
    window: timedelta
    every_s: float
    hand_over: Callable[[datetime, datetime], Awaitable[int]]
    begin: Callable[[datetime], Awaitable[None]] | None = None

    async def follow(self, state: State, now: Clock, told: Told) -> None:
        """Catch up, then go on until cancelled.

        Args:
            state: remembers how far this track has come; what it does not remember is handed over again.
            now: the clock.
            told: called with the track's name and the share of the way to now, 1 for the first time when caught up.
        """
        cursor = await self._first(state, now())
        start = cursor
        while True:
            cursor = await self._catch_up(cursor, state, now, lambda at, end: told(self.name, _share(start, at, end)))
            told(self.name, 1.0)
            await asyncio.sleep(self.every_s)

    async def _first(self, state: State, moment: datetime) -> datetime:
        cursor = state.cursor(self.name)
        if cursor is None and self.begin:
            await self.begin(moment)
            state.advance(self.name, moment)
            return moment
        earliest = moment - self.history
        return earliest if cursor is None else max(cursor, earliest)

    async def _catch_up(
        self, cursor: datetime, state: State, now: Clock, told: Callable[[datetime, datetime], None]
    ) -> datetime:
        """Hand over window by window until there is no time left; what was quiet is not worth remembering."""
        while cursor < (end := now()):
            until = min(cursor + self.window, end)
            count = await self.hand_over(cursor, until)
            if count or until < end:
                state.advance(self.name, until)
            cursor = until
            if until < end:
                told(until, end)
            else:
                break
        return cursor


def _share(start: datetime, at: datetime, end: datetime) -> float:
    return (at - start) / (end - start) if end > start else 1.0
