"""Every panel's SQL runs on the real engine: over a full day, over an empty store, and quickly enough for a wall."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from clickhouse.client import connect
from grafana.palette import GOOD
from grafana.preview.answers import LIMITS, _type
from grafana.preview.boards import Boards
from grafana.preview.macros import expand, span
from grafana.registry import DASHBOARDS, dashboard_json
from grafana.sql import QUERIES
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now

BOARDS = Boards(load_catalog())
TITLES = {(uid, p["id"]): p for uid, board in BOARDS.public.items() for p in board["panels"]}

every_panel = pytest.mark.parametrize("key", BOARDS.questions, ids=lambda key: f"{key[0]}-{key[1]}")


@pytest.fixture(scope="module")
def full(full_store):
    """The answer to every panel over a full day."""
    client = connect(full_store)
    yield {key: ask(client, key) for key in BOARDS.questions}
    client.close()


@pytest.fixture(scope="module")
def empty(shared_store_settings):
    client = connect(shared_store_settings)
    yield client
    client.close()


def ask(client, key):
    question = BOARDS.questions[key]
    return client.query(expand(question.sql, span(*question.span, utc_now())), settings=LIMITS)


def types_of(result):
    return [_type(t.name) for t in result.column_types]


@every_panel
def test_a_full_store_gives_every_panel_content(full, key):
    result = full[key]
    panel = TITLES[key]
    assert result.result_rows, panel["title"]
    types = types_of(result)
    if panel["type"] == "stat":
        assert types == ["number"]
        assert len(result.result_rows) == 1
        assert result.result_rows[0][0] is not None
    elif panel["type"] == "timeseries":
        assert result.column_names[0] == "time"
        assert types[0] == "time"
        assert "number" in types
        times = [row[0] for row in result.result_rows]
        assert times == sorted(times)
        assert len(set(times)) > 2
    elif panel["type"] == "bargauge":
        assert types == ["string", "number"]


@every_panel
def test_an_empty_store_is_no_error_and_no_good_news(empty, key):
    """Nothing wrong where nothing was looked at would be a false all-clear."""
    rows = ask(empty, key).result_rows
    steps = TITLES[key]["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", [])
    if TITLES[key]["type"] == "stat" and len(steps) > 1 and steps[0]["color"] == GOOD:
        assert rows == [(None,)]


@every_panel
def test_column_settings_name_columns_that_exist(full, key):
    names = set(full[key].column_names)
    panel = TITLES[key]
    if panel["type"] == "table":
        for override in panel["fieldConfig"]["overrides"]:
            assert override["matcher"]["options"] in names, panel["title"]


@every_panel
def test_states_have_words(full, key):
    result = full[key]
    for override in TITLES[key]["fieldConfig"]["overrides"]:
        for prop in override["properties"]:
            if prop["id"] == "mappings":
                at = result.column_names.index(override["matcher"]["options"])
                stored = {row[at] for row in result.result_rows}
                assert stored <= {state for mapping in prop["value"] for state in mapping["options"]}


def test_every_query_file_is_asked_by_a_panel():
    asked = " ".join(p["targets"][0]["rawSql"] for name in DASHBOARDS for p in dashboard_json(name)["panels"])
    for path in Path(QUERIES).glob("*.sql"):
        first = re.split(r"[{$]", path.read_text(encoding="utf-8").strip())[0].strip()
        assert first in asked, path.name


def value(full, name, board="ioc-leadership"):
    return full[next(k for k, p in TITLES.items() if p["title"] == name and k[0] == board)].result_rows


def test_the_numbers_are_those_of_the_day(full):
    assert value(full, "Cảnh báo đang mở") == [(3,)]
    assert value(full, "Bất thường 24 giờ") == [(7,)]
    assert value(full, "Tin tiêu cực 7 ngày") == [(4,)]
    assert value(full, "Nguồn có sự cố") == [(2,)]
    assert value(full, "Trạm đang gửi", "ioc-environment") == [(8,)]
    assert value(full, "Bị từ chối 24 giờ", "ioc-data-health") == [(4,)]


def test_the_gravest_comes_first(full):
    rows = value(full, "Điều bất thường và lý do")
    assert [row[0] for row in rows] == ["critical", "critical", "warning", "warning", "info", "info"]
    assert value(full, "Báo chí nói về cơ quan (7 ngày)")[0][:2] == ("Sở GD&ĐT", 2)
    assert value(full, "Nguồn dữ liệu")[0][1] == "failed"


def test_measures_are_written_as_people_read_them(full):
    rows = value(full, "Số đo mới nhất", "ioc-environment")
    shown = {(row[0], row[1]): row for row in rows}
    assert re.fullmatch(r"\d+(,\d)? µg/Nm³", shown["Không khí Bỉm Sơn", "Bụi PM10"][2])
    acid = shown["Nước thải KCN Lễ Môn", "pH"]
    assert re.fullmatch(r"\d,\d+", acid[2])
    assert acid[4] == "5,5 – 9"
    assert acid[5] == "within"  # in the middle of a limit with two ends, not near its upper one
    assert shown["Không khí Bỉm Sơn", "Bụi PM10"][4] == "≤ 100"


def test_the_forecast_starts_where_the_actual_values_end(full):
    result = full[next(k for k, p in TITLES.items() if p["title"] == "Thu ngân sách nhà nước trên địa bàn")]
    rows = [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]
    last = [row for row in rows if row["Thực hiện"] is not None][-1]
    assert last["Dự báo"] == last["Cao 95%"] == last["Thấp 80%"] == last["Thực hiện"]
    after = rows[rows.index(last) + 1 :]
    assert after
    for row in after:
        assert row["Thấp 95%"] < row["Thấp 80%"] < row["Dự báo"] < row["Cao 80%"] < row["Cao 95%"]


def test_a_forecast_that_has_stopped_working_says_so(full):
    rows = value(full, "Dự báo của chỉ tiêu nào còn tin được", "ioc-forecast-trust")
    shown = {row[0].partition(" (")[0]: row for row in rows}
    assert shown["Chỉ số sản xuất công nghiệp"][1] == "stopped"
    assert "ngẫu nhiên" in shown["Chỉ số sản xuất công nghiệp"][-1]
    assert shown["Số vụ tai nạn giao thông"][1] == "worse"
    assert shown["Thu ngân sách nhà nước trên địa bàn"][1] == "works"
    assert rows[0][1] == "stopped"
    numbers = [
        value(full, title, "ioc-forecast-trust")[0][0] for title in ("Dự báo còn tin được", "Dự báo cần xem lại")
    ]
    assert numbers[1] == 2
    assert sum(numbers) == len([row for row in rows if row[1] != "few"])


def test_days_without_articles_are_zero_not_missing(full):
    times = [row[0] for row in value(full, "Thái độ theo ngày", "ioc-press")]
    steps = {(b - a).total_seconds() for a, b in itertools.pairwise(times)}
    assert steps == {86400}
