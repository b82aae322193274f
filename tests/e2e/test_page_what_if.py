"""Moving a lever on the page: sliders, the band that moves, the sentences; on a laptop and a phone, over a real ClickHouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, expect

from clickhouse.client import connect
from clickhouse.migrate import prepare
from clickhouse.sink import Store
from grafana.preview.app import add_routes
from ioc.catalog.load import load_catalog
from ioc.cli import what_if_api
from ioc.packs import group_by_kind, utc_now
from ioc.settings import Settings
from tests.clickhouse.samples import table_of
from tests.grafana.browsing import LAPTOP, PHONE, READY_MS, WALL, Screen, chromium
from tests.grafana.province import everything
from tests.grafana.serving import serving_app
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

pytestmark = pytest.mark.browser

CATALOG = load_catalog()
INDICATORS = {"indicator_values", "forecasts", "indicator_targets", "outlooks"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    process, settings = start_clickhouse(tmp_path_factory.mktemp("levers"))
    prepare(settings, CATALOG, utc_now())
    store = Store(settings)
    for kind, records in group_by_kind(everything(CATALOG, utc_now())).items():
        if kind in INDICATORS:
            store.insert(kind, table_of(records))
    store.close()
    yield settings
    stop_clickhouse(process)


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    def build() -> web.Application:
        app = web.Application()
        add_routes(app, settings, lambda: connect(settings))
        what_if_api.add_routes(app, CATALOG, lambda: connect(settings))
        return app

    with serving_app(build) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def screen(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Screen]:
    screen = Screen(browser, address, request.param)
    yield screen
    screen.page.close()


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], indirect=True, ids=["laptop", "phone"])
def test_a_slider_moves_the_forecast_and_says_what_it_rests_on(screen: Screen) -> None:
    panel = screen.open("ioc-indicators").page.get_by_role("region", name="Nếu … thì: dự báo khi một yếu tố thay đổi")
    panel.scroll_into_view_if_needed()
    panel.get_by_label("Chỉ tiêu").select_option("ban-le")
    chart = panel.get_by_role("img")
    expect(chart).to_have_attribute("aria-label", re.compile("Tổng mức bán lẻ.*Nếu đổi"), timeout=READY_MS)
    before = chart.get_attribute("aria-label")
    slider = panel.get_by_role("slider", name=re.compile("Lượt khách"))
    slider.fill("20")
    expect(panel.locator("output")).to_have_text("+20 %")
    expect(chart).not_to_have_attribute("aria-label", before or "")
    words = panel.locator(".what-if-words")
    expect(words).to_contain_text("Lượt khách du lịch")
    expect(words).to_contain_text("không chắc là nguyên nhân")
    width = screen.page.evaluate("document.documentElement.scrollWidth")
    assert width <= screen.size[0]
    screen.see_all().shoot(f"what-if-{screen.size[0]}")
    panel.get_by_role("button", name="Đặt lại").click()
    expect(panel.locator("output")).to_have_text("0 %")
    expect(chart).to_have_attribute("aria-label", before or "")
    assert screen.complaints == []


@pytest.mark.parametrize("screen", [WALL], indirect=True)
def test_walls_and_other_dashboards_have_no_sliders(screen: Screen) -> None:
    screen.open("ioc-indicators", "?kiosk")
    assert screen.page.get_by_role("slider").count() == 0
    screen.open("ioc-press")
    assert screen.page.get_by_role("slider").count() == 0


@pytest.mark.parametrize("screen", [PHONE, WALL], indirect=True, ids=["phone", "wall"])
def test_the_trust_dashboard_is_whole_on_a_phone_and_a_wall(screen: Screen) -> None:
    screen.open("ioc-forecast-trust", "?kiosk" if screen.size == WALL else "").settled()
    expect(screen.page.get_by_role("region", name="Dự báo của chỉ tiêu nào còn tin được")).to_contain_text(
        "Hết tin được"
    )
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= screen.size[0]
    screen.shoot(f"forecast-trust-{screen.size[0]}")
    assert screen.complaints == []


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("indicator=ban-le&set=khach-du-lich%3D%2B10%25", 200, "khach-du-lich"),
        ("indicator=ban-le", 400, "tham số set sai"),
        ("indicator=ban-le&set=xuat-khau%3D1", 400, "no lever of ban-le"),
        ("indicator=ban-le&set=khach-du-lich%3Dnhieu", 400, "no setting"),
        ("indicator=iip&set=x%3D1", 404, "không có yếu tố"),
        ("indicator=la&set=x%3D1", 404, "không có chỉ tiêu này"),
    ],
)
def test_what_the_door_answers(browser: Browser, address: str, query: str, status: int, says: str) -> None:
    page = browser.new_page()
    answer = page.request.get(f"{address}/api/what-if?{query}")
    assert answer.status == status
    assert says in answer.text()
    page.close()


def test_the_command_says_the_same_as_the_page(settings: Settings, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from ioc.cli.what_if import forecast_app

    env = {
        "IOC_CLICKHOUSE": settings.clickhouse,
        "IOC_DATABASE": settings.database,
        "IOC_DATA_DIR": str(tmp_path),
        "COLUMNS": "140",
    }
    arguments = ["what-if", "--indicator", "ban-le", "--set", "khach-du-lich=+10%"]
    result = CliRunner().invoke(forecast_app, arguments, env=env)
    assert result.exit_code == 0, result.output
    assert "Tổng mức bán lẻ" in result.output
    assert "không chắc là nguyên nhân" in result.output
    as_json = CliRunner().invoke(forecast_app, [*arguments, "--json"], env=env)
    assert '"effects":[{"lever":"khach-du-lich"' in as_json.output
