"""The inbox: departments drop files into ``inbox/<source id>/``; each goes through its adapter, then into the archive.

A file leaves the inbox only when the broker holds everything that was in it, so a crash at any moment loses nothing:
what was sent already is sent again under the same identities.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path

from watchfiles import awatch

from ioc.catalog.model import Source
from ioc.errors import BrokerUnavailable
from ioc.settings import Settings
from streams.intake import Intake, Payload

log = logging.getLogger(__name__)

_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
_SETTLE_S = 0.5  # a file that changed less than this ago may still be growing
_LOOK_AGAIN_MS = 5_000
_BATCH_FILES = 250
_BATCH_BYTES = 8 << 20
_SAMPLE = 256


class Inbox:
    """The folder of one source."""

    def __init__(self, settings: Settings, source: Source, intake: Intake) -> None:
        self._source, self._intake = source, intake
        self.folder = settings.inbox_dir / source.id
        self._archive = settings.data_dir / "archive" / source.id
        self._keep_days = settings.archive_days
        self.folder.mkdir(parents=True, exist_ok=True)

    async def watch(self) -> None:
        """Take files until cancelled; a broker that does not answer only delays them."""
        await self._take_patiently()
        changes = awatch(
            self.folder, debounce=200, step=50, rust_timeout=_LOOK_AGAIN_MS, yield_on_timeout=True, recursive=True
        )
        async with contextlib.aclosing(changes):
            async for _ in changes:
                await self._take_patiently()
                await asyncio.to_thread(self._forget_old)

    async def _take_patiently(self) -> None:
        pause = _SETTLE_S
        while pause:
            try:
                pause = _SETTLE_S if await self.take_all() else 0
            except BrokerUnavailable as error:
                log.warning("%s: %s; the files wait", self._source.id, error)
                pause = error.retry_after
            await asyncio.sleep(pause)

    async def take_all(self) -> bool:
        """Take every settled file, oldest first; whether some are not settled yet.

        Raises:
            BrokerUnavailable: the files not yet sent stay where they are.
        """
        while True:
            files, waiting = await asyncio.to_thread(self._look)
            if not files:
                return waiting
            await self._take(files)

    def _look(self) -> tuple[list[Path], bool]:
        """The next files within a batch's size, and whether others are still growing."""
        found: list[tuple[int, str, Path, int]] = []
        waiting, latest = False, time.time() - _SETTLE_S
        for path in self.folder.rglob("*"):
            if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED) or not path.is_file():
                continue
            stat = path.stat()
            if latest < stat.st_mtime <= latest + 2 * _SETTLE_S:
                waiting = True
            else:
                found.append((stat.st_mtime_ns, path.name, path, stat.st_size))
        batch: list[Path] = []
        size = 0
        for _, _, path, length in sorted(found)[:_BATCH_FILES]:
            if batch and size + length > _BATCH_BYTES:
                break
            batch.append(path)
            size += length
        return batch, waiting

    async def _take(self, files: Sequence[Path]) -> None:
        payloads, refused = await asyncio.to_thread(self._read, files)
        receipt = await self._intake.take(self._source, payloads)
        if receipt.rejects:
            first = receipt.first[0]
            log.warning("%s: %d rejected, first: %s %s", self._source.id, receipt.rejects, first.field, first.reason)
        for path, reason in refused:
            await self._intake.refuse(self._source, path.name, reason, _sample(path))
        await asyncio.to_thread(self._store_away, files)

    def _read(self, files: Sequence[Path]) -> tuple[list[Payload], list[tuple[Path, str]]]:
        payloads: list[Payload] = []
        refused: list[tuple[Path, str]] = []
        limit = self._source.max_payload_mb << 20
        for path in files:
            if not any(fnmatch(path.name.lower(), pattern.lower()) for pattern in self._source.patterns):
                refused.append((path, f"this folder takes {', '.join(self._source.patterns)}"))
            elif (size := path.stat().st_size) > limit:
                refused.append((path, f"{size / 2**20:.1f} MB, this source may send {limit >> 20} MB at once"))
            else:
                payloads.append(Payload(path.read_bytes(), path.name))
        return payloads, refused

    def _store_away(self, files: Sequence[Path]) -> None:
        if self._source.personal:
            for path in files:
                path.unlink()
            return
        folder = self._archive / datetime.now(UTC).strftime("%Y-%m-%d")
        folder.mkdir(parents=True, exist_ok=True)
        for path in files:
            target = folder / path.name
            if target.exists():
                target = folder / f"{time.time_ns()}-{path.name}"
            path.replace(target)

    def _forget_old(self) -> None:
        if not self._archive.exists():
            return
        oldest = (datetime.now(UTC) - timedelta(days=self._keep_days)).strftime("%Y-%m-%d")
        for folder in self._archive.iterdir():
            if folder.name < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def _sample(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SAMPLE)
