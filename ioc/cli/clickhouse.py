"""`ioc clickhouse` and `ioc migrate`: the embedded ClickHouse in the foreground, and the schema of any ClickHouse."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ioc import notify
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.settings import load_settings


def clickhouse() -> None:
    """Run the embedded ClickHouse in the foreground (Ctrl-C stops it)."""
    from clickhouse.embedded.server import serve

    notify.die_with_supervisor()
    serve(load_settings(), _listening)


def _listening(address: str) -> None:
    Console(highlight=False).print(f"ClickHouse: {address}")
    notify.ready()


def migrate(
    list_only: Annotated[bool, typer.Option("--list", help="Show every migration and when it was applied.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would run, and change nothing.")] = False,
) -> None:
    """Bring the database to this version's schema and load the catalogue's names."""
    from clickhouse.migrate import pending, prepare, status

    settings = load_settings()
    if list_only:
        table = Table("tệp", "đã áp dụng lúc (UTC)", title=settings.database)
        for one in status(settings):
            table.add_row(one.migration.name, f"{one.applied_at:%Y-%m-%d %H:%M:%S}" if one.applied_at else "chưa")
        Console().print(table)
    elif dry_run:
        for migration in pending(settings):
            print(f"-- {migration.name}")
            print("".join(f"{statement};\n\n" for statement in migration.sent(settings)), end="")
    else:
        done = prepare(settings, load_catalog(settings.catalog_dir), utc_now())
        names = ", ".join(migration.name for migration in done)
        print(f"{settings.database}: {names or 'lược đồ đã mới nhất'}")
