"""Độ tin cậy dự báo: every past forecast held against what came, and which indicators' forecasts have stopped working."""

from __future__ import annotations

from grafana import shared
from grafana.palette import BAD, GOOD, INFO, MUTED, WARN
from grafana.panels import Column, Frame, Panel, Steps, coloured, lines, stat, table
from grafana.sql import sql
from ioc.catalog.model import Catalog

TITLE = "Độ tin cậy dự báo"
DESCRIPTION = (
    "Dự báo đã qua so với thực hiện: chỉ tiêu nào dự báo còn tin được, sai bao nhiêu, hơn lấy số cùng kỳ bao nhiêu."
)
SPAN = ("now-2y", "now")
REFRESH = "1m"
_SKILL: Steps = [(None, BAD), (0.0, GOOD)]
_SHARES = {name: Column(unit="percent", width=110, decimals=0) for name in ("Trong 80%", "Trong 95%")}
_GAIN = {"Hơn số cùng kỳ": Column(unit="percent", width=140, decimals=0, steps=_SKILL)}


def panels(_catalog: Catalog) -> list[Panel]:
    """Numbers, the indicators, coverage over time, horizons."""
    return [
        *_numbers(),
        _health((0, 4, 24, 10)),
        _over_time((0, 14, 10, 10)),
        _by_horizon((10, 14, 14, 10)),
    ]


def _numbers() -> list[Panel]:
    works = Frame(
        "Dự báo còn tin được", "Số chuỗi có sai số trong mức dự báo tự nhận và hơn lấy số cùng kỳ.", (0, 0, 8, 4)
    )
    doubtful = Frame("Dự báo cần xem lại", "Số chuỗi hết tin được hoặc không hơn lấy số cùng kỳ.", (8, 0, 8, 4))
    inside = Frame(
        "Nằm trong khoảng 80%",
        "Tỷ lệ kỳ gần đây nằm trong khoảng dự báo 80%, mọi chỉ tiêu; cần khoảng 80%.",
        (16, 0, 8, 4),
    )
    return [
        stat(works, sql("trust_works"), steps=[(None, MUTED), (1.0, GOOD)]),
        shared.counted(doubtful, "trust_doubtful"),
        stat(inside, sql("trust_inside"), "percent", [(None, BAD), (60.0, WARN), (70.0, GOOD)]),
    ]


def _health(box: shared.Box) -> Panel:
    text = (
        "12 tháng, 90 ngày hoặc 12 quý gần nhất của mỗi chỉ tiêu: dự báo cuối cùng trước khi có số, so với số thực hiện. "
        "Trong 80%: tỷ lệ kỳ nằm trong khoảng dự báo 80%; dự báo trung thực thì khoảng 80 trên 100 kỳ. "
        "Hơn số cùng kỳ: sai số nhỏ hơn bao nhiêu so với lấy số cùng kỳ đã biết lúc dự báo; dưới 0 là không giúp ích. "
        "Hết tin được: ra ngoài khoảng nhiều đến mức ngẫu nhiên khó gặp (xác suất dưới 1%), đừng dựa vào dự báo này. "
        "Lập lại: số kỳ chấm theo dự báo được lập lại bằng số liệu đã có khi đó, không phải dự báo đã phát hành."
    )
    columns = {
        "Đánh giá": Column(states="trust", width=190),
        "Số kỳ": Column(width=80, decimals=0),
        "Lập lại": Column(width=85, decimals=0),
        **_SHARES,
        "Sai số TB": Column(width=105, decimals=1),
        **_GAIN,
    }
    return table(Frame("Dự báo của chỉ tiêu nào còn tin được", text, box), sql("trust_health"), columns)


def _over_time(box: shared.Box) -> Panel:
    text = "Tỷ lệ số thực hiện nằm trong khoảng dự báo, mọi chỉ tiêu, theo tháng của kỳ được dự báo."
    panel = lines(Frame("Độ phủ theo thời gian", text, box), sql("trust_over_time"), "percent", 0)
    dash = {"fill": "dash", "dash": [8, 6]}
    panel = coloured(coloured(panel, "Trong khoảng 80%", GOOD), "Trong khoảng 95%", INFO)
    return coloured(coloured(panel, "Mức cần có 80%", GOOD, lineStyle=dash), "Mức cần có 95%", INFO, lineStyle=dash)


def _by_horizon(box: shared.Box) -> Panel:
    columns = {
        "Kỳ đi trước": Column(width=120, decimals=0),
        "Số dự báo": Column(width=105, decimals=0),
        "Sai số": Column(unit="percent", width=90, decimals=1),
        **_SHARES,
        **_GAIN,
    }
    text = "Dự báo đi trước 1, 2, 3, 6, 12 kỳ: càng xa càng khó."
    return table(Frame("Sai số theo số kỳ đi trước", text, box), sql("trust_by_horizon"), columns)
