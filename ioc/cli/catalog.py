"""`ioc catalog`: is the catalogue right, and if not, where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ioc.catalog.load import SHIPPED, check_catalog
from ioc.catalog.model import Catalog
from ioc.catalog.places import line_of
from ioc.errors import CatalogError
from ioc.settings import load_settings
from streams.sources.base import adapter_names

catalog_app = typer.Typer(help="Danh mục của tỉnh | the province's catalogue", no_args_is_help=True)


@catalog_app.callback()
def _group() -> None:
    """Danh mục của tỉnh | the province's catalogue."""


@catalog_app.command("check")
def check(
    directory: Annotated[
        Path | None, typer.Option("--dir", exists=True, file_okay=False, help="Another catalogue than the configured.")
    ] = None,
) -> None:
    """Check every file of the catalogue; list all errors (file:line: key: reason) and exit 1, or count what is there."""
    root = directory or load_settings().catalog_dir or SHIPPED
    catalog, errors = check_catalog(root)
    if catalog:
        errors = [*errors, *_unknown_adapters(root, catalog)]
    for error in errors:
        print(error)
    if errors or catalog is None:
        print(f"{len(errors)} lỗi trong {root}")
        raise typer.Exit(1)
    print(_counts(catalog))


def _unknown_adapters(root: Path, catalog: Catalog) -> list[CatalogError]:
    known = adapter_names()
    return [
        CatalogError(
            str(root / "sources" / f"{source.id}.toml"),
            "adapter",
            f"no adapter {source.adapter!r} in streams/sources; there are {', '.join(known)}",
            line_of((root / "sources" / f"{source.id}.toml").read_text(encoding="utf-8"), "adapter"),
        )
        for source in catalog.sources.values()
        if source.adapter not in known
    ]


def _counts(catalog: Catalog) -> str:
    stations = sum(len(source.stations) for source in catalog.sources.values())
    return (
        f"Danh mục đúng: {len(catalog.agencies)} cơ quan, {len(catalog.areas)} đơn vị hành chính,"
        f" {len(catalog.indicators)} chỉ tiêu, {len(catalog.sources)} nguồn, {len(catalog.metrics)} thông số,"
        f" {stations} trạm"
    )
