"""What the simulation remembers between two starts: when it first began, its seed, and how far each source has come."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec

from ioc.errors import ConfigurationError

FILE = "state.json"


class Kept(msgspec.Struct):
    """The content of the file.

    Attributes:
        seed: of the province in this data directory.
        origin: its very first start, UTC.
        cursors: by source, the moment up to which everything has been handed over.
    """

    seed: int
    origin: datetime
    cursors: dict[str, datetime]


class State:
    """The file `state.json`; every change is written whole, then renamed.

    Args:
        folder: of the simulator in the data directory.
        seed: of the settings.
        now: used as the origin by the very first start.

    Raises:
        ConfigurationError: the directory holds the province of another seed, or the file is damaged.
    """

    def __init__(self, folder: Path, seed: int, now: datetime) -> None:
        self._path = folder / FILE
        self.is_first_start = not self._path.exists()
        self._kept = Kept(seed, now, {}) if self.is_first_start else self._read()
        if self._kept.seed != seed:
            raise ConfigurationError(
                f"IOC_SIMULATOR_SEED={seed}, but {self._path} is of the province with seed {self._kept.seed}; "
                "set it back or use another IOC_DATA_DIR"
            )
        if self.is_first_start:
            folder.mkdir(parents=True, exist_ok=True)
            self._write()

    @property
    def origin(self) -> datetime:
        """The very first start, UTC."""
        return self._kept.origin

    def cursor(self, source: str) -> datetime | None:
        """How far a source has come, None before its first time."""
        return self._kept.cursors.get(source)

    def advance(self, source: str, until: datetime) -> None:
        """Remember that everything until then has been handed over."""
        self._kept.cursors[source] = until
        self._write()

    def _read(self) -> Kept:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Kept)
        except msgspec.DecodeError as error:
            raise ConfigurationError(f"{self._path} is damaged ({error}); remove it to start a new province") from None

    def _write(self) -> None:
        draft = self._path.with_suffix(".tmp")
        with draft.open("wb") as file:
            file.write(msgspec.json.encode(self._kept))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
