"""`ioc import`: send files through a source's adapter into the running system."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from ioc.catalog.load import load_catalog
from ioc.cli.run import opened_packer
from ioc.cli.source import source_named
from ioc.errors import BadInput
from ioc.settings import Settings, load_settings
from streams.intake import Intake, Payload, Receipt
from streams.sources.base import size_fault
from streams.tokens import pseudonym_key

_EXIT_REJECTS = 3


def import_files(
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the source.")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="What the source would send.")],
    hint: Annotated[list[str] | None, typer.Option(help="Said beside every file, for example station=QL1A.")] = None,
) -> None:
    """Send files through a source's adapter; exit 3 if some parts were rejected (see `ioc deadletters list`)."""
    settings = load_settings()
    hints = dict(part.partition("=")[::2] for part in hint or [])
    receipts = asyncio.run(_send(settings, source_id, files, hints))
    for file, receipt in zip(files, receipts, strict=True):
        first = f"; đầu tiên: {receipt.first[0].field} {receipt.first[0].reason}" if receipt.first else ""
        print(f"{file}: {receipt.records} bản ghi, {receipt.rejects} bị từ chối{first}")
    if any(receipt.rejects for receipt in receipts):
        raise typer.Exit(_EXIT_REJECTS)


async def _send(settings: Settings, source_id: str, files: list[Path], hints: dict[str, str]) -> list[Receipt]:
    catalog = load_catalog(settings.catalog_dir)
    source = source_named(catalog, source_id)
    for file in files:
        if fault := size_fault(file.stat().st_size, source):
            raise BadInput(source.id, str(file), fault)
    receipts = []
    async with opened_packer(settings) as packer:
        intake = Intake(catalog, packer, pseudonym_key(settings))
        for file in track(files, description="Đang gửi", console=Console(stderr=True), transient=True):
            payload = Payload(await asyncio.to_thread(file.read_bytes), file.name, hints)
            receipts.append(await intake.take(source, [payload]))
        await intake.report_contacts()
    return receipts
