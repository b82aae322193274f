"""Chỉ tiêu kinh tế - xã hội: every indicator of the catalogue with its forecast and plan."""

from __future__ import annotations

from grafana import shared
from grafana.panels import Column, Frame, Panel, table
from grafana.sql import sql
from ioc.catalog.model import Catalog

TITLE = "Chỉ tiêu kinh tế - xã hội"
DESCRIPTION = "Mọi chỉ tiêu trong danh mục: thực hiện, dự báo với khoảng tin cậy và kế hoạch."
SPAN = ("now-4y", "now+1y")
REFRESH = "1m"


def panels(catalog: Catalog) -> list[Panel]:
    """The plan first, then a chart an indicator, then the numbers behind them."""
    charts = [
        shared.forecast(indicator, (n % 3 * 8, 10 + n // 3 * 9, 8, 9))
        for n, indicator in enumerate(catalog.indicators.values())
    ]
    below = 10 + -(-len(charts) // 3) * 9
    return [shared.outlooks((0, 0, 24, 10)), *charts, _next_periods((0, below, 24, 10))]


def _next_periods(box: shared.Box) -> Panel:
    text = "Các kỳ tới của mọi chuỗi đã dự báo, kể cả chuỗi nhập vào ngoài danh mục, với khoảng tin cậy 80% và 95%."
    numbers = {name: Column(width=140, decimals=1) for name in ("Dự báo", "Thấp 80%", "Cao 80%", "Thấp 95%", "Cao 95%")}
    columns = {"Kỳ": Column(unit="time:DD/MM/YYYY", width=130), **numbers}
    return table(Frame("Dự báo các kỳ tới", text, box), sql("next_periods"), columns)
