"""The dashboards as the page knows them: Grafana's own JSON, with the SQL kept on this side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grafana.preview.macros import UNITS
from grafana.registry import DASHBOARDS, dashboard_json
from ioc.catalog.model import Catalog


@dataclass(frozen=True)
class Question:
    """What one panel asks.

    Attributes:
        sql: with macros.
        span: the dashboard's own range, for a page that names none.
        refresh_s: seconds between two looks.
    """

    sql: str
    span: tuple[str, str]
    refresh_s: float


class Boards:
    """All dashboards by uid, in the order of the registry."""

    def __init__(self, catalog: Catalog) -> None:
        full = [dashboard_json(name, catalog) for name in DASHBOARDS]
        self.questions = {(b["uid"], p["id"]): q for b in full for p in b["panels"] if (q := _question(b, p))}
        self.public = {board["uid"]: _without_sql(board) for board in full}

    def listing(self) -> list[dict[str, Any]]:
        """What the page's menu needs."""
        return [
            {"uid": uid, "title": board["title"], "description": board["description"]}
            for uid, board in self.public.items()
        ]


def _question(board: dict[str, Any], panel: dict[str, Any]) -> Question | None:
    if not panel.get("targets"):
        return None
    time = board["time"]
    return Question(panel["targets"][0]["rawSql"], (time["from"], time["to"]), seconds(board["refresh"]))


def _without_sql(board: dict[str, Any]) -> dict[str, Any]:
    panels = [
        {k: v for k, v in panel.items() if k != "targets"} | {"asks": bool(panel.get("targets"))}
        for panel in board["panels"]
    ]
    return board | {"panels": panels, "refresh_s": seconds(board["refresh"])}


def seconds(duration: str) -> float:
    """Grafana's duration (``5s``, ``1m``) in seconds."""
    found = re.fullmatch(r"(\d+)([smhd])", duration)
    return int(found[1]) * float(UNITS[found[2]]) if found else 30.0
