"""Every dashboard of the registry is held to the same promises."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from grafana.palette import MARKS
from grafana.registry import DASHBOARDS, dashboard_json, uid_of
from grafana.target import DATASOURCE_TYPE, DATASOURCE_UID
from ioc.catalog.model import Catalog, Indicator

COLUMNS = 24
DRAWN = {"stat", "table", "bargauge", "timeseries", "text"}  # what the page can draw
VIETNAMESE = re.compile(r"[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)

every_dashboard = pytest.mark.parametrize("name", DASHBOARDS)


def panels(name: str, catalog: Catalog):
    return dashboard_json(name, catalog)["panels"]


@every_dashboard
def test_what_grafana_needs(name, catalog):
    board = dashboard_json(name, catalog)
    assert re.fullmatch(r"[a-z0-9-]{1,40}", board["uid"])
    assert board["uid"] == uid_of(name)
    assert board["id"] is None
    assert board["schemaVersion"] >= 41
    assert board["timezone"] == "Asia/Ho_Chi_Minh"
    assert re.fullmatch(r"\d+[sm]", board["refresh"])
    assert board["time"].keys() == {"from", "to"}
    assert VIETNAMESE.search(board["title"])
    assert VIETNAMESE.search(board["description"])
    assert board["description"].endswith(".")


def test_uids_are_different():
    assert len({uid_of(name) for name in DASHBOARDS}) == len(DASHBOARDS)


@every_dashboard
def test_its_json_does_not_change_by_itself(name, catalog):
    assert json.dumps(dashboard_json(name, catalog)) == json.dumps(dashboard_json(name, catalog))


@every_dashboard
def test_panel_ids_are_unique_and_in_order(name, catalog):
    ids = [panel["id"] for panel in panels(name, catalog)]
    assert ids == list(range(1, len(ids) + 1))


@every_dashboard
def test_boxes_lie_on_the_grid_and_do_not_overlap(name, catalog):
    boxes = {p["title"]: p["gridPos"] for p in panels(name, catalog)}
    for title, box in boxes.items():
        assert 0 <= box["x"] < box["x"] + box["w"] <= COLUMNS, title
        assert box["y"] >= 0, title
        assert box["h"] >= 3, title
    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        above = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert beside or above, f"{one} overlaps {other}"


@every_dashboard
def test_no_row_of_the_grid_is_empty(name, catalog):
    covered = {
        y for p in panels(name, catalog) for y in range(p["gridPos"]["y"], p["gridPos"]["y"] + p["gridPos"]["h"])
    }
    assert covered == set(range(max(covered) + 1))


@every_dashboard
def test_panels_speak_to_people(name, catalog):
    for panel in panels(name, catalog):
        assert panel["title"].strip() == panel["title"] != ""
        assert VIETNAMESE.search(panel["description"]), panel["title"]
        assert panel["description"].endswith((".", ")")), panel["title"]
        assert panel["fieldConfig"]["defaults"]["noValue"] == "Chưa có dữ liệu"
        assert not re.search(r"\d %", json.dumps(panel, ensure_ascii=False)), "percent is written close to its number"


@every_dashboard
def test_panels_ask_one_question_of_the_centres_data_source(name, catalog):
    for panel in panels(name, catalog):
        assert panel["type"] in DRAWN
        (target,) = panel["targets"]
        assert target["refId"] == "A"
        assert target["datasource"] == panel["datasource"] == {"type": DATASOURCE_TYPE, "uid": DATASOURCE_UID}
        assert target["format"] == (0 if panel["type"] == "timeseries" else 1)
        assert target["editorType"] == "sql"
        assert not re.search(r"\{\w+\}|\$limit", target["rawSql"]), "a placeholder was left"


@every_dashboard
def test_links_lead_to_dashboards_that_exist(name, catalog):
    known = {f"/d/{uid_of(other)}" for other in DASHBOARDS}
    for panel in panels(name, catalog):
        assert {link["url"] for link in panel.get("links", [])} <= known


@every_dashboard
def test_a_step_that_judges_has_a_mark_and_a_word(name, catalog):
    """A state is never shown by colour alone: each threshold colour is neutral, or one of those with a mark."""
    neutral = {"#f1f5f9", "#93a4b8", "#6cb2ff"}
    for panel in panels(name, catalog):
        if panel["type"] in {"stat", "bargauge"}:
            colours = {step["color"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]}
            assert colours <= neutral | set(MARKS), panel["title"]


def test_an_indicator_with_a_quote_in_its_name_stays_data(catalog):
    odd = Indicator(id="o'dd\\", name="Chỉ tiêu 'lạ'", group=1, unit="%", frequency="M", agency="so-tc")
    other = Catalog(list(catalog.agencies.values()), catalog.areas, [odd], list(catalog.sources.values()))
    queries = [p["targets"][0]["rawSql"] for p in panels("indicators", other)]
    assert any(r"indicator = 'o\'dd\\'" in query for query in queries)


def test_without_indicators_the_wall_has_no_charts_and_no_hole(catalog):
    other = Catalog(list(catalog.agencies.values()), catalog.areas, [], list(catalog.sources.values()))
    wall = panels("leadership", other)
    assert {p["type"] for p in wall} == {"stat", "table", "bargauge"}
    rows = {y for p in wall for y in range(p["gridPos"]["y"], p["gridPos"]["y"] + p["gridPos"]["h"])}
    assert rows == set(range(max(rows) + 1))


def test_an_unknown_dashboard_is_a_key_error():
    with pytest.raises(KeyError):
        dashboard_json("khong-co")
