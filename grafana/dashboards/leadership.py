"""Tổng quan điều hành: what leaders see on the wall."""

from __future__ import annotations

from grafana import shared
from grafana.panels import Column, Frame, Panel, stat, table
from grafana.sql import sql
from ioc.catalog.model import Catalog

TITLE = "Tổng quan điều hành"
DESCRIPTION = "Cho lãnh đạo tỉnh: kế hoạch và dự báo, điều bất thường, báo chí, hồ sơ, trạm và nguồn dữ liệu."
SPAN = ("now-2y", "now+1y")
REFRESH = "5s"
CHARTS = 4  # as many as stay legible from six metres
NUMBERS = (
    ("Cảnh báo đang mở", "Số cảnh báo chưa được tiếp nhận hoặc đóng.", "data_health"),
    ("Bất thường 24 giờ", "Số bất thường phát hiện trong 24 giờ qua.", "environment"),
    ("Hồ sơ đúng hạn", "Tỷ lệ hồ sơ một cửa đã giải quyết đúng hạn trong 90 ngày, toàn tỉnh.", "efficiency"),
    ("Hồ sơ quá hạn", "Hồ sơ đang giải quyết đã quá ngày hẹn trả.", "efficiency"),
    ("Tin tiêu cực 7 ngày", "Số lần báo chí nói tiêu cực về cơ quan của tỉnh trong 7 ngày.", "press"),
    ("Nguồn có sự cố", "Số nguồn dữ liệu chậm, thiếu hoặc lỗi ở thời điểm này.", "data_health"),
)


def panels(catalog: Catalog) -> list[Panel]:
    """Numbers first, then the year's plan, then what is wrong, then who is affected."""
    wall = [i for i in catalog.indicators.values() if i.on_wall][:CHARTS]
    width = 24 // max(len(wall), 1)
    charts = [shared.forecast(i, (n * width, 4, width, 7), "indicators") for n, i in enumerate(wall)]
    top = 11 if charts else 4
    below = top + 9
    return [
        *_numbers(),
        *charts,
        shared.anomalies((0, top, 13, 9), limit="6", more="environment"),
        shared.outlooks((13, top, 11, 9), more="indicators"),
        shared.stance_by_agency((0, below, 9, 9), more="press", neutral=False),
        shared.on_time_by_agency((9, below, 4, 9), more="efficiency"),
        _stations((13, below, 6, 9)),
        shared.freshness((19, below, 5, 9), more="data_health"),
    ]


def _numbers() -> list[Panel]:
    alerts, anomalies, on_time, overdue, negative, sources = (
        Frame(title, description, (4 * n, 0, 4, 4), more) for n, (title, description, more) in enumerate(NUMBERS)
    )
    return [
        shared.counted(alerts, "alerts_open"),
        shared.counted(anomalies, "anomalies_24h"),
        stat(on_time, sql("on_time"), "percent", shared.ON_TIME, 1),
        shared.counted(overdue, "overdue"),
        shared.counted(negative, "negative_7d"),
        shared.counted(sources, "sources_bad"),
    ]


def _stations(box: shared.Box) -> Panel:
    text = "Trung bình theo thời gian mà quy chuẩn quy định (1, 8, 24 giờ), hoặc số đo mới nhất; vượt hoặc sát giới hạn đứng trước."
    columns = {"Số đo": Column(width=150), "So giới hạn": Column(states="limit", width=135)}
    return table(Frame("Trạm quan trắc", text, box, "environment"), sql("stations_short"), columns)
