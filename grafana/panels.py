"""Panels in the house's look: what a dashboard file says is only what is asked, where it stands and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import bargauge, common, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import stat as stat_panel
from grafana_foundation_sdk.builders import table as table_panel
from grafana_foundation_sdk.builders import text as text_panel
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models.dashboard import (
    DynamicConfigValue,
    FieldColorModeId,
    GridPos,
    Threshold,
    ThresholdsMode,
)
from grafana_foundation_sdk.models.text import TextMode

from grafana.palette import GOOD, INK, MUTED, mappings
from grafana.target import Target, datasource

Panel = Any  # a builder of the SDK, which ships without types
Steps = list[tuple[float | None, str]]
PLAIN: Steps = [(None, INK)]
PAGE = "page"  # the constant of every dashboard that holds where the page is, for links to it from Grafana


@dataclass(frozen=True)
class Frame:
    """What every panel has.

    Attributes:
        title: short, Vietnamese.
        description: what it shows, from what, and how to read it; Vietnamese.
        box: x, y, width, height on Grafana's 24-column grid.
        more: name of the dashboard that tells more, empty for none.
    """

    title: str
    description: str
    box: tuple[int, int, int, int]
    more: str = ""


@dataclass(frozen=True)
class Column:
    """How one column of a table is read.

    Attributes:
        states: a key of `grafana.palette.WORDS`: show the word instead of the stored state.
        unit: Grafana unit, for example ``percent`` or ``time:HH:mm DD/MM``.
        width: pixels at 1080p, 0 for what is left.
        decimals: of a number; None leaves it to Grafana.
        steps: colour by value.
        link: name of the column that holds the address behind the text.
        judges: name of the column that holds an anomaly's identity: here people say whether it is true. In Grafana the
            cell leads to the page's dialog, whose address is the dashboard's constant `PAGE`.
        align: ``right`` for text that reads like a number.
        hidden: carried for another column, not shown.
    """

    states: str = ""
    unit: str = ""
    width: int = 0
    decimals: int | None = None
    steps: Steps | None = None
    link: str = ""
    judges: str = ""
    align: str = ""
    hidden: bool = False


def uid_of(dashboard: str) -> str:
    """The uid under which a dashboard is pushed: a-z, digits, hyphens."""
    return f"ioc-{dashboard.replace('_', '-')}"


def _framed(panel: Panel, frame: Frame) -> Panel:
    x, y, w, h = frame.box
    panel = panel.title(frame.title).description(frame.description).grid_pos(GridPos(x=x, y=y, w=w, h=h))
    return panel.links([build.DashboardLink("Xem chi tiết").url(f"/d/{uid_of(frame.more)}")]) if frame.more else panel


def _asking(panel: Panel, frame: Frame, query: str, shape: str) -> Panel:
    panel = _framed(panel, frame).datasource(datasource()).with_target(Target(query, shape))
    return panel.no_value("Chưa có dữ liệu")


def _thresholds(steps: Steps) -> build.ThresholdsConfig:
    config = build.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE)
    return config.steps([Threshold(value=value, color=colour) for value, colour in steps])


def stat(frame: Frame, query: str, unit: str = "none", steps: Steps = PLAIN, decimals: int = 0) -> Panel:
    """One large number: the last value of the only number column."""
    panel = _asking(stat_panel.Panel(), frame, query, "table").unit(unit).decimals(decimals)
    panel = panel.thresholds(_thresholds(steps)).color_scheme(build.FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel = panel.color_mode(kinds.BigValueColorMode.VALUE).graph_mode(kinds.BigValueGraphMode.NONE)
    return panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))


def table(frame: Frame, query: str, columns: dict[str, Column] | None = None) -> Panel:
    """Rows as the query names and orders them."""
    panel = _asking(table_panel.Panel(), frame, query, "table").cell_height(kinds.TableCellHeight.SM)
    panel = panel.cell_options(kinds.TableAutoCellOptions(wrap_text=True))
    for name, column in (columns or {}).items():
        panel = panel.override_by_name(name, _properties(column))
    return panel


def _properties(column: Column) -> list[DynamicConfigValue]:
    out = []
    if column.states:
        out.append(DynamicConfigValue("mappings", mappings(column.states)))
    if column.unit:
        out.append(DynamicConfigValue("unit", column.unit))
    if column.width:
        out.append(DynamicConfigValue("custom.width", column.width))
    if column.decimals is not None:
        out.append(DynamicConfigValue("decimals", column.decimals))
    if column.steps:
        out.append(DynamicConfigValue("thresholds", _thresholds(column.steps).build()))
        out.append(DynamicConfigValue("color", {"mode": "thresholds"}))
    if column.states or column.steps:
        out.append(DynamicConfigValue("custom.cellOptions", {"type": "color-text"}))
    if column.link:
        url = f"${{__data.fields.{column.link}}}"
        out.append(DynamicConfigValue("links", [{"title": "Đọc bài gốc", "url": url, "targetBlank": True}]))
    if column.judges:
        url = f"${{{PAGE}}}anomaly/${{__data.fields.{column.judges}}}"
        out.append(DynamicConfigValue("links", [{"title": "Đánh giá đúng hay sai", "url": url, "targetBlank": True}]))
    if column.align:
        out.append(DynamicConfigValue("custom.align", column.align))
    if column.hidden:
        out.append(DynamicConfigValue("custom.hidden", True))
    return out


def bars(frame: Frame, query: str, unit: str = "percent", steps: Steps = PLAIN, top: float | None = 100) -> Panel:
    """One horizontal bar a row: the first column names it, the second is its length."""
    panel = _asking(bargauge.Panel(), frame, query, "table").unit(unit).min(0).decimals(0)
    if top is not None:
        panel = panel.max(top)
    panel = panel.thresholds(_thresholds(steps)).color_scheme(build.FieldColor().mode(FieldColorModeId.THRESHOLDS))
    panel = panel.orientation(kinds.VizOrientation.HORIZONTAL).display_mode(kinds.BarGaugeDisplayMode.BASIC)
    return panel.reduce_options(common.ReduceDataOptions().values(True).calcs(["lastNotNull"]))


def lines(frame: Frame, query: str, unit: str = "none", decimals: int | None = None) -> Panel:
    """Values over time: a ``time`` column, then number columns, or a ``series`` column and one number column."""
    panel = _asking(timeseries.Panel(), frame, query, "timeseries").unit(unit)
    panel = panel.line_width(2).fill_opacity(0).show_points(kinds.VisibilityMode.AUTO).span_nulls(True)
    panel = panel.color_scheme(build.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC))
    panel = panel.display_name("${__field.labels.series}") if "AS series" in query else panel
    panel = panel.legend(
        common.VizLegendOptions()
        .show_legend(True)
        .display_mode(kinds.LegendDisplayMode.LIST)
        .placement(kinds.LegendPlacement.BOTTOM)
    )
    panel = panel.tooltip(common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI))
    return panel if decimals is None else panel.decimals(decimals)


def limited(panel: Panel, high: float | None, low: float | None = None, colour: str = MUTED) -> Panel:
    """Draw legal limits of a time series as dashed lines."""
    steps: Steps = [(None, GOOD)] + [(value, colour) for value in (low, high) if value is not None]
    style = common.GraphThresholdsStyleConfig().mode(kinds.GraphThresholdsStyleMode.DASHED)
    return panel.thresholds(_thresholds(steps)).thresholds_style(style)


def coloured(panel: Panel, name: str, colour: str, **custom: object) -> Panel:
    """Give one series a fixed colour and other drawing properties (``lineStyle``, ``fillBelowTo``, ``drawStyle``…)."""
    values = [DynamicConfigValue("color", {"mode": "fixed", "fixedColor": colour})]
    values += [DynamicConfigValue(f"custom.{key}", value) for key, value in custom.items()]
    return panel.override_by_name(name, values)


def note(frame: Frame, content: str) -> Panel:
    """Plain text; paragraphs are separated by empty lines."""
    return _framed(text_panel.Panel(), frame).mode(TextMode.MARKDOWN).content(content)
