"""Môi trường: stations, their live values against the limits, anomalies to be judged, the last 24 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime

from grafana import shared
from grafana.palette import BAD
from grafana.panels import Column, Frame, Panel, coloured, limited, lines, stat, table
from grafana.sql import sql
from grafana.units import readable, suffix
from ioc.catalog.model import Catalog, Metric, Source

TITLE = "Môi trường"
DESCRIPTION = "Trạm quan trắc tự động: số đo mới nhất, diễn biến 24 giờ, so với quy chuẩn, bất thường."
SPAN = ("now-24h", "now")
REFRESH = "10s"
AVERAGING = {
    "instant": "tức thời",
    "1h": "trung bình 1 giờ",
    "8h": "trung bình 8 giờ",
    "24h": "trung bình 24 giờ",
    "year": "trung bình năm",
}


def panels(catalog: Catalog) -> list[Panel]:
    """Numbers, live values, the strangest series, anomalies, then one chart a metric."""
    today = datetime.now(UTC).date()
    measured = [(s, m) for s in catalog.sources.values() if s.enabled and s.stations for m in s.metrics]
    charts = [_metric(s, m, today, (n % 3 * 8, 24 + n // 3 * 8, 8, 8)) for n, (s, m) in enumerate(measured)]
    anomalies = shared.anomalies((0, 14, 24, 10), judged=True)
    return [*_numbers(), _live((0, 4, 12, 10)), _strangest((12, 4, 12, 10)), anomalies, *charts]


def _numbers() -> list[Panel]:
    reporting = Frame("Trạm đang gửi", "Số trạm có số đo hợp lệ trong 24 giờ qua.", (0, 0, 6, 4))
    hour = Frame("Số đo 1 giờ qua", "Số đo của 1 giờ qua, theo giờ đo.", (18, 0, 6, 4))
    strange = Frame("Bất thường 24 giờ", "Số bất thường phát hiện trong 24 giờ qua.", (12, 0, 6, 4))
    over = "Số thông số tại trạm có trung bình vượt giới hạn của quy chuẩn hiện hành."
    return [
        stat(reporting, sql("stations_reporting")),
        shared.counted(Frame("Thông số vượt giới hạn", over, (6, 0, 6, 4)), "limits_exceeded"),
        shared.counted(strange, "anomalies_24h"),
        stat(hour, sql("readings_1h")),
    ]


def _live(box: shared.Box) -> Panel:
    text = "Số đo hợp lệ mới nhất của từng trạm và thông số; trung bình tính theo thời gian mà quy chuẩn quy định."
    columns = {
        "Số đo": Column(width=150),
        "Trung bình": Column(width=110),
        "Giới hạn": Column(width=110, align="right"),
        "So giới hạn": Column(states="limit", width=150),
        "Lúc đo": Column(unit=shared.CLOCK, width=120),
    }
    return table(Frame("Số đo mới nhất", text, box), sql("stations_live"), columns)


def _strangest(box: shared.Box) -> Panel:
    text = "Chuỗi số đo của bất thường nghiêm trọng nhất trong khoảng thời gian; điểm đỏ là điểm bất thường."
    panel = lines(Frame("Diễn biến điểm bất thường đáng chú ý nhất", text, box), sql("strangest_series"))
    return coloured(panel, "Bất thường", BAD, drawStyle="points", pointSize=10, showPoints="always")


def _metric(source: Source, metric: Metric, today: date, box: shared.Box) -> Panel:
    limit = next((x for x in metric.limits if x.valid_from <= today <= x.valid_to), None)
    text = f"{metric.name} theo trạm{_unit(metric)}. Nguồn: {source.name}."
    if limit:
        bounds = " – ".join(f"{x:g}" for x in (limit.low, limit.high) if x is not None)
        text += f" Đường đứt: giới hạn {bounds} ({limit.regulation}, {AVERAGING[limit.averaging]})."
    query = sql("metric_series", source=source.id, metric=metric.id)
    panel = lines(Frame(metric.name, text, box), query, suffix(metric.unit), metric.decimals)
    return limited(panel, limit.high, limit.low, BAD) if limit else panel


def _unit(metric: Metric) -> str:
    return f", đơn vị {readable(metric.unit)}" if readable(metric.unit) else ""
