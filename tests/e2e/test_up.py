"""`ioc up` as a newcomer runs it: within a minute the page shows everything, it stops cleanly, goes on, and says what is wrong."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.system import Centre, until
from tests.grafana.browsing import DESK, Screen, chromium


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    centre = Centre(tmp_path / "var", IOC_SIMULATOR_DAYS="3")
    yield centre
    if centre.alive:
        centre.stop()


def test_the_simulated_province_is_on_the_page_and_a_second_start_goes_on(centre: Centre) -> None:
    centre.start()
    until(
        lambda: centre.rows("SELECT 1 FROM v_anomalies WHERE observed_at > now() - INTERVAL 1 DAY AND reason != ''"),
        "an anomaly",
    )
    until(
        lambda: centre.rows("SELECT 1 FROM v_outlook_latest WHERE probability IS NOT NULL AND explanation != ''"),
        "a forecast",
    )
    until(lambda: centre.rows("SELECT 1 FROM v_stances WHERE stance = 'negative' AND evidence != ''"), "a stance")
    until(lambda: centre.one("SELECT count() FROM v_dossiers_current WHERE state = 'overdue'"), "an overdue dossier")
    bad = "SELECT count() FROM v_source_freshness WHERE state IN ('failed', 'stale')"
    until(
        lambda: centre.one(bad) == 0,
        "every source answers, those too that were asked before the simulated press listened",
    )
    assert centre.one("SELECT count() FROM dead_letters") == 0, centre.rows(
        "SELECT source, field, reason FROM dead_letters"
    )
    assert "tất cả" in centre.ioc("simulator", "score")
    before = centre.one("SELECT max(observed_at) FROM readings")
    assert centre.stop() == 0
    assert any("lần sau chạy tiếp" in line for line in centre.output)

    centre.output.clear()
    centre.start()
    assert centre.one("SELECT max(observed_at) FROM readings") >= before
    assert centre.one("SELECT count() = uniqExact(event_id) FROM readings FINAL")
    assert centre.stop() == 0


@pytest.mark.browser
def test_a_person_sees_it_in_the_browser_while_it_comes_in(centre: Centre) -> None:
    centre.start()
    with chromium() as browser:
        screen = Screen(browser, centre.settings.page_url.rstrip("/"), DESK).open("ioc-leadership", "?kiosk")
        for text in ("Nghiêm trọng", "Khó đạt", "µg/Nm³"):
            screen.page.locator(f":text('{text}'):visible").first.wait_for(timeout=90_000)
        press = screen.page.get_by_role("region", name="Báo chí nói về cơ quan (7 ngày)", exact=True)
        press.locator("td:visible", has_text=re.compile("Sở|Công an|UBND")).first.wait_for(timeout=90_000)
        until(lambda: screen.page.locator("canvas").count() >= 4, "the forecasts are drawn")
        screen.settled().shoot("up-leadership-1920x1080")
        assert screen.complaints == []
    centre.kill("worker")
    until(
        lambda: any("Xử lý luồng dữ liệu đang khởi động lại" in line for line in centre.output), "the terminal says so"
    )
    until(lambda: centre.parts()["worker"]["state"] == "ready", "the worker is back")
    assert centre.stop() == 0


def test_once_runs_for_a_while_and_exits_zero(centre: Centre) -> None:
    centre.start("--once", "--seconds", "2")
    assert centre.wait(60) == 0


def test_a_taken_port_is_one_sentence(centre: Centre) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", centre.settings.http_port))
        listener.listen()
        told = centre.ioc("up", "--once", expect=2)
    assert f"127.0.0.1:{centre.settings.http_port} is already in use" in told
    assert "IOC_HTTP_PORT" in told
    assert "Traceback" not in told


def test_a_data_directory_in_use_is_one_sentence(centre: Centre) -> None:
    centre.start()
    other = Centre(centre.data_dir)
    told = other.ioc("up", "--once", expect=2)
    assert "is already in use by process" in told
    assert "Traceback" not in told
    assert centre.stop() == 0
