"""What a backup holds, as a JSON file beside it: without one a backup is unfinished and not listed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from ioc.errors import ConfigurationError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")


class Content(msgspec.Struct, frozen=True):
    """What a table holds.

    Attributes:
        rows: as stored: a repeated record counts until ClickHouse has merged it.
        checksum: the sum over all rows of a hash of the row, modulo 2⁶⁴; the order of rows does not matter.
    """

    rows: int
    checksum: int


class Held(msgspec.Struct, frozen=True):
    """The broker's messages whose rows a backup holds: offsets of a partition, from the lowest to the highest."""

    topic: str
    partition: int
    lowest: int
    highest: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One backup.

    Attributes:
        name: what the commands call it.
        database: that was backed up.
        created_at: aware UTC, when ClickHouse began; everything acknowledged before is in it.
        schema_version: the newest migration it has.
        engine: version of ClickHouse that wrote it.
        size_bytes: on its disk, without what an incremental one has from its base.
        base: name of the backup that an incremental one builds upon, else empty.
        tables: by name.
        offsets: by topic and partition.
    """

    name: str
    database: str
    created_at: datetime
    schema_version: int
    engine: str
    size_bytes: int
    base: str
    tables: dict[str, Content]
    offsets: list[Held]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(content.rows for content in self.tables.values())


def checked_name(name: str) -> str:
    """The name of a backup, which is also that of a folder and a file.

    Raises:
        ConfigurationError: it is no such name.
    """
    if not _NAME.match(name):
        raise ConfigurationError(f"backup {name!r}: a name is 1 to 64 letters, digits, - and _, for example ngay_24")
    return name


def manifests(folder: Path) -> Iterator[Manifest]:
    """All finished backups, oldest first.

    Raises:
        ConfigurationError: one of the files is no manifest.
    """
    found = [_read(file) for file in folder.glob("*.json")]
    yield from sorted(found, key=lambda manifest: manifest.created_at)


def manifest_named(folder: Path, name: str) -> Manifest:
    """One finished backup.

    Raises:
        ConfigurationError: there is none of that name.
    """
    file = folder / f"{checked_name(name)}.json"
    if not file.exists():
        raise ConfigurationError(
            f"there is no finished backup {name!r}: {file} is missing; see `ioc backup list`,"
            " or bring the file from the machine that made the backup"
        )
    return _read(file)


def save(folder: Path, manifest: Manifest) -> Path:
    """Write it, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{manifest.name}.json"
    fresh = file.with_suffix(".tmp")
    with fresh.open("wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    return file


def _read(file: Path) -> Manifest:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise ConfigurationError(f"{file}: is no manifest of a backup: {error}; delete it or bring it back") from None
