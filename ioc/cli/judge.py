"""`ioc judge`: how the texts of a JSON lines file speak of agencies, without a running system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ioc.catalog.load import load_catalog
from ioc.settings import load_settings
from nlp.judge import Judge, Verdict

_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 1 << 20  # bytes; a longer line is refused like any other bad line
_LABELS = {"negative": "[red]tiêu cực[/]", "neutral": "trung lập", "positive": "[green]tích cực[/]"}


class TextRow(msgspec.Struct, frozen=True):
    """One line of the file; `id` is given back as it came."""

    id: str | int
    text: str
    agency: str | None = None


def judge(
    file: Annotated[
        Path,
        typer.Option(
            "--file", exists=True, dir_okay=False, help='JSON lines {"id", "text", "agency" (may be left out)}.'
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json/--table", help="JSON lines, or a table for people.")] = True,
) -> None:
    """Judge the stance of texts towards agencies: negative, neutral or positive, how surely, and which sentence shows it.

    With an agency (an id or a name) a row gives one line, and the whole text counts where the agency is not named;
    without, one for each agency of the catalogue that is named. Bad lines are named on standard error and the exit status is 1.
    """
    judging = Judge(load_catalog(load_settings().catalog_dir))
    bad = 0
    table = Table("bài", "cơ quan", "thái độ", "độ tin cậy", "câu làm bằng chứng", title="Thái độ đối với cơ quan")
    for number, row in _rows(file):
        if isinstance(row, str):
            bad += 1
            typer.echo(f"{file}:{number}: {row}", err=True)
            continue
        for verdict in judging.judge_text(row.text, row.agency or None):
            if as_json:
                print(_line(row, verdict))
            else:
                table.add_row(
                    str(row.id),
                    verdict.agency,
                    _LABELS[verdict.stance],
                    f"{verdict.confidence:.0%}",
                    escape(verdict.evidence),
                )
    if not as_json:
        Console().print(table)
    if bad:
        raise typer.Exit(1)


def _rows(file: Path) -> Iterator[tuple[int, TextRow | str]]:
    """Line number with the row, or with what is wrong with it; blank lines are skipped."""
    decoder = msgspec.json.Decoder(TextRow)
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if content := line.removeprefix(_BOM).strip():
                yield number, _row(decoder, content)


def _row(decoder: msgspec.json.Decoder[TextRow], content: bytes) -> TextRow | str:
    if len(content) > _LONGEST_LINE:
        return f"{len(content)} bytes, a line may have {_LONGEST_LINE}"
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return str(error)


def _line(row: TextRow, verdict: Verdict) -> str:
    return msgspec.json.encode({"id": row.id, **verdict._asdict()}).decode()
