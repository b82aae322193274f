"""Sức khỏe dữ liệu: how fresh every source is and what was refused."""

from __future__ import annotations

from grafana import shared
from grafana.palette import BAD, GOOD, MUTED, WARN
from grafana.panels import Column, Frame, Panel, coloured, lines, stat, table
from grafana.sql import sql
from ioc.catalog.model import Catalog

TITLE = "Sức khỏe dữ liệu"
DESCRIPTION = "Cho người vận hành: nguồn nào chậm, dữ liệu nào bị từ chối và vì sao."
SPAN = ("now-24h", "now")
REFRESH = "10s"


def panels(_catalog: Catalog) -> list[Panel]:
    """Numbers, sources, the flow, refusals, alerts, and how many anomalies were true."""
    return [
        *_numbers(),
        _sources((0, 4, 24, 10)),
        _flow((0, 14, 8, 9)),
        _refused((8, 14, 16, 9)),
        _alerts((0, 23, 24, 8)),
        _precision((0, 31, 24, 8)),
    ]


def _numbers() -> list[Panel]:
    good = Frame("Nguồn đang tốt", "Số nguồn dữ liệu liên lạc đúng chu kỳ.", (0, 0, 6, 4))
    bad = Frame("Nguồn có sự cố", "Nguồn chậm, thiếu hoặc lỗi ở thời điểm này.", (6, 0, 6, 4))
    refused = Frame("Bị từ chối 24 giờ", "Bản ghi bị từ chối trong 24 giờ qua.", (18, 0, 6, 4))
    records = Frame("Bản ghi 24 giờ", "Bản ghi nhận được từ mọi nguồn trong 24 giờ qua.", (12, 0, 6, 4))
    return [
        stat(good, sql("sources_good"), steps=[(None, MUTED), (1.0, GOOD)]),
        shared.counted(bad, "sources_bad"),
        stat(records, sql("records_24h")),
        shared.counted(refused, "rejected_24h"),
    ]


def _sources(box: shared.Box) -> Panel:
    columns = {
        "Tình trạng": Column(states="source", width=150),
        "Liên lạc": Column(unit=shared.CLOCK, width=125),
        "Dữ liệu mới nhất": Column(unit=shared.CLOCK, width=155),
        "Bản ghi 24h": Column(width=120, decimals=0),
        "Từ chối 24h": Column(width=120, decimals=0, steps=[(None, MUTED), (1.0, WARN)]),
    }
    text = "Mọi nguồn trong danh mục; quá ba chu kỳ không liên lạc là chậm."
    return table(Frame("Độ tươi của nguồn", text, box), sql("freshness"), columns)


def _flow(box: shared.Box) -> Panel:
    panel = lines(
        Frame("Bản ghi theo thời gian", "Bản ghi nhận và từ chối, mọi nguồn.", box),
        sql("records_over_time"),
        decimals=0,
    )
    return coloured(coloured(panel, "Nhận", GOOD), "Từ chối", BAD)


def _refused(box: shared.Box) -> Panel:
    text = "Dữ liệu bị từ chối mới nhất, trường sai và lý do; xem bản gốc bằng lệnh ioc deadletters show."
    columns = {
        "Lúc": Column(unit=shared.CLOCK, width=125),
        "Trường": Column(width=150),
        "Dòng": Column(width=75, decimals=0),
    }
    return table(Frame("Dữ liệu bị từ chối", text, box), sql("dead_letters"), columns)


def _alerts(box: shared.Box) -> Panel:
    columns = {
        "Mức": Column(states="severity", width=150),
        "Lúc": Column(unit=shared.CLOCK, width=125),
        "Lần": Column(width=70, decimals=0),
        "Trạng thái": Column(states="alert", width=130),
    }
    return table(Frame("Cảnh báo", "Cảnh báo 7 ngày qua, mỗi vấn đề một dòng.", box), sql("alerts"), columns)


def _precision(box: shared.Box) -> Panel:
    text = (
        "Trong số bất thường mà người trực đã đánh giá, bao nhiêu phần là đúng, theo nguồn, bộ phát hiện và tuần; "
        "khoảng là khoảng Wilson 80%. Đánh giá ở bảng Môi trường hoặc bằng lệnh ioc anomalies mark."
    )
    columns = {
        "Tuần": Column(width=110),
        "Bộ phát hiện": Column(states="detector", width=240),
        "Bất thường": Column(width=110, decimals=0),
        "Đúng": Column(width=80, decimals=0),
        "Sai": Column(width=80, decimals=0),
        "Không rõ": Column(width=100, decimals=0),
        "Chưa đánh giá": Column(width=130, decimals=0),
        "Chính xác": Column(unit="percent", width=110, decimals=0),
        "Khoảng 80%": Column(width=120, align="right"),
    }
    return table(Frame("Độ chính xác của bất thường", text, box), sql("anomaly_precision"), columns)
