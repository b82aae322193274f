"""`ioc rollup rebuild`: sums recomputed after records came or went past the workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from ioc.settings import load_settings

rollup_app = typer.Typer(help="Số liệu tổng hợp theo giờ, ngày | sums by the hour and day", no_args_is_help=True)

_DAY = ["%Y-%m-%d"]
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)  # clocks of stations may be ahead


@rollup_app.callback()
def _group() -> None:
    """Số liệu tổng hợp theo giờ, ngày | sums by the hour and day."""


@rollup_app.command("rebuild")
def rebuild(
    kind: Annotated[str, typer.Option(help="Only this kind of record: readings, cyber_events or stances.")] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="From this day (UTC) on; without it, from the beginning.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Before this day (UTC); without it, all since.")
    ] = None,
) -> None:
    """Recompute sums from what is stored, after records were restored, inserted or deleted by hand."""
    from clickhouse.rollups import QUERIES, Rollups

    start = since.replace(tzinfo=UTC) if since else _BEGINNING
    end = until.replace(tzinfo=UTC) if until else datetime.now(UTC) + _AHEAD
    if start >= end:
        raise typer.BadParameter(f"--since {start:%Y-%m-%d} is not before --until {end:%Y-%m-%d}")
    rollups = Rollups(load_settings())
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for one in [kind] if kind else QUERIES:
            step = bar.add_task(one, total=1.0)
            for share in rollups.rebuild(one, start, end):
                bar.update(step, completed=share)
    print(f"đã tính lại {kind or ', '.join(QUERIES)}: {start:%Y-%m-%d} – {end:%Y-%m-%d}")
