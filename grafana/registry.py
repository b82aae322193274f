"""All dashboards by name, and their JSON for Grafana 11.6 or newer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DashboardLinkType

from grafana.dashboards import data_health, efficiency, environment, forecast_trust, indicators, leadership, press
from grafana.panels import PAGE, Panel, uid_of
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog

SCHEMA_VERSION = 41  # what Grafana 11.6 writes; newer ones migrate it
TAG = "ioc"
ZONE = "Asia/Ho_Chi_Minh"
PAGE_URL = "http://127.0.0.1:8080/"  # of a page with the default settings


@dataclass(frozen=True)
class Entry:
    """One dashboard.

    Attributes:
        title: Vietnamese.
        description: who it is for and what it answers.
        span: the time range it opens with, in Grafana's words.
        refresh: how often it asks again.
        panels: its panels, in reading order.
    """

    title: str
    description: str
    span: tuple[str, str]
    refresh: str
    panels: Callable[[Catalog], list[Panel]]


DASHBOARDS: dict[str, Entry] = {
    module.__name__.rpartition(".")[2]: Entry(
        module.TITLE, module.DESCRIPTION, module.SPAN, module.REFRESH, module.panels
    )
    for module in (leadership, indicators, environment, efficiency, press, forecast_trust, data_health)
}


def dashboard_json(name: str, catalog: Catalog | None = None, page_url: str = PAGE_URL) -> dict[str, Any]:
    """The dashboard as Grafana imports it.

    Args:
        name: a key of `DASHBOARDS`.
        catalog: whose stations and indicators get panels; None for the shipped one.
        page_url: where people's browsers reach the page, with a slash at its end; links to it begin so.

    Raises:
        KeyError: there is no such dashboard.
    """
    entry = DASHBOARDS[name]
    board = build.Dashboard(entry.title).uid(uid_of(name)).description(entry.description).tags([TAG]).timezone(ZONE)
    board = board.time(*entry.span).refresh(entry.refresh).readonly().link(_siblings())
    board = board.with_variable(build.ConstantVariable(PAGE).value(page_url))
    for number, panel in enumerate(entry.panels(catalog or load_catalog()), start=1):
        board = board.with_panel(panel.id(number))
    encoded: dict[str, Any] = json.loads(JSONEncoder().encode(board.build()))
    return encoded | {"schemaVersion": SCHEMA_VERSION, "id": None, "weekStart": "monday"}


def _siblings() -> build.DashboardLink:
    link = build.DashboardLink("Bảng khác").type(DashboardLinkType.DASHBOARDS).tags([TAG])
    return link.as_dropdown(True).keep_time(False)
