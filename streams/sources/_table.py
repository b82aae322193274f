"""CSV as departments send it: comma, semicolon or tab, any header spelling, and a broken row takes no other along."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import msgspec

from ioc.catalog.model import Source
from ioc.errors import BadInput
from streams.sources._text import decoded, fold, lines
from streams.sources.base import Reject


class Row(msgspec.Struct, frozen=True):
    """One data row.

    Attributes:
        cells: stripped, one for each column of the header.
        head: the header's line with its line ending.
        line: the row's line.
        position: 1-based line.
    """

    cells: list[str]
    head: bytes
    line: bytes
    position: int

    @property
    def raw(self) -> bytes:
        """What replays alone."""
        return self.head + self.line


def split(line: str, delimiter: str) -> list[str]:
    """The cells of one line, stripped.

    Raises:
        ValueError: quotes that do not close.
    """
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True))]
    except (csv.Error, StopIteration):
        raise ValueError("quotes that do not close") from None


def rows(payload: bytes, source: Source, headers: dict[str, str]) -> Iterator[list[str] | Row | Reject]:
    """First the canonical column names ('' for a column we do not know), then rows and rejects.

    Args:
        payload: the file; a row is one line.
        source: for the limits.
        headers: canonical column name by folded spelling (`_text.fold`).
    """
    columns: list[str] = []
    head, delimiter = b"", ","
    for item in lines(payload, source):
        if isinstance(item, Reject):
            yield Reject(item.field, item.reason, head + item.raw, item.position)
            continue
        position, line = item
        try:
            text = decoded(line, source)
            if not columns:
                delimiter = max(";\t,", key=text.count)
                columns = [headers.get(fold(cell), "") for cell in split(text, delimiter)]
                head = line + b"\n"
                yield columns
                continue
            cells = split(text, delimiter)
        except (BadInput, ValueError) as error:
            yield Reject("", error.reason if isinstance(error, BadInput) else str(error), head + line, position)
            if not columns:
                return
            continue
        if (len(cells) > len(columns) and any(cells[len(columns) :])) or len(cells) < len(columns) - columns.count(""):
            yield Reject("", f"{len(cells)} columns, the header has {len(columns)}", head + line, position)
        else:
            yield Row(cells + [""] * (len(columns) - len(cells)), head, line, position)
