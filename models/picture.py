"""A series with its usual band and its anomalies as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import pandas as pd
from matplotlib import dates
from matplotlib import pyplot as plt

from ioc.records import Anomaly
from models.base import PROVINCE_ZONE
from models.severity import LABELS

COLOURS = {"info": "#e6a700", "warning": "#e8590c", "critical": "#c92a2a"}


class Band(NamedTuple):
    """Where a value usually is at one moment."""

    moment: datetime
    low: float
    expected: float
    high: float


def draw(out: Path, series: pd.Series[float], bands: Sequence[Band], anomalies: Sequence[Anomaly], title: str) -> None:
    """Draw the series, where it usually is, and the anomalies, in the province's time."""
    mpl.use("Agg")
    figure, axes = plt.subplots(figsize=(14, 6), layout="constrained")
    axes.plot(series.index.to_pydatetime(), series.to_numpy(), color="#1c4e80", linewidth=0.8, label="Giá trị")  # type: ignore[attr-defined]
    if bands:
        moments = [b.moment for b in bands]
        lows, highs = [b.low for b in bands], [b.high for b in bands]
        axes.fill_between(moments, lows, highs, color="#74a9cf", alpha=0.35, linewidth=0, label="Khoảng thường gặp")  # type: ignore[arg-type]
        axes.plot(moments, [b.expected for b in bands], color="#74a9cf", linewidth=0.8, label="Mong đợi")  # type: ignore[arg-type]
    for severity, label in LABELS.items():
        found = [a for a in anomalies if a.severity == severity]
        if found:
            axes.scatter(
                [a.observed_at for a in found], [a.value for a in found],  # type: ignore[arg-type]
                s=60, color=COLOURS[severity], edgecolor="white", zorder=3, label=f"Bất thường: {label}",
            )  # fmt: skip
    locator = dates.AutoDateLocator(tz=PROVINCE_ZONE)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, tz=PROVINCE_ZONE))  # type: ignore[no-untyped-call]
    axes.set(title=title, xlabel="Thời gian (giờ Việt Nam)", ylabel="Giá trị")
    axes.margins(x=0.01)
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left")
    figure.savefig(out, dpi=120)
    plt.close(figure)
