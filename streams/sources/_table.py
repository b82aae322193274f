"""CSV as departments send it: comma, semicolon or tab, any header spelling, and a broken row takes no other along."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import msgspec

from ioc.catalog.model import Source
from ioc.errors import BadInput
from streams.sources._numbers import MASK
from streams.sources._text import decoded, fold, lines
from streams.sources.base import Reject

_DELIMITERS = ";\t,"
_LONGEST_HEADER = 8192  # it goes into every reject
_SAMPLE = 65536


class Layout(msgspec.Struct, frozen=True):
    """What the header says.

    Attributes:
        columns: canonical names, '' for a column we do not know.
        delimiter: between cells.
        head: the header's line.
        personal: whether what we do not know may name people, so that no line is kept that does not fit the header.
    """

    columns: list[str]
    delimiter: str
    head: bytes
    personal: bool

    def raw(self, line: bytes, cells: list[str] | None) -> bytes:
        """Header and line as they replay alone; cells of unknown columns are masked."""
        if not self.personal and (cells is None or "" not in self.columns):
            return self.head + b"\n" + line
        names = [column or MASK for column in self.columns]
        kept = [c if n else MASK for n, c in zip(self.columns, cells or [], strict=False)] or [MASK]
        return f"{_joined(names, self.delimiter)}\n{_joined(kept, self.delimiter)}".encode()


class Row(msgspec.Struct, frozen=True):
    """One data row.

    Attributes:
        cells: stripped, one for each column of the header.
        line: its bytes.
        position: 1-based line.
        layout: of its file.
    """

    cells: list[str]
    line: bytes
    position: int
    layout: Layout

    def known(self) -> dict[str, str]:
        """The cells that are not empty by canonical column."""
        return {c: v for c, v in zip(self.layout.columns, self.cells, strict=True) if c and v}

    def reject(self, error: BadInput) -> Reject:
        """This row refused."""
        return Reject(error.field, error.reason, self.layout.raw(self.line, self.cells), self.position)


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


def rows(
    payload: bytes, source: Source, headers: dict[str, str], needed: list[set[str]], *, personal: bool = False
) -> Iterator[Row | Reject]:
    """Rows and rejects; one reject for a file whose header does not do.

    Args:
        payload: the file; a row is one line.
        source: for the limits.
        headers: canonical column name by folded spelling (`_text.fold`).
        needed: of each of these, one column must be there.
        personal: see `Layout`.
    """
    layout, empty = None, True
    for item in lines(payload, source, factor=1):
        empty = False
        if isinstance(item, Reject):
            raw = layout.raw(item.raw, None) if layout else b"" if personal else item.raw
            yield Reject(item.field, item.reason, raw, item.position)
        elif layout is None:
            try:
                layout = _layout(item[1], source, headers, needed, personal)
            except BadInput as error:
                yield Reject(error.field, error.reason, b"" if personal else payload[:_SAMPLE])
                return
        else:
            yield _row(*item, source, layout)
    if empty:
        yield Reject("", "the file is empty", b"")


def _layout(line: bytes, source: Source, headers: dict[str, str], needed: list[set[str]], personal: bool) -> Layout:
    if len(line) > _LONGEST_HEADER:
        raise BadInput(source.id, "header", f"is longer than {_LONGEST_HEADER} bytes")
    text = decoded(line, source)
    delimiter = max(_DELIMITERS, key=text.count)
    try:
        columns = [headers.get(fold(cell), "") for cell in split(text, delimiter)]
    except ValueError as error:
        raise BadInput(source.id, "header", str(error)) from None
    for name in filter(None, columns):
        if columns.count(name) > 1:
            raise BadInput(source.id, "header", f"two columns for {name}")
    for names in needed:
        if not names & set(columns):
            raise BadInput(source.id, "header", f"needs a column {' or '.join(sorted(names))}")
    return Layout(columns, delimiter, line, personal)


def _row(position: int, line: bytes, source: Source, layout: Layout) -> Row | Reject:
    columns = layout.columns
    try:
        cells = split(decoded(line, source), layout.delimiter)
    except (BadInput, ValueError) as error:
        reason = error.reason if isinstance(error, BadInput) else str(error)
        return Reject("", reason, layout.raw(line, None), position)
    shortest = len(columns) - (0 if layout.personal else columns.count(""))  # a shifted row must not be half read
    if (len(cells) > len(columns) and any(cells[len(columns) :])) or len(cells) < shortest:
        return Reject("", f"{len(cells)} columns, the header has {len(columns)}", layout.raw(line, None), position)
    return Row(cells[: len(columns)] + [""] * (len(columns) - len(cells)), line, position, layout)


def _joined(cells: list[str], delimiter: str) -> str:
    return delimiter.join(f'"{c.replace(chr(34), chr(34) * 2)}"' if delimiter in c or '"' in c else c for c in cells)
