"""A series with its usual band and its anomalies as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import dates
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from ioc.records import Anomaly
from models.base import PROVINCE_ZONE
from models.severity import LABELS

LONG_GAP = 12  # usual steps
COLOURS = {"info": "#e6a700", "warning": "#e8590c", "critical": "#c92a2a"}


class Band(NamedTuple):
    """Where a value usually is at one moment."""

    moment: datetime
    low: float
    expected: float
    high: float


def draw(out: Path, series: pd.Series[float], bands: Sequence[Band], anomalies: Sequence[Anomaly], title: str) -> None:
    """Draw the series, where it usually is, and the anomalies, in the province's time.

    Args:
        out: a PNG; overwritten.
        series: values by UTC time, ascending.
        bands: ascending.
        anomalies: of this series.
        title: above the picture.
    """
    mpl.use("Agg")
    figure, axes = plt.subplots(figsize=(14, 6), layout="constrained")
    _draw_band(axes, bands)
    values = _broken_at_gaps(series)
    axes.plot(values.index.to_pydatetime(), values.to_numpy(), color="#1c4e80", linewidth=0.8, label="Giá trị")  # type: ignore[attr-defined]
    for severity, label in LABELS.items():
        found = [a for a in anomalies if a.severity == severity]
        if found:
            axes.scatter(
                [a.observed_at for a in found], [a.value for a in found],  # type: ignore[arg-type]
                s=60, color=COLOURS[severity], edgecolor="white", zorder=3, label=f"Bất thường: {label}",
            )  # fmt: skip
    axes.xaxis.set_major_formatter(_vietnamese_dates(axes))
    axes.set(xlabel="Thời gian (giờ Việt Nam)", ylabel="Giá trị")
    axes.set_title(title, loc="left")
    axes.margins(x=0.01)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=6, frameon=False)
    figure.savefig(out, dpi=120)
    plt.close(figure)


def _draw_band(axes: Axes, bands: Sequence[Band]) -> None:
    if not bands:
        return
    names = ("low", "expected", "high")
    table = pd.DataFrame([b[1:] for b in bands], index=pd.DatetimeIndex([b.moment for b in bands]), columns=names)
    table = pd.DataFrame({name: _broken_at_gaps(table[name]) for name in names})
    moments = table.index.to_pydatetime()  # type: ignore[attr-defined]
    axes.fill_between(
        moments, table["low"], table["high"], color="#74a9cf", alpha=0.35, linewidth=0, label="Khoảng thường gặp"
    )
    axes.plot(moments, table["expected"], color="#74a9cf", linewidth=0.8, label="Mong đợi")


def _broken_at_gaps(series: pd.Series[float]) -> pd.Series[float]:
    """With a missing value in each long gap, so that no line crosses it."""
    steps = series.index.to_series().diff()
    after = series.index[(steps > LONG_GAP * steps.median()).to_numpy()]
    holes = pd.Series(np.nan, index=pd.DatetimeIndex(after) - pd.Timedelta(microseconds=1))
    return pd.concat([series, holes]).sort_index() if len(holes) else series


def _vietnamese_dates(axes: Axes) -> dates.ConciseDateFormatter:
    locator = dates.AutoDateLocator(tz=PROVINCE_ZONE)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    formatter = dates.ConciseDateFormatter(locator, tz=PROVINCE_ZONE)  # type: ignore[no-untyped-call]
    formatter.formats = ["%Y", "%m/%Y", "%d/%m", "%H:%M", "%H:%M", "%S.%f"]
    formatter.zero_formats = ["", "%Y", "%m/%Y", "%d/%m", "%H:%M", "%H:%M"]
    formatter.offset_formats = ["", "%Y", "%m/%Y", "%d/%m/%Y", "%d/%m/%Y", "%d/%m/%Y %H:%M"]
    return formatter
