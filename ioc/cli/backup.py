"""`ioc backup`: copies of the database that can be listed, proven and put back, with the broker rewound to where they end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.filesize import decimal
from rich.progress import Progress
from rich.table import Column, Table

from clickhouse.backup import create, folder_of
from clickhouse.client import answering, connect
from clickhouse.manifest import Manifest, manifests
from ioc.catalog.load import load_catalog
from ioc.cli.rewind import rewind
from ioc.errors import ConfigurationError
from ioc.packs import utc_now
from ioc.settings import Settings, load_settings

backup_app = typer.Typer(help="Sao lưu và phục hồi cơ sở dữ liệu | backup and restore", no_args_is_help=True)

_AHEAD = timedelta(days=2)  # clocks of stations may be ahead
_YEAR = timedelta(days=366)
_Name = Annotated[str, typer.Argument(metavar="NAME", help="As `ioc backup list` shows it.")]


@backup_app.callback()
def _group() -> None:
    """Sao lưu và phục hồi cơ sở dữ liệu | backup and restore."""


@backup_app.command("create")
def create_backup(
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Its name; without it, database and time.")] = "",
    incremental: Annotated[
        bool, typer.Option("--incremental", help="Copy only what the last backup lacks; that one is needed to restore.")
    ] = False,
) -> None:
    """Back up the whole database while it is in use."""
    settings = load_settings()
    base = _last(settings) if incremental else ""
    name = to or f"{settings.database}_{utc_now():%Y%m%d_%H%M%S}"
    with _bar() as told:
        made = create(settings, name, base, settings.backup_to, told)
    print(f"{made.name}: {len(made.tables)} bảng, {made.rows:,} dòng, {decimal(made.size_bytes)}")


@backup_app.command("list")
def list_backups(as_json: Annotated[bool, typer.Option("--json", help="One JSON line a backup.")] = False) -> None:
    """List the finished backups, oldest first."""
    folder = folder_of(load_settings())
    found = list(manifests(folder))
    if as_json:
        for one in found:
            print(msgspec.json.encode(one).decode())
        return
    name = Column("tên", min_width=max((len(one.name) for one in found), default=0))  # it is typed again, so never cut
    table = Table(name, "lúc (UTC)", "cơ sở dữ liệu", "lược đồ", "dòng", "dung lượng", "dựa trên", title=str(folder))
    for one in found:
        numbers = str(one.schema_version), f"{one.rows:,}", decimal(one.size_bytes)
        table.add_row(one.name, f"{one.created_at:%Y-%m-%d %H:%M:%S}", one.database, *numbers, one.base)
    Console().print(table)
    if rest := _unfinished(folder, found):
        Console(stderr=True, soft_wrap=True).print(
            f"dở dang, có thể xoá | unfinished, may be deleted: {', '.join(rest)}"
        )


@backup_app.command("verify")
def verify_backup(name: _Name) -> None:
    """Restore a backup beside the database, compare every row with its manifest, and drop it again."""
    from clickhouse.restore import verify

    settings = load_settings()
    with _bar() as told:
        found = verify(settings, name, settings.backup_to, told)
    print(f"{name}: đúng, {len(found.tables)} bảng, {found.rows:,} dòng")


@backup_app.command("restore")
def restore_backup(
    name: _Name,
    force: Annotated[
        bool, typer.Option("--force", help="Also where the database holds records; they are kept.")
    ] = False,
) -> None:
    """Put a backup in the place of the database; workers must be stopped, `ioc clickhouse` must run."""
    from clickhouse.migrate import prepare
    from clickhouse.restore import mend, restore

    settings = load_settings()
    with rewind(settings) as back, _bar() as told:
        done = restore(settings, name, utc_now(), force, settings.backup_to, told)
        prepare(settings, load_catalog(settings.catalog_dir), utc_now())
        told("bảng dẫn xuất", 0.0)
        mend(connect(settings), settings.database)
        told("bảng dẫn xuất", 1.0)
        _sum_up(settings, told)
        advice = back(done.manifest)
    print(
        f"{settings.database}: đã phục hồi {done.manifest.rows:,} dòng từ {name} ({done.manifest.created_at:%Y-%m-%d %H:%M:%S} UTC)"
    )
    if done.before:
        print(f"dữ liệu trước đó còn ở | what was there before: {done.before} (DROP DATABASE {done.before} SYNC)")
    for line in advice:
        print(line)


def _sum_up(settings: Settings, told: Callable[[str, float], None]) -> None:
    """Sums by the hour were copied at another instant than the records."""
    from clickhouse.rollups import QUERIES, Rollups

    rollups = Rollups(settings)
    client = connect(settings)
    for kind, rollup in QUERIES.items():
        with answering(client.uri):
            first = client.query(f"SELECT min({rollup.time}) FROM {kind} HAVING count() > 0").result_rows
        since = (first[0][0].replace(tzinfo=UTC) if first else utc_now()) - _YEAR
        for share in rollups.rebuild(kind, since, utc_now() + _AHEAD):
            told(f"tổng hợp {kind}", share)
    rollups.close()


def _last(settings: Settings) -> str:
    ours = [one.name for one in manifests(folder_of(settings)) if one.database == settings.database]
    if not ours:
        raise ConfigurationError("there is no backup to build upon; make a whole one first, without --incremental")
    return ours[-1]


def _unfinished(folder: Path, found: list[Manifest]) -> list[str]:
    """What an interrupted backup left, where the backups lie in this folder."""
    if not folder.is_dir():
        return []
    names = {one.name for one in found}
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and entry.name not in names)


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        steps: dict[str, object] = {}

        def told(step: str, share: float) -> None:
            if step not in steps:
                steps[step] = bar.add_task(step, total=1.0)
            bar.update(steps[step], completed=share)  # type: ignore[arg-type]

        yield told
