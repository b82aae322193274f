"""Fetch the feeds of sources that do not call us, at their own cadence and without asking for what has not changed."""

from __future__ import annotations

import asyncio
import logging
import random

import aiohttp

from ioc.catalog.model import Source
from ioc.errors import BrokerUnavailable
from ioc.settings import LOCALHOST, Settings
from streams.intake import Intake, Payload

log = logging.getLogger(__name__)

_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
_AGENT = {
    "User-Agent": "thanhhoa-ioc/0.1",
    "Accept": "application/rss+xml, application/atom+xml, application/xml, */*;q=0.5",
}
_SHARE_OF_JITTER = 0.1
_SIMULATOR = "{simulator}"


class TooLarge(Exception):
    """An answer is larger than the source may send."""


class Poller:
    """One source that is polled."""

    def __init__(self, settings: Settings, source: Source, intake: Intake, session: aiohttp.ClientSession) -> None:
        self._source, self._intake, self._session = source, intake, session
        self._url = source.url.replace(_SIMULATOR, f"http://{LOCALHOST}:{settings.simulator_port}")
        self._validators: dict[str, str] = {}

    async def watch(self) -> None:
        """Poll until cancelled; failures are contacts too, and the next poll comes sooner, at its time at the latest."""
        failures = 0
        while True:
            try:
                failures = 0 if await self.poll() else failures + 1
            except BrokerUnavailable as error:
                failures += 1
                log.warning("%s: %s; the feed is asked again", self._source.id, error)
            every = min(self._source.every_s, 2**failures) if failures else self._source.every_s
            await asyncio.sleep(every * (1 + _SHARE_OF_JITTER * random.uniform(-1, 1)))  # noqa: S311 - not a secret

    async def poll(self) -> bool:
        """Ask once and take what is new; whether the feed answered.

        Raises:
            BrokerUnavailable: what came could not be sent; the next poll brings it again.
        """
        try:
            data = await self._fetch()
        except (aiohttp.ClientError, TimeoutError, TooLarge, OSError) as error:
            await self._intake.failed(self._source.id, f"{self._url}: {str(error) or type(error).__name__}")
            return False
        if data is None:
            await self._intake.take(self._source, [])
            return True
        validators, self._validators = self._validators, {}  # until it is sent, nothing counts as seen
        await self._intake.take(self._source, [Payload(data, self._url)], once=True)
        self._validators = validators
        return True

    async def _fetch(self) -> bytes | None:
        """The body, or None where it has not changed."""
        async with self._session.get(self._url, headers=_AGENT | self._validators, timeout=_TIMEOUT) as answer:
            if answer.status == 304:
                return None
            answer.raise_for_status()
            limit = self._source.max_payload_mb << 20
            data = bytearray()
            async for chunk in answer.content.iter_chunked(1 << 16):
                data += chunk
                if len(data) > limit:
                    raise TooLarge(f"more than {limit >> 20} MB")
            names = (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
            self._validators = {ask: answer.headers[told] for told, ask in names if told in answer.headers}
            return bytes(data)


def is_polled(source: Source, settings: Settings) -> bool:
    """Whether a source is polled in this system: the simulated press only where the province is simulated."""
    return source.enabled and source.transport == "poll" and (settings.simulated or _SIMULATOR not in source.url)
