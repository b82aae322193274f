"""`ioc detect`: the default detectors over any CSV of times and values; needs no running system."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ioc.errors import NotEnoughHistory
from ioc.packs import utc_now
from ioc.records import Anomaly, event_id
from models.base import WARM_UP
from models.reasons import Names, at, number
from models.registry import detectors_of
from models.series import Point, Series
from models.severity import LABELS

if TYPE_CHECKING:
    import pandas as pd

    from models.picture import Band


def detect(
    file: Annotated[Path, typer.Option("--file", exists=True, dir_okay=False, help="A CSV with times and values.")],
    plot: Annotated[Path | None, typer.Option(help="Draw series, usual band and anomalies into this PNG.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line an anomaly, then the counts.")] = False,
    zone: Annotated[str, typer.Option(help="Zone of times without an offset.")] = "Asia/Ho_Chi_Minh",
) -> None:
    """Find anomalies in any CSV of times and values, each with its reason; needs no running system."""
    from models.csv_series import read_series

    metric, series = read_series(file, zone)
    if len(series) < WARM_UP:
        raise NotEnoughHistory(file.stem, len(series), WARM_UP)
    anomalies, bands = scan(series, file.stem, metric)
    if plot is not None:
        from models.picture import draw

        draw(plot, series, bands, anomalies, f"{_shown(metric)} tại {file.stem}")
    if as_json:
        for anomaly in anomalies:
            print(msgspec.json.encode({"anomaly": anomaly}).decode())
        print(msgspec.json.encode({"points": len(series), "anomalies": len(anomalies)}).decode())
        return
    _print_table(anomalies, series)


def scan(series: pd.Series[float], station: str, metric: str) -> tuple[list[Anomaly], list[Band]]:
    """Every point scored before it is learnt, by the detectors of a series that the catalogue does not describe.

    Returns:
        The anomalies, and the usual band wherever the series was known well enough.
    """
    from models.picture import Band

    key = ("file", station, metric)
    book = Series(key, detectors_of(None), Names(_shown(metric), station))
    now, anomalies, bands = utc_now(), [], []
    for stamp, value in series.items():
        moment = stamp.to_pydatetime()  # type: ignore[attr-defined]
        if scores := book.scores(moment, value):
            first = scores[0][1]
            bands.append(Band(moment, first.low, first.expected, first.high))
        anomalies += book.take(Point(moment, value, event_id(*key, moment)), now)
    return anomalies, bands


def _shown(metric: str) -> str:
    from models.csv_series import VALUES, folded

    return "Giá trị" if folded(metric) in VALUES else metric


def _print_table(anomalies: list[Anomaly], series: pd.Series[float]) -> None:
    console = Console(highlight=False)
    if anomalies:
        table = Table("thời điểm", "giá trị", "mức độ", "lý do", show_lines=True)
        for a in anomalies:
            table.add_row(at(a.observed_at), number(a.value, None), LABELS[a.severity], escape(a.reason))
        console.print(table)
    if series.index[-1] - series.index[0] < timedelta(days=1):
        console.print("Chuỗi ngắn hơn một ngày: chưa đủ để biết thế nào là bình thường.")
    console.print(f"{len(series)} số đo, {len(anomalies)} bất thường")
