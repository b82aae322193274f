"""`ioc forecast`: forecasts of indicators, from the store onto the broker, or of any CSV without a running system."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.cli.drawn import drawn
from ioc.errors import ConfigurationError
from ioc.packs import utc_now
from ioc.settings import Settings, load_settings

if TYPE_CHECKING:
    from forecasting.job import Outcome, Stored, Task

_SOURCE = "forecast"
_SHOWN_WHOLE = 3  # more series than this are shown one line each
_FAILED = 3


def forecast(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--file", exists=True, dir_okay=False, help="Forecast this CSV; nothing is stored.")
    ] = None,
    indicator: Annotated[str | None, typer.Option("--indicator", help="Only this indicator.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Also series that have not changed.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes at most; by default one a core.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a series, then the counts.")] = False,
) -> None:
    """Forecast indicators whose values changed and publish the result; exit 3 if a series could not be forecast."""
    from forecasting.workers import cores

    if context.invoked_subcommand is not None:
        return
    settings = load_settings()
    catalog = load_catalog(settings.catalog_dir)
    if file is not None:
        outcomes, names = _of_file(file, catalog, indicator, workers or cores())
    else:
        work = _of_store(settings, catalog, indicator, workers or cores(), everything=all_)
        outcomes, names = asyncio.run(work), {i.id: i.name for i in catalog.indicators.values()}
    outcomes.sort(key=lambda outcome: outcome.key)  # they come as they are done
    if as_json:
        _print_lines(outcomes)
    else:
        _print_tables(outcomes, names, catalog)
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(_FAILED)


def _of_file(file: Path, catalog: Catalog, indicator: str | None, workers: int) -> tuple[list[Outcome], dict[str, str]]:
    from forecasting import files, job

    now = utc_now()
    rows = files.read_rows(file)
    found = job.tasks(rows, {}, catalog, None, indicator)
    _demand(found, indicator, file.name)
    return list(_with_progress(found, job.outcomes(found, now, workers))), files.read_names(file)


async def _of_store(
    settings: Settings, catalog: Catalog, indicator: str | None, workers: int, *, everything: bool
) -> list[Outcome]:
    """Read, forecast and publish, each series when it is done."""
    from forecasting import job
    from forecasting.kept import Shelf
    from streams.packer import Packer
    from streams.publish import open_publisher

    now = utc_now()
    stored = await asyncio.to_thread(_read, settings, now, indicator)
    memory = None if everything or indicator else job.Memory()
    found = job.tasks(
        stored.values,
        stored.targets,
        catalog,
        now,
        indicator,
        memory=memory,
        issued=stored.issued,
        before=stored.before,
        doubts=stored.doubts,
    )
    if indicator:
        _demand(found, indicator, "the store")
    outcomes = []
    async with open_publisher(settings) as publisher:
        packer = Packer(publisher, pack_records=settings.pack_records, linger_s=settings.pack_linger_ms / 1000)
        with progress() as bar:
            step = bar.add_task("Đang dự báo", total=len(found))
            made = job.outcomes(found, now, workers, shelf=Shelf(settings.forecast_models))
            async with aclosing(drawn(made)) as coming:
                async for outcome in coming:
                    await packer.put(_SOURCE, outcome.records)
                    outcomes.append(outcome)
                    bar.advance(step)
    return outcomes


def _read(settings: Settings, now: datetime, indicator: str | None) -> Stored:
    from clickhouse.client import connect
    from clickhouse.queries import query
    from forecasting import job

    client = connect(settings)
    try:
        return job.read(partial(query, client), now, indicator or "")
    finally:
        client.close()


def _demand(found: list[Task], indicator: str | None, where: str) -> None:
    if not found:
        wanted = f"of indicator {indicator!r} " if indicator else ""
        raise ConfigurationError(f"no values {wanted}in {where}")


def progress() -> Progress:
    """A bar on stderr, gone when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _with_progress(found: list[Task], outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    with progress() as bar:
        step = bar.add_task("Đang dự báo", total=len(found))
        for outcome in outcomes:
            yield outcome
            bar.advance(step)


def _print_lines(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        line: dict[str, Any] = {
            "indicator": outcome.key[0],
            "area": outcome.key[1],
            "error": outcome.error,
            "seconds": round(outcome.seconds, 3),
            "forecasts": outcome.forecasts,
            "outlook": outcome.outlook,
        }
        print(msgspec.json.encode(line).decode())
    failed = sum(bool(outcome.error) for outcome in outcomes)
    print(msgspec.json.encode({"series": len(outcomes), "failed": failed}).decode())


def _print_tables(outcomes: list[Outcome], names: dict[str, str], catalog: Catalog) -> None:
    console = Console()
    if not outcomes:
        console.print("Không có chuỗi nào thay đổi từ lần dự báo trước.")
    elif len(outcomes) <= _SHOWN_WHOLE:
        for outcome in outcomes:
            _print_series(console, outcome, _title(outcome, names, catalog))
    else:
        _print_summary(console, outcomes, names, catalog)


def _title(outcome: Outcome, names: dict[str, str], catalog: Catalog) -> str:
    area = next((a.name for a in catalog.areas if a.code == outcome.key[1]), outcome.key[1])
    return " · ".join(part for part in (names.get(outcome.key[0], outcome.key[0]), area) if part)


def _print_series(console: Console, outcome: Outcome, title: str) -> None:
    if outcome.error:
        console.print(f"[bold]{escape(title)}[/]: {escape(outcome.error)}")
    if not outcome.forecasts:
        return
    unit = outcome.forecasts[0].unit
    table = Table(title=f"{title} ({unit})" if unit else title)
    table.add_column("Kỳ")
    for name in ("Dự báo", "Thấp 80 %", "Cao 80 %", "Thấp 95 %", "Cao 95 %"):
        table.add_column(name, justify="right")
    largest = max(f.value for f in outcome.forecasts)
    for f in outcome.forecasts:
        numbers = (f.value, f.low80, f.high80, f.low95, f.high95)
        table.add_row(_period(f.period, f.frequency), *(_number(n, largest) for n in numbers))
    console.print(table)
    if outcome.outlook:
        console.print(escape(outcome.outlook.explanation), soft_wrap=True)


def _print_summary(console: Console, outcomes: list[Outcome], names: dict[str, str], catalog: Catalog) -> None:
    table = Table(title="Dự báo")
    for name in ("Chuỗi", "Kỳ tới"):
        table.add_column(name)
    for name in ("Dự báo", "Khoảng 80 %", "Dự kiến năm", "Đạt kế hoạch"):
        table.add_column(name, justify="right")
    for outcome in outcomes:
        title = escape(_title(outcome, names, catalog))
        table.add_row(title, *(_summary(outcome) if not outcome.error else [escape(outcome.error)]))
    console.print(table)


def _summary(outcome: Outcome) -> list[str]:
    first, year = outcome.forecasts[0], outcome.outlook
    band = f"{_number(first.low80, first.value)} – {_number(first.high80, first.value)}"
    cells = [_period(first.period, first.frequency), _number(first.value, first.value), band]
    if year is None:
        return cells
    odds = "" if year.probability is None else f"{100 * year.probability:.0f} %"
    return [*cells, _number(year.expected, year.expected), odds]


def _period(day: date, frequency: str) -> str:
    match frequency:
        case "M":
            return f"{day:%m/%Y}"
        case "Q":
            return f"Q{(day.month + 2) // 3}/{day.year}"
        case "Y":
            return str(day.year)
        case _:
            return f"{day:%d/%m/%Y}"


def _number(value: float, like: float) -> str:
    from forecasting.wording import number

    return number(value, 0 if abs(like) >= 1000 else 1 if abs(like) >= 10 else 2)
