"""Calls to the centre's HTTP way in: in order, one at a time, and none is given up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

log = logging.getLogger(__name__)

_TIMEOUT = aiohttp.ClientTimeout(total=120, connect=10)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _LONGEST_ASKED_S = 0.5, 30.0, 3600.0
_WAITING = {408, 425, 429}


class Caller:
    """One department's line to one source.

    Args:
        session: of aiohttp.
        url: of the source.
        token: the bearer token.
        pause: sleeps; tests take a shorter one.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        token: str,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._session, self._url, self._pause = session, url, pause
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def post(self, payload: bytes) -> None:
        """Return when the centre has taken the payload; wait as long as it says, or longer from time to time.

        A refusal that waiting does not cure (a wrong token, a body too large) is logged and tried again all the same:
        what a department holds is not lost because the other side is set up wrongly.
        """
        pause = _FIRST_PAUSE_S
        while (asked := await self._once(payload)) is not None:
            await self._pause(max(asked, pause))
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _once(self, payload: bytes) -> float | None:
        """None when taken, else the seconds that the centre asks us to wait, 0 where it does not say."""
        try:
            async with self._session.post(self._url, data=payload, headers=self._headers, timeout=_TIMEOUT) as answer:
                if answer.status < 300:
                    await answer.read()
                    return None
                if answer.status < 500 and answer.status not in _WAITING:
                    log.error("%s: %d %s", self._url, answer.status, (await answer.text())[:300])
                    return _LONGEST_PAUSE_S
                return retry_after(answer.headers.get("Retry-After", ""), datetime.now(UTC))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("%s: %s; trying again", self._url, error or type(error).__name__)
            return 0.0


def retry_after(text: str, now: datetime) -> float:
    """Seconds that a ``Retry-After`` header asks for: a number or an HTTP date; 0 for anything else, an hour at most."""
    if text.strip().isdecimal():
        return min(float(text), _LONGEST_ASKED_S)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_ASKED_S) if moment.tzinfo else 0.0
