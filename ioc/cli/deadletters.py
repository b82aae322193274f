"""`ioc deadletters`: look at what was rejected and why, and send it through its adapter again once that is mended."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from clickhouse.client import connect
from clickhouse.queries import query
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.cli.run import opened_packer
from ioc.cli.source import plain, source_named
from ioc.errors import BadPack, ConfigurationError
from ioc.packs import utc_now
from ioc.records import DeadLetter, Record
from ioc.settings import Settings, load_settings
from streams.agents.rows import records_from_json
from streams.intake import Intake, Payload
from streams.packer import Packer
from streams.sources.base import arrived_at
from streams.tokens import pseudonym_key
from streams.topics import PREFIX

deadletters_app = typer.Typer(help="Dữ liệu bị từ chối | rejected input", no_args_is_help=True)

_AT_ONCE = 1000
_SHOWN_BYTES = 4096
_SHORT = 12
_EXIT_STILL_REJECTED = 3


@deadletters_app.command("list")
def list_letters(
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a dead letter.")] = False,
) -> None:
    """List what waits, newest first."""
    rows = query(connect(load_settings()), "dead_letters", {"source": source, "limit": limit}).to_pylist()
    if as_json:
        for row in rows:
            print(msgspec.json.encode(row).decode())
        return
    table = Table(
        "mã", "lúc", "nguồn", "trường", "lý do", "tệp", "dòng", "byte", title=f"Dữ liệu bị từ chối: {len(rows)}"
    )
    for row in rows:
        moment = row["rejected_at"].strftime("%Y-%m-%d %H:%M:%S")
        cells = (
            row["event_id"][:_SHORT],
            moment,
            *(row[n] for n in ("source", "field", "reason", "origin", "position", "size")),
        )
        table.add_row(*map(plain, cells))
    Console().print(table)


@deadletters_app.command("show")
def show_letter(letter_id: Annotated[str, typer.Argument(metavar="ID", help="Identity, or how it begins.")]) -> None:
    """Show one with its raw bytes."""
    letter = _one(load_settings(), letter_id)
    for name in ("event_id", "source", "field", "reason", "origin", "position", "rejected_at", "replayed_at"):
        print(f"{name}: {getattr(letter, name)}")
    rest = len(letter.raw) - _SHOWN_BYTES
    print(letter.raw[:_SHOWN_BYTES].decode("utf-8", "backslashreplace") + (f"\n… {rest} byte nữa" if rest > 0 else ""))


@deadletters_app.command("replay")
def replay_letters(
    letter_id: Annotated[str, typer.Argument(metavar="[ID]", help="Identity, or how it begins.")] = "",
    source: Annotated[str, typer.Option(help="Instead: all that wait of this source.")] = "",
) -> None:
    """Send raw bytes through their adapter again; exit 3 if some are rejected again."""
    if bool(letter_id) == bool(source):
        raise typer.BadParameter("name one dead letter or --source")
    settings = load_settings()
    letters = [_one(settings, letter_id)] if letter_id else _read(settings, "", source)
    went, again = asyncio.run(_replay(settings, letters))
    print(f"{went} phần đã vào hệ thống, {again} vẫn bị từ chối")
    if again:
        raise typer.Exit(_EXIT_STILL_REJECTED)


def _one(settings: Settings, prefix: str) -> DeadLetter:
    found = _read(settings, prefix, "")
    if len(found) != 1:
        raise ConfigurationError(f"{len(found) or 'no'} dead letters begin with {prefix!r}; see `ioc deadletters list`")
    return found[0]


def _read(settings: Settings, prefix: str, source: str) -> list[DeadLetter]:
    params = {"prefix": prefix, "source": source, "limit": _AT_ONCE}
    rows = query(connect(settings), "dead_letters_raw", params).to_pylist()
    return [_letter(row) for row in rows]


def _letter(row: dict[str, Any]) -> DeadLetter:
    return DeadLetter(**{**row, "raw": b64decode(row["raw"])})


async def _replay(settings: Settings, letters: list[DeadLetter]) -> tuple[int, int]:
    """How many went through and how many did not; those that did are marked as replayed."""
    catalog = load_catalog(settings.catalog_dir)
    went = 0
    async with opened_packer(settings) as packer:
        intake = Intake(catalog, packer, pseudonym_key(settings))
        for letter in letters:
            if await _again(letter, catalog, intake, packer):
                went += 1
                now = utc_now()
                await packer.put(letter.source, [msgspec.structs.replace(letter, received_at=now, replayed_at=now)])
        await intake.report_contacts()
    return went, len(letters) - went


async def _again(letter: DeadLetter, catalog: Catalog, intake: Intake, packer: Packer) -> bool:
    """Send its raw bytes the way they came; whether all of it went through."""
    if letter.origin.startswith(PREFIX):
        records = _rows(letter)
        await packer.put(letter.source, records)
        return bool(records)
    payload = Payload(letter.raw, *arrived_at(letter.origin))
    receipt = await intake.take(source_named(catalog, letter.source), [payload])
    return receipt.rejects == 0 and receipt.records > 0


def _rows(letter: DeadLetter) -> list[Record]:
    """What a foreign producer sent as JSON onto a topic; nothing while a row is wrong, or of a pack, which it must send anew."""
    kind = letter.origin.removeprefix(PREFIX).partition("/")[0]
    try:
        found = list(records_from_json(letter.raw, kind, letter.source, utc_now()))
    except BadPack:
        return []
    records = [row for row in found if isinstance(row, Record)]
    return records if len(records) == len(found) else []
