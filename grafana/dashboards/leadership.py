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


def panels(catalog: Catalog) -> list[Panel]:
    """Numbers first, then the year's plan, then what is wrong, then who is affected."""
    wall = [i for i in catalog.indicators.values() if i.on_wall][:CHARTS]
    width = 24 // max(len(wall), 1)
    charts = [shared.forecast(indicator, (n * width, 4, width, 8)) for n, indicator in enumerate(wall)]
    return [
        *_numbers(),
        *charts,
        shared.anomalies((0, 12, 12, 8), limit="6"),
        shared.outlooks((12, 12, 12, 8)),
        shared.stance_by_agency((0, 20, 10, 9)),
        shared.on_time_by_agency((10, 20, 4, 9)),
        _stations((14, 20, 5, 9)),
        shared.freshness((19, 20, 5, 9)),
    ]


def _numbers() -> list[Panel]:
    on_time = Frame(
        "Hồ sơ đúng hạn",
        "Tỷ lệ hồ sơ một cửa đã giải quyết đúng hạn trong 90 ngày, toàn tỉnh.",
        (8, 0, 4, 4),
    )
    return [
        shared.counted("Cảnh báo đang mở", "Số cảnh báo chưa được tiếp nhận hoặc đóng.", "alerts_open", (0, 0, 4, 4)),
        shared.counted("Bất thường 24 giờ", "Số bất thường phát hiện trong 24 giờ qua.", "anomalies_24h", (4, 0, 4, 4)),
        stat(on_time, sql("on_time"), "percent", shared.ON_TIME, 1),
        shared.counted("Hồ sơ quá hạn", "Hồ sơ đang giải quyết đã quá ngày hẹn trả.", "overdue", (12, 0, 4, 4)),
        shared.counted(
            "Tin tiêu cực 7 ngày", "Số bài nói tiêu cực về cơ quan của tỉnh trong 7 ngày.", "negative_7d", (16, 0, 4, 4)
        ),
        shared.counted(
            "Nguồn có sự cố", "Số nguồn dữ liệu chậm, thiếu hoặc lỗi ở thời điểm này.", "sources_bad", (20, 0, 4, 4)
        ),
    ]


def _stations(box: shared.Box) -> Panel:
    text = "Số đo mới nhất; vượt hoặc sát giới hạn đứng trước. Giới hạn so với trung bình theo quy chuẩn."
    columns = {"Số đo": Column(width=120), "So giới hạn": Column(states="limit", width=130)}
    return table(Frame("Trạm quan trắc", text, box), sql("stations_short"), columns)
