"""Hiệu quả hành chính: dossiers by agency, received, on time, overdue."""

from __future__ import annotations

from grafana import shared
from grafana.palette import BAD, GOOD, INFO, MUTED
from grafana.panels import Column, Frame, Panel, coloured, lines, stat, table
from grafana.sql import sql
from ioc.catalog.model import Catalog

TITLE = "Hiệu quả hành chính"
DESCRIPTION = "Hồ sơ một cửa: tiếp nhận, đúng hạn, quá hạn theo cơ quan; hồ sơ cần đôn đốc."
SPAN = ("now-30d", "now")
REFRESH = "15s"


def panels(_catalog: Catalog) -> list[Panel]:
    """Numbers, agencies, the days, the dossiers that need a push."""
    return [
        *_numbers(),
        _by_agency((0, 4, 16, 11)),
        shared.on_time_by_agency((16, 4, 8, 11)),
        _daily((0, 15, 10, 10)),
        _overdue((10, 15, 14, 10)),
    ]


def _numbers() -> list[Panel]:
    received = Frame("Tiếp nhận 24 giờ", "Hồ sơ tiếp nhận trong 24 giờ qua.", (0, 0, 6, 4))
    open_now = Frame("Đang giải quyết", "Hồ sơ chưa trả kết quả, kể cả chờ công dân bổ sung.", (6, 0, 6, 4))
    on_time = Frame("Đúng hạn", "Tỷ lệ hồ sơ đã giải quyết đúng hạn trong 90 ngày.", (12, 0, 6, 4))
    overdue = Frame("Quá hạn", "Hồ sơ đang giải quyết đã quá ngày hẹn trả.", (18, 0, 6, 4))
    return [
        stat(received, sql("dossiers_24h")),
        stat(open_now, sql("dossiers_open")),
        stat(on_time, sql("on_time"), "percent", shared.ON_TIME, 1),
        shared.counted(overdue, "overdue"),
    ]


def _by_agency(box: shared.Box) -> Panel:
    text = "Hồ sơ tiếp nhận trong 90 ngày và hồ sơ còn mở. Chờ công dân bổ sung hoặc nộp phí thì không tính quá hạn."
    counts = ("Tiếp nhận", "Đang xử lý", "Chờ công dân", "Trả đúng hạn", "Trả trễ")
    columns = {name: Column(width=130, decimals=0) for name in counts}
    columns["Quá hạn"] = Column(width=100, decimals=0, steps=[(None, MUTED), (1.0, BAD)])
    columns["Đúng hạn"] = Column(unit="percent", width=105, decimals=1, steps=shared.ON_TIME)
    return table(Frame("Hồ sơ theo cơ quan", text, box), sql("dossiers_by_agency"), columns)


def _daily(box: shared.Box) -> Panel:
    panel = lines(
        Frame("Tiếp nhận và trả kết quả theo ngày", "Số hồ sơ mỗi ngày; hôm nay tính đến giờ này.", box),
        sql("dossiers_daily"),
        decimals=0,
    )
    return coloured(coloured(panel, "Tiếp nhận", INFO), "Trả kết quả", GOOD)


def _overdue(box: shared.Box) -> Panel:
    text = "Hồ sơ đang giải quyết đã quá ngày hẹn trả, trễ nhiều đứng trước; không hiển thị thông tin cá nhân."
    columns = {
        "Mã hồ sơ": Column(width=210),
        "Cơ quan": Column(width=140),
        "Hẹn trả": Column(unit="time:DD/MM/YYYY", width=120),
        "Trễ (ngày)": Column(width=105, decimals=0, steps=[(None, BAD)]),
    }
    return table(Frame("Hồ sơ cần đôn đốc", text, box), sql("overdue_list"), columns)
