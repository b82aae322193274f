"""`ioc source`: the sources of the catalogue, and a file tried against one of them without a running system."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Source
from ioc.errors import ConfigurationError
from ioc.packs import utc_now
from ioc.records import Record
from ioc.settings import load_settings
from streams.sources.base import Arrival, Reject, adapter, size_fault
from streams.tokens import token_of

source_app = typer.Typer(help="Nguồn dữ liệu | data sources", no_args_is_help=True)

_SHOWN = 10
_HIDDEN = {"event_id", "received_at", "source"}


@source_app.command("list")
def list_sources(as_json: Annotated[bool, typer.Option("--json", help="One JSON line a source.")] = False) -> None:
    """List the sources of the catalogue."""
    catalog = load_catalog(load_settings().catalog_dir)
    rows = [_described(source) for source in catalog.sources.values()]
    if as_json:
        for row in rows:
            print(msgspec.json.encode(row).decode())
        return
    table = Table(*rows[0], title="Nguồn dữ liệu")
    for row in rows:
        table.add_row(*row.values())
    Console().print(table)


@source_app.command("token")
def print_token(source_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the source.")]) -> None:
    """Print the bearer token that a source must send to call us; it is made at first use."""
    settings = load_settings()
    source = source_named(load_catalog(settings.catalog_dir), source_id)
    if source.transport != "http":
        raise ConfigurationError(f"{source.id} does not call us: its transport is {source.transport!r}, not 'http'")
    print(token_of(settings, source.id))


@source_app.command("try")
def try_source(
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the source.")],
    file: Annotated[Path, typer.Option("--file", exists=True, dir_okay=False, help="What the source would send.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON lines.")] = False,
    hint: Annotated[
        list[str] | None, typer.Option(help="What the sender says beside it, for example station=A1.")
    ] = None,
) -> None:
    """Parse a file as a source would send it; nothing is stored."""
    catalog = load_catalog(load_settings().catalog_dir)
    source = source_named(catalog, source_id)
    hints = dict(part.partition("=")[::2] for part in hint or [])
    arrival = Arrival(utc_now(), file.name, catalog, hints)
    if fault := size_fault(file.stat().st_size, source):
        parts: Iterable[Record | Reject] = [Reject("", fault, b"")]
    else:
        parts = adapter(source.adapter)(file.read_bytes(), source, arrival)
    if as_json:
        _print_lines(parts)
    else:
        _print_tables(list(parts))


def _described(source: Source) -> dict[str, str]:
    return {
        "id": source.id,
        "plan_row": source.plan_row,
        "agency": source.agency,
        "adapter": source.adapter,
        "transport": source.transport,
        "state": "enabled" if source.enabled else "disabled",
    }


def source_named(catalog: Catalog, source_id: str) -> Source:
    """A source of the catalogue.

    Raises:
        ConfigurationError: there is none of that id; the message names those there are.
    """
    if source_id not in catalog.sources:
        raise ConfigurationError(f"no source {source_id!r} in the catalogue; there are {', '.join(catalog.sources)}")
    return catalog.sources[source_id]


def _print_lines(parts: Iterable[Record | Reject]) -> None:
    counts = {"records": 0, "rejects": 0}
    for part in parts:
        if isinstance(part, Reject):
            counts["rejects"] += 1
            line: dict[str, Any] = {"reject": _rejected(part)}
        else:
            counts["records"] += 1
            line = {"record": {"kind": part.kind, **msgspec.to_builtins(part)}}
        print(msgspec.json.encode(line).decode())
    print(msgspec.json.encode(counts).decode())


def _rejected(reject: Reject) -> dict[str, Any]:
    raw = reject.raw.decode("utf-8", "backslashreplace")
    return {"field": reject.field, "reason": reject.reason, "position": reject.position, "raw": raw}


def _print_tables(parts: list[Record | Reject]) -> None:
    console = Console()
    records = [p for p in parts if not isinstance(p, Reject)]
    rejects = [p for p in parts if isinstance(p, Reject)]
    for kind in dict.fromkeys(r.kind for r in records):
        console.print(_record_table(kind, [r for r in records if r.kind == kind][:_SHOWN]))
    if rejects:
        table = Table("vị trí", "trường", "lý do", "dữ liệu gốc", title=f"Bị từ chối: {len(rejects)}")
        for reject in rejects[:_SHOWN]:
            shown = _rejected(reject)
            table.add_row(*(plain(shown[name]) for name in ("position", "field", "reason", "raw")))
        console.print(table)
    console.print(f"{len(records)} bản ghi, {len(rejects)} bị từ chối")


def _record_table(kind: str, records: list[Record]) -> Table:
    rows = [msgspec.to_builtins(record) for record in records]
    columns = [c for c in rows[0] if c not in _HIDDEN and any(row[c] not in {"", None} for row in rows)]
    table = Table(*columns, title=kind)
    for row in rows:
        table.add_row(*(plain(row[c]) for c in columns))
    return table


def plain(value: object) -> str:
    """A value for a table of the terminal, cut to a readable length."""
    text = "" if value is None else str(value)
    return (text if len(text) <= 120 else text[:120] + "…").replace("[", r"\[")
