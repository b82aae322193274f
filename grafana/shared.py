"""Panels that more than one dashboard shows."""

from __future__ import annotations

from grafana.palette import BAD, GOOD, INFO, INK, MUTED, WARN
from grafana.panels import Column, Frame, Panel, bars, coloured, lines, stat, table
from grafana.sql import sql
from grafana.units import suffix
from ioc.catalog.model import Indicator

Box = tuple[int, int, int, int]
COUNT_BAD = [(None, GOOD), (1.0, WARN)]
ON_TIME = [(None, BAD), (80.0, WARN), (90.0, GOOD)]
CLOCK = "time:HH:mm DD/MM"


def forecast(indicator: Indicator, box: Box, more: str = "") -> Panel:
    """Actual values, forecast with its 80% and 95% bands, and the plan."""
    text = (
        f"{indicator.name}: thực hiện, dự báo với khoảng tin cậy 80% và 95%, và kế hoạch của kỳ "
        f"(kế hoạch năm chia đều cho các kỳ). Đơn vị: {indicator.unit}."
    )
    frame = Frame(indicator.name, text, box, more)
    panel = lines(frame, sql("forecast", indicator=indicator.id), suffix(indicator.unit), indicator.decimals)
    hidden = {"legend": True, "tooltip": False, "viz": False}
    panel = coloured(panel, "Cao 95%", INFO, fillBelowTo="Thấp 95%", lineWidth=0, fillOpacity=14, hideFrom=hidden)
    panel = coloured(panel, "Thấp 95%", INFO, lineWidth=0, hideFrom=hidden)
    panel = coloured(panel, "Cao 80%", INFO, fillBelowTo="Thấp 80%", lineWidth=0, fillOpacity=26, hideFrom=hidden)
    panel = coloured(panel, "Thấp 80%", INFO, lineWidth=0, hideFrom=hidden)
    panel = coloured(panel, "Kế hoạch", WARN, lineStyle={"fill": "dash", "dash": [8, 6]}, lineInterpolation="stepAfter")
    panel = coloured(panel, "Dự báo", INFO, lineStyle={"fill": "dash", "dash": [3, 4]})
    return coloured(panel, "Thực hiện", INK, lineWidth=3)


def outlooks(box: Box, more: str = "") -> Panel:
    """Where every indicator's year will end against its plan."""
    return table(
        Frame(
            "Kế hoạch năm: thực hiện và khả năng đạt",
            "Thực hiện lũy kế và dự kiến cả năm so với kế hoạch; khả năng đạt do mô hình dự báo tính. "
            "Từ 70% là khả năng đạt, 30–70% cần đôn đốc, dưới 30% khó đạt.",
            box,
            more,
        ),
        sql("outlooks"),
        {
            "Thực hiện": Column(width=105),
            "Dự kiến năm": Column(width=115),
            "Kế hoạch": Column(width=105),
            "Dự kiến/KH": Column(unit="percent", width=110, decimals=0),
            "Đánh giá": Column(states="outlook", width=165),
        },
    )


def anomalies(box: Box, limit: str = "8", more: str = "", judged: bool = False) -> Panel:
    """The latest anomalies, gravest first, each with its reason; `judged`: people say here which are true."""
    return table(
        Frame(
            "Điều bất thường và lý do",
            "Bất thường trong 24 giờ qua, nghiêm trọng trước, kèm lý do máy giải thích.",
            box,
            more,
        ),
        sql("anomalies").replace("$limit", limit),
        {
            "Mức": Column(states="severity", width=150),
            "Lúc": Column(unit=CLOCK, width=115),
            "Nơi": Column(width=240),
            "Đánh giá": Column(states="verdict", judges="_id", width=300, hidden=not judged),
            "_id": Column(hidden=True),
        },
    )


def stance_by_agency(box: Box, more: str = "", neutral: bool = True) -> Panel:
    """How the press speaks of each agency, with the sentence that shows it."""
    return table(
        Frame(
            "Báo chí nói về cơ quan (7 ngày)",
            "Số bài theo thái độ đối với từng cơ quan trong 7 ngày và câu văn làm bằng chứng; cơ quan bị nói tiêu cực nhiều đứng trước.",
            box,
            more,
        ),
        sql("stance_by_agency"),
        {
            "Cơ quan": Column(width=130),
            "▼ Tiêu cực": Column(width=100, decimals=0, steps=[(None, MUTED), (1.0, BAD)]),
            "● Trung lập": Column(width=105, decimals=0, steps=[(None, MUTED)], hidden=not neutral),
            "▲ Tích cực": Column(width=105, decimals=0, steps=[(None, MUTED), (1.0, GOOD)]),
        },
    )


def on_time_by_agency(box: Box, more: str = "") -> Panel:
    """Share of dossiers finished on time, by agency."""
    return bars(
        Frame(
            "Tỷ lệ đúng hạn",
            "Tỷ lệ hồ sơ đã giải quyết đúng hạn (90 ngày); xanh từ 90%, vàng từ 80%, đỏ dưới 80%.",
            box,
            more,
        ),
        sql("on_time_by_agency"),
        steps=ON_TIME,
    )


def freshness(box: Box, more: str = "") -> Panel:
    """Every source and when it was last heard of."""
    return table(
        Frame(
            "Nguồn dữ liệu",
            "Lần liên lạc gần nhất với từng nguồn; quá ba chu kỳ không thấy là chậm.",
            box,
            more,
        ),
        sql("freshness_short"),
        {"Tình trạng": Column(states="source", width=130)},
    )


def counted(frame: Frame, query: str) -> Panel:
    """A number that should be zero; its query gives NULL, not zero, while there is nothing to count in."""
    return stat(frame, sql(query), steps=COUNT_BAD)
