"""The page's HTTP: what is there, what is refused, and that nothing is told that should not be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from grafana.preview.app import HEADERS, STATIC
from ioc.errors import QueryFailed, StoreUnavailable
from ioc.settings import Settings
from tests.grafana.double import page_over

SECRET = "SELECT value FROM readings WHERE station = 'x'"


async def json_of(page, path, status=200):
    response = await page.get(path)
    assert response.status == status, await response.text()
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    return await response.json()


async def test_the_menu(page):
    told = await json_of(page, "/api/dashboards")
    assert told["place"] == "Tỉnh Thanh Hóa"
    assert len(told["dashboards"]) == 7
    assert told["levers"] == []  # nothing here answers a "what if"
    assert told["look"]["marks"]["#f2b53c"] == ["▲", "Cần chú ý"]
    assert re.fullmatch(r"[0-9a-f]{12}", told["version"])


async def test_a_dashboard_comes_without_its_sql(page):
    board = await json_of(page, "/api/dashboards/ioc-leadership")
    assert board["title"] == "Tổng quan điều hành"
    assert board["refresh_s"] == 5
    assert "SELECT" not in json.dumps(board)


async def test_a_panel(page, fake_store):
    answer = await json_of(page, "/api/panels/ioc-leadership/1")
    assert answer["rows"] == [[3]]
    assert answer["to"] - answer["from"] == pytest.approx(3 * 365 * 86_400_000)
    assert "v_alerts" in fake_store.asked[0]


async def test_a_panel_over_another_range(page, fake_store):
    answer = await json_of(page, "/api/panels/ioc-environment/8?from=now-1h&to=now")
    assert answer["to"] - answer["from"] == 3_600_000
    assert "INTERVAL 30 second" in fake_store.asked[0]


@pytest.mark.parametrize("query", ["from=x", "from=now&to=now-1h", "from=now-1h'--", "to=now%2B99y"])
async def test_a_range_that_is_none_is_400(page, fake_store, query):
    told = await json_of(page, f"/api/panels/ioc-environment/8?{query}", 400)
    assert told["error"].startswith("Khoảng thời gian sai")
    assert fake_store.asked == []


@pytest.mark.parametrize(
    "path", ["/api/dashboards/khong-co", "/api/panels/khong-co/1", "/api/panels/ioc-leadership/99"]
)
async def test_what_is_not_there_is_404(page, path):
    assert (await json_of(page, path, 404))["error"].startswith("Không có")


@pytest.mark.parametrize(
    "path",
    [
        *("/d/khong-co", "/static/khong-co.js", "/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"),
        *("/static/%2fetc%2fpasswd", "/api/panels/ioc-leadership/x", "/static/", "/static/js"),
    ],
)
async def test_only_what_was_read_at_the_start_is_served(page, path):
    response = await page.get(path)
    assert response.status == 404


@pytest.mark.parametrize(
    ("failure", "status", "told"),
    [
        (StoreUnavailable("http://10.0.0.1:8123 refused"), 503, "chưa trả lời"),
        (OperationalError("Error HTTPConnectionPool(host='10.0.0.1', port=8123)"), 503, "chưa trả lời"),
        (TimeoutError(), 503, "chưa trả lời"),
        (DatabaseError("Code: 81. DB::Exception: Database ioc does not exist"), 503, "đang được chuẩn bị"),
        (KeyError("surprise at /home/ioc/x.py"), 500, "trang gặp lỗi"),
        (QueryFailed(f"Code: 47. DB::Exception: unknown in scope {SECRET}", 47), 500, "báo lỗi 47"),
        (DatabaseError(f"Code: 62. DB::Exception: Syntax error: {SECRET}"), 500, "báo lỗi 62"),
        (DatabaseError("Code: 159. DB::Exception: Timeout exceeded"), 500, "quá nặng"),
    ],
)
async def test_a_failure_is_told_in_words_without_what_lies_behind(page, fake_store, failure, status, told):
    fake_store.failure = failure
    error = (await json_of(page, "/api/panels/ioc-leadership/1", status))["error"]
    assert told in error
    assert not re.search(r"SELECT|readings|10\.0|DB::|/home|scope", error)


async def test_a_store_that_comes_back_answers_at_once(page, fake_store):
    fake_store.failure = StoreUnavailable("gone")
    await json_of(page, "/api/panels/ioc-leadership/1", 503)
    fake_store.failure = None
    assert (await json_of(page, "/api/panels/ioc-leadership/1"))["rows"] == [[3]]


async def test_the_page_needs_no_store(page, fake_store):
    fake_store.failure = StoreUnavailable("gone")
    for path in ("/", "/d/ioc-press", "/health", "/api/dashboards", "/api/system"):
        assert (await page.get(path)).status == 200
    assert fake_store.connections == 0


@pytest.mark.parametrize("path", ["/", "/static/js/main.js", "/api/system", "/d/khong-co", "/nowhere"])
async def test_every_answer_is_hardened(page, path):
    response = await page.get(path)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


async def test_files_have_types_and_lifetimes(page):
    font = await page.get("/static/vendor/be-vietnam-pro-latin-400-normal.woff2")
    assert font.content_type == "font/woff2"
    assert font.headers["Cache-Control"] == "max-age=604800"
    module = await page.get("/static/js/main.js")
    assert module.content_type == "text/javascript"
    assert module.headers["Cache-Control"] == "no-cache"


async def test_the_parts_as_the_supervisor_wrote_them(page, tmp_path: Path):
    assert (await json_of(page, "/api/system"))["parts"] == []
    part = {
        "name": "intake",
        "title": "Thu thập dữ liệu",
        "state": "restarting",
        "restarts": 2,
        "since": 5,
        "progress": None,
    }
    log = {"message": f"Traceback: {SECRET}", "environment": {"IOC_SOURCE_TOKEN": "x"}}
    (tmp_path / "state.json").write_text(json.dumps({"parts": [part | log, "?"]}), encoding="utf-8")
    assert (await json_of(page, "/api/system"))["parts"] == [part | {"message": ""}]


async def test_progress_is_told(page, tmp_path: Path):
    part = {"name": "simulator", "title": "Tỉnh mô phỏng", "state": "starting", "progress": 0.5, "message": "ngày 2/3"}
    (tmp_path / "state.json").write_text(json.dumps({"parts": [part]}), encoding="utf-8")
    (told,) = (await json_of(page, "/api/system"))["parts"]
    assert (told["progress"], told["message"]) == (0.5, "ngày 2/3")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"parts": 3}', '{"other": []}', "\xff"])
async def test_a_state_file_that_is_half_written_is_no_state(page, tmp_path: Path, text):
    (tmp_path / "state.json").write_bytes(text.encode("latin-1"))
    assert (await json_of(page, "/api/system"))["parts"] == []


async def test_the_version_is_that_of_files_and_panels(page, tmp_path: Path, fake_store, monkeypatch):
    first = (await json_of(page, "/health"))["version"]
    async with page_over(Settings(data_dir=tmp_path), fake_store.connect) as other:
        assert (await json_of_health(other)) == first
    monkeypatch.setattr("grafana.preview.app.STATIC", STATIC / "js")
    async with page_over(Settings(data_dir=tmp_path), fake_store.connect) as other:
        assert (await json_of_health(other)) != first


async def json_of_health(page):
    return (await (await page.get("/health")).json())["version"]
