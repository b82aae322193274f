"""What people do with the page, in a real browser over a real ClickHouse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from clickhouse.client import connect
from clickhouse.migrate import prepare
from clickhouse.sink import Store
from grafana.registry import DASHBOARDS, uid_of
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.records import Alert, Post, event_id
from ioc.settings import Settings
from tests.clickhouse.samples import table_of
from tests.grafana.browsing import DESK, LAPTOP, PHONE, WALL, Screen, chromium
from tests.grafana.province import fill
from tests.grafana.serving import serving
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

pytestmark = pytest.mark.browser

LIVE_MS = 15_000  # the wall looks every five seconds
every_dashboard = pytest.mark.parametrize("uid", [uid_of(name) for name in DASHBOARDS])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class House:
    """One store that can be stopped and started, and the page over it."""

    def __init__(self, data_dir: Path) -> None:
        self.process, self.settings = start_clickhouse(data_dir)
        catalog = load_catalog()
        prepare(self.settings, catalog, utc_now())
        fill(self.settings, catalog, utc_now())
        self.address = ""

    def stop(self) -> None:
        stop_clickhouse(self.process)

    def start(self) -> None:
        self.process, _ = start_clickhouse(self.settings.data_dir, self.settings.clickhouse_port)

    def insert(self, *records: Alert | Post) -> None:
        store = Store(self.settings)
        store.insert(records[0].kind, table_of(records))
        store.close()

    def tell_parts(self, *parts: dict[str, object]) -> None:
        (self.settings.data_dir / "state.json").write_text(json.dumps({"parts": parts}), encoding="utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    with serving(house.settings, lambda: connect(house.settings)) as address:
        house.address = address
        yield house
    house.stop()


@pytest.fixture
def screen(browser: Browser, house: House, request: pytest.FixtureRequest) -> Iterator[Screen]:
    screen = Screen(browser, house.address, getattr(request, "param", LAPTOP))
    yield screen
    screen.page.close()


def sized(*sizes: tuple[int, int]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("screen", sizes, indirect=True, ids=[f"{w}x{h}" for w, h in sizes])


def part(state: str, **more: object) -> dict[str, object]:
    known = {"name": "intake", "title": "Thu thập dữ liệu", "message": "", "progress": None, "restarts": 1, "since": 0}
    return known | {"state": state} | more


@every_dashboard
@sized(PHONE, LAPTOP)
def test_every_dashboard_shows_values_and_fits_its_screen(screen: Screen, uid: str):
    page = screen.open(uid).see_all().page
    expect(page.locator(".panel:not([data-state=ok])")).to_have_count(0)
    expect(page.locator(".empty")).to_have_count(0)
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    wide = "els => els.filter(el => el.scrollWidth > el.clientWidth + 1).map(el => el.closest('.panel').id)"
    assert page.locator(".panel-body").evaluate_all(wide) == []
    blank = (
        """els => els.filter(c => !c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)).length"""
    )
    assert page.locator("canvas").evaluate_all(blank) == 0
    screen.shoot(f"{uid}-{screen.size[0]}x{screen.size[1]}")
    assert screen.complaints == []


@pytest.mark.parametrize(
    ("uid", "screen"),
    [("ioc-leadership", DESK), *((uid_of(name), WALL) for name in DASHBOARDS)],
    indirect=["screen"],
    ids=lambda value: value if isinstance(value, str) else f"{value[0]}x{value[1]}",
)
def test_on_a_wall_a_dashboard_fills_the_screen(screen: Screen, uid: str):
    page = screen.open(uid, "?kiosk").settled().page
    width, height = screen.size
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    edges = page.locator(".panel").evaluate_all(
        "els => els.map(el => el.getBoundingClientRect()).map(r => [r.left, r.right, r.bottom])"
    )
    margin = width / 1920 * 20
    assert min(e[0] for e in edges) <= margin
    assert max(e[1] for e in edges) >= width - margin
    assert height - margin <= max(e[2] for e in edges) <= height
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator(".about-button").first).to_be_hidden()
    cut = """els => els.filter(el => !el.matches('.rows-hidden')
        && el.getBoundingClientRect().bottom > el.closest('.panel').getBoundingClientRect().bottom).length"""
    assert page.locator(".table tbody tr, .bar").evaluate_all(cut) == 0
    letters = page.locator(".table td").first.evaluate("el => parseFloat(getComputedStyle(el).fontSize)")
    assert letters >= height / 65  # from six metres
    screen.shoot(f"{uid}-kiosk-{width}x{height}")
    assert screen.complaints == []


def test_what_a_leader_sees_first(screen: Screen):
    page = screen.open().see_all().page
    expect(page.get_by_role("heading", level=1)).to_have_text("Tổng quan điều hành")
    expect(page.locator("#place")).to_contain_text("Tỉnh Thanh Hóa")
    expect(page.locator("#link")).to_have_text("Trực tiếp")
    expect(page.locator("#notice")).to_be_hidden()
    expect(screen.panel("Cảnh báo đang mở")).to_contain_text("▲ Cần chú ý")
    expect(screen.panel("Hồ sơ đúng hạn").locator(".stat-value")).to_have_text("94,0%")
    reasons = screen.panel("Điều bất thường và lý do").get_by_role("row")
    expect(reasons.nth(1)).to_contain_text("■ Nghiêm trọng")
    expect(reasons.nth(1)).to_contain_text("cao hơn hẳn mức thường thấy")
    expect(screen.panel("Báo chí nói về cơ quan (7 ngày)")).to_contain_text("Phụ huynh bức xúc")
    expect(screen.panel("Kế hoạch năm: thực hiện và khả năng đạt")).to_contain_text("15.200")
    chart = screen.panel("Thu ngân sách nhà nước trên địa bàn")
    expect(chart.locator(".legend li")).to_have_text(["Thực hiện", "Kế hoạch", "Dự báo", "80%", "95%"])
    expect(chart.get_by_role("img")).to_have_attribute("aria-label", re.compile(r"Thực hiện [\d.]+\stỷ đồng"))


def test_news_appears_by_itself(screen: Screen, house: House):
    number = screen.open().see_all().panel("Cảnh báo đang mở").locator(".stat-value")
    before = int(number.inner_text())
    now = utc_now()
    house.insert(
        Alert(
            event_id=event_id("new", now), received_at=now, fingerprint=event_id("new fp", now), raised_at=now,
            severity="critical", topic="anomaly", title="Mới", message="Mới",
        )
    )  # fmt: skip
    expect(number).to_have_text(str(before + 1), timeout=LIVE_MS)
    assert screen.complaints == []


def test_a_store_that_stops_is_told_and_forgiven(screen: Screen, house: House):
    page = screen.open().see_all().page
    number = screen.panel("Hồ sơ đúng hạn").locator(".stat-value")
    house.stop()
    try:
        expect(page.locator(".panel[data-state=stale]")).to_have_count(16, timeout=2 * LIVE_MS)
        expect(screen.panel("Điều bất thường và lý do")).to_contain_text("Chưa cập nhật từ")
        expect(screen.panel("Điều bất thường và lý do")).to_contain_text("kho dữ liệu chưa trả lời")
        expect(number).to_have_text("94,0%")  # the old value stays
        expect(page.locator("#link")).to_contain_text("Kho dữ liệu chưa trả lời từ")
        screen.shoot("store-stopped")
    finally:
        house.start()
    expect(page.locator(".panel[data-state=ok]")).to_have_count(16, timeout=2 * LIVE_MS)
    expect(page.locator(".panel-foot:visible")).to_have_count(0)
    expect(page.locator("#link")).to_have_text("Trực tiếp")


def test_a_page_over_a_store_that_is_not_there_yet(browser: Browser, tmp_path: Path):
    nowhere = Settings(data_dir=tmp_path, clickhouse="http://127.0.0.1:9")
    told = part("starting", name="simulator", title="Tỉnh mô phỏng", progress=0.4, message="ngày 2/3")
    (tmp_path / "state.json").write_text(json.dumps({"parts": [part("waiting"), told]}), encoding="utf-8")
    with serving(nowhere, lambda: connect(nowhere)) as address:
        screen = Screen(browser, address, LAPTOP).open()
        page = screen.page
        expect(page.locator("#notice")).to_contain_text("Đang chuẩn bị dữ liệu…")
        expect(page.locator("#notice")).to_contain_text("Thu thập dữ liệu đang chờ")
        expect(page.locator("#notice progress")).to_have_attribute("value", "0.4")
        expect(page.locator("#panel-7")).to_have_attribute("data-state", "waiting", timeout=LIVE_MS)
        expect(page.locator("#panel-7")).to_contain_text("Kho dữ liệu chưa trả lời, đang thử lại")
        screen.shoot("preparing")
        page.close()


def test_a_server_that_goes_is_told(browser: Browser, house: House):
    with serving(house.settings, lambda: connect(house.settings)) as address:
        screen = Screen(browser, address, LAPTOP).open().settled()
    expect(screen.page.locator("#link")).to_contain_text("Mất kết nối từ", timeout=LIVE_MS)
    with serving(house.settings, lambda: connect(house.settings), int(address.rpartition(":")[2])):
        expect(screen.page.locator("#link")).to_have_text("Trực tiếp", timeout=LIVE_MS)
    screen.page.close()


def test_parts_that_are_ill_are_named_in_words(screen: Screen, house: House):
    notice = screen.open().settled().page.locator("#notice")
    expect(notice).to_be_hidden()
    house.tell_parts(part("ready", title="Kho dữ liệu"), part("restarting", restarts=3))
    expect(notice).to_have_text("▲Thu thập dữ liệu đang khởi động lại (lần 3)", timeout=LIVE_MS)
    house.tell_parts(part("ready"))
    expect(notice).to_be_hidden(timeout=LIVE_MS)


def test_a_new_version_loads_itself(screen: Screen):
    page = screen.page
    page.clock.install()
    screen.open().settled()
    page.evaluate("() => { window.old = true; }")
    page.route("**/api/system", lambda route: route.fulfill(json={"parts": [], "version": "new", "now": 0}))
    with page.expect_event("framenavigated", timeout=LIVE_MS):
        page.clock.fast_forward(3_100)
    screen.settled()
    assert page.evaluate("() => window.old === undefined")
    page.evaluate("() => { window.old = true; }")
    for _ in range(2):
        with page.expect_response("**/api/system", timeout=LIVE_MS):
            page.clock.fast_forward(3_100)
    assert page.evaluate("() => window.old")  # it does not load again and again while the versions differ


def test_play_turns_the_pages_and_the_dashboards(screen: Screen):
    page = screen.page
    page.clock.install()
    screen.open("ioc-leadership", "?kiosk&play=30").settled()
    title = page.locator("#title")
    for wanted in ("Chỉ tiêu kinh tế - xã hội (1/2)", "Chỉ tiêu kinh tế - xã hội (2/2)", "Môi trường (1/2)"):
        page.clock.fast_forward(31_000)
        expect(title).to_have_text(wanted)
        screen.settled()
    assert page.url.endswith("/d/ioc-environment?kiosk&play=30")
    page.keyboard.press("Space")
    page.clock.fast_forward(120_000)
    expect(title).to_have_text("Môi trường (1/2)")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("Môi trường (2/2)")
    assert screen.complaints == []


def test_nobody_looks_nobody_asks(screen: Screen):
    page = screen.page
    page.clock.install()
    screen.open().settled()
    asked: list[str] = []
    page.on("request", lambda request: "/api/panels/" in request.url and asked.append(request.url))
    page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.clock.fast_forward(60_000)
    page.clock.run_for(1000)
    assert asked == []
    page.evaluate("() => { Object.defineProperty(document, 'hidden', { value: false, configurable: true }); }")
    with page.expect_request("**/api/panels/**"):
        page.evaluate("() => { document.dispatchEvent(new Event('visibilitychange')); }")


def test_with_the_keyboard_alone(screen: Screen):
    page = screen.open().settled().page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.get_by_role("link", name="Báo chí", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#title")).to_have_text("Báo chí")
    expect(page.locator("#menu a[aria-current=page]")).to_have_text("Báo chí")
    screen.settled()
    about = page.get_by_role("button", name="Giải thích: Thái độ theo ngày")
    about.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Số lần cơ quan của tỉnh được nhắc mỗi ngày")).to_be_visible()
    page.keyboard.press("Escape")
    expect(about).to_have_attribute("aria-expanded", "false")
    page.locator(".chart-plot").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tip")).to_contain_text("Tiêu cực")
    page.go_back()
    expect(page.locator("#title")).to_have_text("Tổng quan điều hành")
    assert screen.complaints == []


def test_a_title_leads_to_what_is_behind_it(screen: Screen):
    page = screen.open().settled().page
    page.get_by_role("link", name="Hồ sơ quá hạn").click()
    expect(page.locator("#title")).to_have_text("Hiệu quả hành chính")
    assert page.url.endswith("/d/ioc-efficiency")


@sized(PHONE)
def test_a_long_table_on_a_phone_is_a_few_cards_until_one_asks(screen: Screen):
    page = screen.open("ioc-press").see_all().page
    cards = page.locator("#panel-8 tbody tr:visible")
    expect(cards).to_have_count(5)
    page.locator("#panel-8").get_by_role("button", name="Xem thêm").tap()
    expect(cards).to_have_count(10)
    expect(page.locator("#panel-8").get_by_role("columnheader")).to_have_count(3)


def test_what_the_press_writes_stays_text(browser: Browser, house: House):
    now = utc_now() + timedelta(minutes=1)
    title = '<img src=x onerror="window.hacked=1"> <b>đậm</b>'
    for n, url in enumerate(("javascript:window.hacked=1", "https://baothanhhoa.vn/x?a=1&b=<2>")):
        house.insert(
            Post(
                event_id=event_id("odd", n), received_at=now, source="press-baothanhhoa", outlet="Báo", url=url,
                title=f"{title} {n}", text="", published_at=now - timedelta(seconds=90 + n),
            )
        )  # fmt: skip
    with serving(house.settings, lambda: connect(house.settings)) as address:  # one that has no answer kept
        screen = Screen(browser, address, LAPTOP).open("ioc-press").see_all()
        rows = screen.panel("Bài mới nhất").get_by_role("row")
        expect(rows.nth(1)).to_contain_text(f"{title} 0")
        expect(rows.nth(1).get_by_role("link")).to_have_count(0)
        expect(rows.nth(2).get_by_role("link")).to_have_attribute("href", "https://baothanhhoa.vn/x?a=1&b=<2>")
        expect(rows.nth(2).get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
        assert screen.page.evaluate("() => window.hacked === undefined")
        assert screen.complaints == []
        screen.page.close()


@every_dashboard
def test_an_empty_store_is_said_in_words(browser: Browser, empty_page: str, uid: str):
    screen = Screen(browser, empty_page, LAPTOP).open(uid).see_all()
    expect(screen.page.locator(".panel:not([data-state=ok])")).to_have_count(0)
    expect(screen.page.locator("#notice")).to_have_text("Đang chờ dữ liệu đầu tiên từ các nguồn…")
    charts = screen.page.locator(".panel[data-type=timeseries]")
    expect(charts.get_by_text("Chưa có dữ liệu")).to_have_count(charts.count())
    screen.shoot(f"{uid}-empty")
    assert screen.complaints == []
    screen.page.close()


@pytest.fixture(scope="module")
def empty_page(house: House) -> Iterator[str]:
    settings = house.settings.model_copy(update={"database": "nothing_yet"})
    prepare(settings, load_catalog(), utc_now())
    with serving(settings, lambda: connect(settings)) as address:
        yield address
