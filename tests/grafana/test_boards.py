"""Dashboards as the page knows them."""

from __future__ import annotations

import json

import pytest

from grafana.preview.boards import Boards, seconds
from grafana.registry import DASHBOARDS


@pytest.fixture(scope="module")
def boards(catalog):
    return Boards(catalog)


def test_no_sql_leaves_the_server(boards):
    public = json.dumps(boards.public)
    assert "rawSql" not in public
    assert "SELECT" not in public


def test_every_panel_that_asks_has_its_question(boards):
    for uid, board in boards.public.items():
        for panel in board["panels"]:
            assert panel["asks"] == ((uid, panel["id"]) in boards.questions)
    assert len(boards.questions) > 50


def test_the_menu_has_all_dashboards_in_order(boards):
    listing = boards.listing()
    assert len(listing) == len(DASHBOARDS)
    assert listing[0]["uid"] == "ioc-leadership"
    assert all(entry["title"] and entry["description"] for entry in listing)


@pytest.mark.parametrize(("text", "wanted"), [("5s", 5), ("1m", 60), ("2h", 7200), ("", 30), ("x", 30)])
def test_seconds(text, wanted):
    assert seconds(text) == wanted


def test_every_dashboard_refreshes_soon_enough_to_be_live(boards):
    assert all(1 <= board["refresh_s"] <= 60 for board in boards.public.values())
