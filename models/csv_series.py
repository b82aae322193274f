"""Any CSV as one series: finds the columns of times and values by name or by what is in them."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from ioc.errors import BadInput, ConfigurationError

TIMES = ("timestamp", "time", "datetime", "date", "ds", "observed_at", "thoi_gian", "thoi_diem", "ngay", "ngay_gio")
VALUES = ("value", "y", "gia_tri", "so_luong", "count", "so_do", "ket_qua")
MOSTLY = 0.9  # of a column's cells must parse


def read_series(file: Path, zone: str) -> tuple[str, pd.Series[float]]:
    """The name of the value column, and its values by time: UTC, ascending, the first of equal times, no gaps.

    Raises:
        BadInput: no column of times or no column of values.
        ConfigurationError: there is no such zone.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigurationError(f"{zone!r} is not a time zone") from None
    try:
        table = pd.read_csv(file, sep=None, engine="python", dtype=str, encoding="utf-8-sig", skipinitialspace=True)
    except (ValueError, OSError, csv.Error) as error:
        raise BadInput(str(file), "", f"is not a CSV file: {error}") from None
    by_name = {folded(str(name)): str(name) for name in table.columns}
    table.columns = [str(name) for name in table.columns]
    read_times = ((name, _as_times(table[name], zone)) for name in _candidates(by_name, TIMES))
    time_name, moments = next(((n, m) for n, m in read_times if m is not None), ("", None))
    if moments is None:
        raise BadInput(str(file), "timestamp", f"no column of times among {', '.join(by_name.values())}")
    others = {key: name for key, name in by_name.items() if name != time_name}
    read_numbers = ((name, _as_numbers(table[name])) for name in _candidates(others, VALUES))
    name, numbers = next(((n, v) for n, v in read_numbers if v is not None), ("", None))
    if numbers is None:
        raise BadInput(str(file), "value", f"no column of numbers beside {time_name}")
    series = pd.Series(numbers.to_numpy(), index=pd.DatetimeIndex(moments)).dropna()
    series = series[series.index.notna()]
    return name, series[~series.index.duplicated()].sort_index()


def _candidates(columns: dict[str, str], known: tuple[str, ...]) -> list[str]:
    """Columns with a telling name first, then the others in their order."""
    telling = [columns[name] for name in known if name in columns]
    return telling + [name for name in columns.values() if name not in telling]


def folded(name: str) -> str:
    """A header without case, diacritics and spaces."""
    plain = unicodedata.normalize("NFD", name.strip().lower().replace("đ", "d"))
    return "_".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _as_times(column: pd.Series[str], zone: str) -> pd.Series[pd.Timestamp] | None:
    seconds = pd.to_numeric(column, errors="coerce")
    if seconds.notna().mean() >= MOSTLY:
        if seconds.median() < 1e8:
            return None  # numbers, but no Unix time
        return pd.to_datetime(seconds, unit="ms" if seconds.median() > 1e11 else "s", utc=True, errors="coerce")
    text = column.str.strip()
    day_first = bool(text.str.match(r"\d{1,2}[/.-]").mean() >= 0.5)
    offset = bool(text.str.contains(r"\d(?:Z|[+-]\d\d:?\d\d)$").mean() >= 0.5)
    parsed = pd.to_datetime(text, errors="coerce", dayfirst=day_first, format="mixed", utc=offset)
    if parsed.notna().mean() < MOSTLY:
        return None
    local = parsed if offset else parsed.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    return local.dt.tz_convert("UTC")


def _as_numbers(column: pd.Series[str]) -> pd.Series[float] | None:
    text = column.str.strip()
    if text.str.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+").any():  # 1,234.5
        text = text.str.replace(",", "", regex=False)
    elif (comma := text.str.fullmatch(r"-?[\d.]*\d,\d+")).any():  # 1.234,5
        comma = comma.fillna(False).astype(bool)
        text = text.where(~comma, text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False))
    numbers = pd.to_numeric(text, errors="coerce").astype(float)
    return numbers if numbers.notna().sum() >= MOSTLY * text.notna().sum() > 0 else None
