"""Series from a CSV file, for forecasts without a running system and for evaluation.

Columns: ``ds`` (or period, date; 2026-11-25 or 2026-11) and ``y`` (or value) are needed; ``id`` (or indicator) tells series apart. Of a file
with a column ``split`` only its ``train`` rows are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pandas as pd

from forecasting.stored import Row
from ioc.errors import BadInput
from ioc.records import Frequency

_NAMES = {
    "id": ("id", "indicator"),
    "ds": ("ds", "period", "date"),
    "y": ("y", "value"),
    "unit": ("unit",),
    "freq": ("freq", "frequency"),
    "name": ("name_vi", "name", "disease"),
}
_GAPS: tuple[tuple[float, Frequency], ...] = ((1.5, "D"), (10, "W"), (45, "M"), (120, "Q"), (400, "Y"))
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def read_rows(file: Path, split: str = "train") -> list[Row]:
    """The rows of a file, without those that have no number.

    Args:
        file: CSV, UTF-8, possibly compressed.
        split: rows to take of a file that has a column ``split``.

    Raises:
        BadInput: not such a file, a date that is none, or periods that show no frequency.
    """
    frame = _frame(file)
    if "split" in frame:
        frame = frame[frame["split"] == split]
    rows: list[Row] = []
    for name, group in frame.groupby("id", sort=False):
        rows.extend(_rows(file, str(name), group))
    return rows


def has_split(file: Path) -> bool:
    """Whether the file says which of its rows are for testing."""
    return "split" in _frame(file)


def read_names(file: Path) -> dict[str, str]:
    """What people call the series of a file, by id."""
    frame = _frame(file)
    return dict(zip(frame["id"], frame["name"], strict=True)) if "name" in frame else {}


def _frame(file: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(file, dtype={"id": str, "indicator": str}, encoding="utf-8-sig")
    except (OSError, ValueError, pd.errors.ParserError) as error:  # UnicodeDecodeError is a ValueError
        raise BadInput(file.name, "", f"cannot be read as CSV: {error}") from None
    columns = {str(c).strip().lower(): c for c in frame.columns}
    chosen = {column: next((columns[n] for n in names if n in columns), None) for column, names in _NAMES.items()}
    frame = frame.rename(columns={old: new for new, old in chosen.items() if old is not None})
    for needed in ("ds", "y"):
        if needed not in frame:
            raise BadInput(file.name, needed, f"the file needs a column {needed}; it has {', '.join(map(str, frame))}")
    return frame if "id" in frame else frame.assign(id=file.name.partition(".")[0])


def _rows(file: Path, name: str, group: pd.DataFrame) -> Iterator[Row]:
    try:
        days = [d.date() for d in pd.to_datetime(group["ds"], format="ISO8601")]
        values = pd.to_numeric(group["y"]).astype(float)
    except (ValueError, TypeError) as error:
        raise BadInput(file.name, "ds, y", f"series {name}: {error}") from None
    frequency = _frequency(file, name, group, days)
    unit = group["unit"].iloc[-1] if "unit" in group else ""
    for day, value in zip(days, values, strict=True):
        if pd.notna(value):
            yield Row(name, "", frequency, day, float(value), str(unit) if pd.notna(unit) else "", _LONG_AGO)


def _frequency(file: Path, name: str, group: pd.DataFrame, days: list[date]) -> Frequency:
    given = str(group["freq"].iloc[0]) if "freq" in group else ""
    for known in get_args(Frequency):
        if given == known:
            return known  # type: ignore[no-any-return]
    gaps = pd.Series(sorted(set(days))).diff().dropna()
    if len(gaps):
        typical = pd.to_timedelta(gaps).dt.days.median()
        for most, frequency in _GAPS:
            if typical <= most:
                return frequency
    raise BadInput(file.name, "ds", f"series {name}: its periods show no frequency (day, week, month, quarter, year)")
