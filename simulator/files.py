"""Dropping files into the inbox as a department's transfer does: under a hidden name, renamed when whole, and in order."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

BATCH = 250
_FULL = 1500  # unread files at which we wait for the centre
_LOOK_EVERY_S = 0.2


@dataclass(frozen=True)
class File:
    """One file that arrives at some moment.

    Attributes:
        at: arrival, UTC; becomes the file's modification time.
        source: folder in the inbox.
        name: file name.
        content: bytes.
    """

    at: datetime
    source: str
    name: str
    content: bytes


class Inbox:
    """The folders of the centre's inbox, seen from outside.

    Args:
        folder: the inbox; one folder a source in it.
        full: unread files of a source at which we wait until the centre has taken some.
    """

    def __init__(self, folder: Path, full: int = _FULL) -> None:
        self._folder, self._full = folder, full

    async def put(self, files: Sequence[File], written: Callable[[int], None] = lambda count: None) -> None:
        """Write files in their order; returns when all are in place.

        Args:
            files: ordered by arrival.
            written: told after each batch how many of these files are in place.
        """
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            for source in dict.fromkeys(file.source for file in batch):
                await self._wait_for_room(self._folder / source)
            await asyncio.to_thread(self._write, batch)
            written(start + len(batch))

    async def _wait_for_room(self, folder: Path) -> None:
        waiting = False
        while (count := await asyncio.to_thread(unread, folder)) >= self._full:
            if not waiting:
                log.info("%s holds %d unread files; waiting for the centre", folder, count)
            waiting = True
            await asyncio.sleep(_LOOK_EVERY_S)

    def _write(self, files: Sequence[File]) -> None:
        for file in files:
            folder = self._folder / file.source
            draft = folder / f".{file.name}.part"
            try:
                draft.write_bytes(file.content)
            except FileNotFoundError:
                folder.mkdir(parents=True, exist_ok=True)
                draft.write_bytes(file.content)
            stamp = file.at.timestamp()
            os.utime(draft, (stamp, stamp))
            draft.replace(folder / file.name)


def unread(folder: Path) -> int:
    """Files that wait to be taken; 0 where there is no folder yet."""
    try:
        with os.scandir(folder) as entries:
            return sum(not entry.name.startswith(".") for entry in entries)
    except FileNotFoundError:
        return 0
