"""The page's modules that compute: numbers, times, field options, pages of a wall, lines of a chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grafana.preview.boards import Boards
from ioc.catalog.load import load_catalog
from ioc.settings import Settings
from tests.grafana.browsing import LAPTOP, Screen, chromium
from tests.grafana.double import FakeStore
from tests.grafana.serving import serving

pytestmark = pytest.mark.browser

AT = 1_795_572_000_000  # 25/11/2026 09:00 in Thanh Hóa
DAY = 86_400_000
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """Calls a function of a module in the browser with arguments that JSON can carry."""
    data_dir: Path = tmp_path_factory.mktemp("modules")
    with chromium() as browser, serving(Settings(data_dir=data_dir), FakeStore().connect) as address:
        page = Screen(browser, address, LAPTOP).page
        page.goto(f"{address}/health")
        script = "async ([module, name, args]) => (await import(`/static/js/${module}.js`))[name](...args) ?? null"
        yield lambda module, name, *args: page.evaluate(script, [module, name, args])


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        (1234.5, 1, "1.234,5"),
        (1234567, 0, "1.234.567"),
        (0, 0, "0"),
        (-0.4, 0, "0"),
        (-12.34, 1, "−12,3"),
        (5.5, None, "5,5"),
        (93.98230088, None, "93,98"),
        (15200.0, None, "15.200"),
        (10627.8, None, "10.628"),
        (0.00456, None, "0,005"),
        (None, 1, ""),
        ("x", 1, ""),
    ],
)
def test_number(call, value, decimals, wanted):
    assert call("format", "number", value, decimals) == wanted


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "wanted"),
    [
        (93.98, "percent", 1, "94,0%"),
        (0.915, "percentunit", 0, "92%"),
        (4120, "suffix:tỷ đồng", 0, "4.120\u00a0tỷ đồng"),
        (7.25, "none", 2, "7,25"),
        (AT, "time:HH:mm DD/MM", None, "09:00 25/11"),
        (AT, "time:DD/MM/YYYY", None, "25/11/2026"),
        ("Bỉm Sơn", "percent", 1, "Bỉm Sơn"),
        (None, "percent", 1, ""),
        (None, "time:HH:mm", None, ""),
    ],
)
def test_with_unit(call, value, unit, decimals, wanted):
    assert call("format", "withUnit", value, unit, decimals) == wanted


def test_times_are_those_of_the_province(call):
    assert call("format", "moment", AT - 9 * 3_600_000, "HH:mm:ss DD/MM/YY") == "00:00:00 25/11/26"
    assert call("format", "day", AT) == "Thứ Tư, 25/11/2026"
    assert call("format", "since", AT, AT + 60_000) == "09:00:00"
    assert call("format", "since", AT, AT + DAY) == "09:00:00 25/11"


@pytest.mark.parametrize(
    ("step", "wanted"),
    [(365 * DAY, "YYYY"), (30 * DAY, "MM/YYYY"), (DAY, "DD/MM"), (3_600_000, "HH:mm"), (5_000, "HH:mm:ss")],
)
def test_axis_pattern(call, step, wanted):
    assert call("format", "axisPattern", step) == wanted


PANEL = {
    "fieldConfig": {
        "defaults": {"unit": "none", "custom": {"lineWidth": 2}},
        "overrides": [
            {"matcher": {"id": "byName", "options": "A"}, "properties": [{"id": "unit", "value": "percent"}]},
            {"matcher": {"id": "byName", "options": "A"}, "properties": [{"id": "custom.width", "value": 90}]},
            {"matcher": {"id": "byRegexp", "options": "A"}, "properties": [{"id": "unit", "value": "no"}]},
        ],
    }
}


def test_overrides_lie_over_the_defaults_of_their_column_only(call):
    assert call("fields", "fieldOf", PANEL, "A") == {"unit": "percent", "custom": {"lineWidth": 2, "width": 90}}
    assert call("fields", "fieldOf", PANEL, "B") == {"unit": "none", "custom": {"lineWidth": 2}}
    assert call("fields", "fieldOf", {}, "A") == {"custom": {}}


@pytest.mark.parametrize(("value", "wanted"), [(0, "green"), (0.99, "green"), (1, "amber"), (50, "red"), (None, None)])
def test_the_highest_step_reached_gives_the_colour(call, value, wanted):
    steps = [{"value": None, "color": "green"}, {"value": 1, "color": "amber"}, {"value": 10, "color": "red"}]
    assert call("fields", "stepColour", {"thresholds": {"steps": steps}}, value) == wanted


def test_a_state_without_a_word_is_shown_as_it_is(call):
    field = {"mappings": [{"type": "value", "options": {"ok": {"text": "✓ Tốt", "color": "#3fc9a8"}}}]}
    assert call("fields", "mapped", field, "ok") == {"text": "✓ Tốt", "color": "#3fc9a8"}
    assert call("fields", "mapped", field, "new_state") is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:x", "data:text/html,x", "//evil", "/d/x", "", None]
)
def test_only_web_addresses_become_links(call, url):
    field = {"links": [{"url": "${__data.fields._url}", "title": "Đọc"}]}
    assert call("fields", "linkOf", field, {"_url": url}) is None
    assert call("fields", "linkOf", field, {"_url": "https://a.vn/1"}) == {"url": "https://a.vn/1", "title": "Đọc"}


@pytest.mark.parametrize("board", Boards(load_catalog()).public.values(), ids=lambda board: board["uid"])
def test_a_walls_pages_show_every_panel_once_and_whole(call, board):
    pages = call("grid", "pagesOf", board["panels"])
    assert sorted(p["id"] for page in pages for p in page["panels"]) == [p["id"] for p in board["panels"]]
    for page in pages:
        assert page["rows"] <= 33
        for panel in page["panels"]:
            top = panel["gridPos"]["y"] - page["top"]
            assert top >= 0
            assert top + panel["gridPos"]["h"] <= page["rows"]
    assert max(p["rows"] for p in pages) <= 2 * min(p["rows"] for p in pages)


def test_a_panel_taller_than_a_wall_has_a_page_of_its_own(call):
    panels = [
        {"id": 1, "gridPos": {"x": 0, "y": 0, "w": 24, "h": 4}},
        {"id": 2, "gridPos": {"x": 0, "y": 4, "w": 24, "h": 60}},
    ]
    assert [p["rows"] for p in call("grid", "pagesOf", panels)] == [4, 60]
    assert call("grid", "pagesOf", []) == []


def test_long_answers_become_one_line_a_name(call):
    answer = {
        "columns": [
            {"name": "time", "type": "time"},
            {"name": "series", "type": "string"},
            {"name": "value", "type": "number"},
        ],
        "rows": [[2, "b", 1.5], [1, "a", 7], [2, "a", None]],
    }
    lines = call("panels/series", "linesOf", answer)
    assert lines["times"] == [1, 2]
    assert lines["lines"] == [{"name": "b", "values": [None, 1.5]}, {"name": "a", "values": [7, None]}]


def test_wide_answers_become_one_line_a_column(call):
    answer = {
        "columns": [
            {"name": "time", "type": "time"},
            {"name": "Nhận", "type": "number"},
            {"name": "Từ chối", "type": "number"},
        ],
        "rows": [[1, 10, 0], [2, 12, 1]],
    }
    assert call("panels/series", "linesOf", answer)["lines"] == [
        {"name": "Nhận", "values": [10, 12]},
        {"name": "Từ chối", "values": [0, 1]},
    ]


def test_a_band_is_named_by_what_its_edges_share(call):
    assert call("panels/series", "bandName", "Cao 80%", "Thấp 80%") == "Khoảng 80%"
    assert call("panels/series", "bandName", "Trên", "Dưới") == "Dưới – Trên"


@pytest.mark.parametrize(
    ("times", "start", "end", "wanted"),
    [
        ([AT - 5, AT], AT - DAY, AT, [AT - 5, AT]),  # data begin late: no empty start
        ([AT - DAY, AT - 3_600_000], AT - DAY, AT, [AT - DAY, AT]),  # data stopped: the gap stays in view
        ([AT - DAY, AT + DAY], AT - 2 * DAY, AT + 90 * DAY, [AT - DAY, AT + DAY]),  # no empty future
        ([AT], AT - DAY, AT, [AT - 60_000, AT]),  # one point
        ([], AT - DAY, AT, [AT - DAY, AT]),
    ],
)
def test_a_chart_spans_what_says_something(call, times, start, end, wanted):
    assert call("panels/series", "spanOf", times, start, end, AT) == wanted


@pytest.mark.parametrize(("step", "wanted"), [(31 * DAY, "MM/YYYY"), (DAY, "DD/MM/YYYY"), (300_000, "HH:mm DD/MM")])
def test_times_are_written_as_finely_as_they_differ(call, step, wanted):
    assert call("panels/series", "patternOf", [AT, AT + step, AT + 2 * step]) == wanted
