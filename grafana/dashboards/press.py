"""Báo chí: how the press speaks of each agency, with the sentences, and what came last."""

from __future__ import annotations

from grafana import shared
from grafana.palette import BAD, GOOD, MUTED
from grafana.panels import Column, Frame, Panel, coloured, lines, stat, table
from grafana.sql import sql
from ioc.catalog.model import Catalog

TITLE = "Báo chí"
DESCRIPTION = "Thái độ của báo chí đối với từng cơ quan, câu văn làm bằng chứng, bài mới nhất."
SPAN = ("now-30d", "now")
REFRESH = "15s"


def panels(_catalog: Catalog) -> list[Panel]:
    """Numbers, agencies, sentences, articles."""
    return [
        *_numbers(),
        shared.stance_by_agency((0, 4, 14, 10)),
        _over_time((14, 4, 10, 10)),
        _evidence((0, 14, 14, 12)),
        _articles((14, 14, 10, 12)),
    ]


def _numbers() -> list[Panel]:
    negative = Frame("Tin tiêu cực 7 ngày", "Số lần báo chí nói tiêu cực về cơ quan trong 7 ngày.", (6, 0, 6, 4))
    positive = Frame("Tin tích cực 7 ngày", "Số lần báo chí nói tích cực về cơ quan trong 7 ngày.", (12, 0, 6, 4))
    return [
        stat(Frame("Bài báo 24 giờ", "Số bài thu nhận có giờ đăng trong 24 giờ qua.", (0, 0, 6, 4)), sql("posts_24h")),
        shared.counted(negative, "negative_7d"),
        stat(positive, sql("positive_7d"), steps=[(None, MUTED), (1.0, GOOD)]),
        stat(
            Frame("Cơ quan được nhắc", "Số cơ quan được báo chí nhắc tới trong 7 ngày.", (18, 0, 6, 4)),
            sql("agencies_7d"),
        ),
    ]


def _over_time(box: shared.Box) -> Panel:
    text = "Số lần cơ quan của tỉnh được nhắc mỗi ngày, theo thái độ; hôm nay tính đến giờ này."
    panel = lines(Frame("Thái độ theo ngày", text, box), sql("stance_daily"), decimals=0)
    for name, colour in (("▼ Tiêu cực", BAD), ("● Trung lập", MUTED), ("▲ Tích cực", GOOD)):
        panel = coloured(panel, name, colour)
    return panel


def _evidence(box: shared.Box) -> Panel:
    text = "Câu văn làm bằng chứng cho từng đánh giá, mới nhất trước; bấm tiêu đề để đọc bài gốc."
    columns = {
        "Lúc đăng": Column(unit=shared.CLOCK, width=120),
        "Cơ quan": Column(width=130),
        "Thái độ": Column(states="stance", width=125),
        "Bài": Column(link="_url"),
        "Độ tin cậy": Column(unit="percentunit", width=105, decimals=0),
        "_url": Column(hidden=True),
    }
    return table(Frame("Câu văn làm bằng chứng", text, box), sql("evidence"), columns)


def _articles(box: shared.Box) -> Panel:
    text = "Bài mới nhất từ các nguồn báo chí đã kết nối."
    columns = {
        "Lúc đăng": Column(unit=shared.CLOCK, width=120),
        "Báo": Column(width=170),
        "Bài": Column(link="_url"),
        "_url": Column(hidden=True),
    }
    return table(Frame("Bài mới nhất", text, box), sql("articles"), columns)
