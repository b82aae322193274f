"""People say on the page which anomalies are true, in a real browser over a real ClickHouse, and see it kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Locator, expect

from clickhouse.client import connect
from clickhouse.connection import Connection
from clickhouse.sink import Store
from clickhouse.verdicts import anomaly_named, verdict_on
from grafana.preview import app as page
from grafana.registry import PAGE_URL, dashboard_json
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.records import Record, event_id
from ioc.settings import Settings
from streams import judging
from tests.clickhouse.people import PASSWORD, server_with_people
from tests.clickhouse.samples import table_of
from tests.grafana.browsing import LAPTOP, PHONE, WALL, Screen, chromium
from tests.grafana.province import anomalies
from tests.grafana.serving import serving_app

pytestmark = pytest.mark.browser

LIVE_MS = 25_000  # the environment dashboard looks every ten seconds
TITLE = "Điều bất thường và lý do"
NOW = utc_now()
TOLD = sorted(anomalies(NOW), key=lambda a: a.observed_at, reverse=True)
FIRST = TOLD[0].event_id


class Straight:
    """Puts verdicts straight into the store, where otherwise broker and worker stand between."""

    def __init__(self, settings: Settings) -> None:
        self._store = Store(settings)

    async def put(self, _source: str, records: Sequence[Record]) -> None:
        self._store.insert(records[0].kind, table_of(records))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with server_with_people(tmp_path_factory.mktemp("people")) as settings:
        Store(settings).insert("anomalies", table_of(TOLD))
        yield settings


@pytest.fixture(scope="module")
def nameless(shared_store_settings: Settings) -> Settings:
    Store(shared_store_settings).insert("anomalies", table_of(TOLD))
    return shared_store_settings


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The page and the way in over one of the stores."""
    settings: Settings = request.getfixturevalue(request.param)
    own = settings.model_copy(update={"clickhouse": ""})

    def build() -> web.Application:
        app = web.Application()
        page.add_routes(app, own, lambda: connect(own))
        judging.add_routes(app, own).packer = Straight(own)
        return app

    connect(own).command("TRUNCATE TABLE verdicts")
    with serving_app(build) as address:
        yield address


def stored(settings: Settings) -> list[tuple[str, str, str]]:
    rows = connect(settings).query("SELECT anomaly, verdict, decided_by FROM verdicts FINAL ORDER BY decided_at")
    return [tuple(row) for row in rows.result_rows]  # type: ignore[misc]


def rows_of(screen: Screen) -> Locator:
    """The rows of the anomalies' table, brought into view, for only then they are asked for."""
    panel: Locator = screen.panel(TITLE)  # type: ignore[assignment]
    panel.scroll_into_view_if_needed()
    return panel.locator("tbody tr")


@pytest.mark.parametrize("address", ["nameless"], indirect=True)
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_press_on_a_button_is_kept_and_may_be_corrected(
    browser: Browser, address: str, nameless: Settings, size: tuple[int, int]
) -> None:
    screen = Screen(browser, address, size).open("ioc-environment")
    row = rows_of(screen).nth(0)
    expect(row).to_contain_text("– Chưa đánh giá")
    row.get_by_role("button", name="Sai", exact=True).click()
    expect(row.locator(".judged")).to_have_text("✗ Sai")
    expect(row.get_by_role("button", name="Sai", exact=True)).to_have_attribute("aria-pressed", "true")
    screen.shoot(f"judged-{size[0]}x{size[1]}")
    row.get_by_role("button", name="Đúng", exact=True).click()
    expect(row.locator(".judged")).to_have_text("✓ Đúng")
    screen.page.reload()
    expect(rows_of(screen).nth(0).locator(".judged")).to_have_text("✓ Đúng", timeout=LIVE_MS)
    assert stored(nameless) == [(FIRST, "false", "local"), (FIRST, "true", "local")]
    overflow = screen.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    assert screen.complaints == []
    screen.page.close()


@pytest.mark.parametrize("address", ["nameless"], indirect=True)
def test_what_others_say_appears_by_itself_and_focus_stays(browser: Browser, address: str, nameless: Settings) -> None:
    screen = Screen(browser, address, LAPTOP).open("ioc-environment")
    rows_of(screen).nth(1).get_by_role("button", name="Sai", exact=True).focus()
    told = TOLD[0]
    subject = anomaly_named(Connection(nameless), told.event_id)
    Store(nameless).insert("verdicts", table_of([verdict_on(subject, "unsure", by="mai", now=utc_now())]))
    expect(rows_of(screen).nth(0).locator(".judged")).to_have_text("? Không rõ", timeout=LIVE_MS)
    expect(rows_of(screen).nth(1).get_by_role("button", name="Sai", exact=True)).to_be_focused()
    screen.page.close()


@pytest.mark.parametrize("address", ["peopled"], indirect=True)
def test_where_there_are_users_the_page_asks_who_it_is(browser: Browser, address: str, peopled: Settings) -> None:
    screen = Screen(browser, address, LAPTOP).open("ioc-environment")
    page = screen.page
    button = rows_of(screen).nth(0).get_by_role("button", name="Đúng", exact=True)
    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Đăng nhập để đánh giá")
    screen.shoot("sign-in")
    dialog.get_by_role("button", name="Thôi").click()
    expect(rows_of(screen).nth(0).locator(".judged")).to_have_text("– Chưa đánh giá")
    button.click()
    for password, told in (("sai mật khẩu", "Tên hoặc mật khẩu không đúng"), (PASSWORD, "")):
        dialog.get_by_label("Tên").fill("u-operator")
        dialog.get_by_label("Mật khẩu").fill(password)
        dialog.get_by_role("button", name="Đăng nhập").click()
        if told:
            expect(dialog).to_contain_text(told)
    expect(rows_of(screen).nth(0).locator(".judged")).to_have_text("✓ Đúng")
    rows_of(screen).nth(1).get_by_role("button", name="Sai", exact=True).click()
    expect(rows_of(screen).nth(1).locator(".judged")).to_have_text("✗ Sai")
    assert [row[1:] for row in stored(peopled)] == [("true", "u-operator"), ("false", "u-operator")]
    page.close()


@pytest.mark.parametrize("address", ["nameless"], indirect=True)
def test_a_link_from_grafana_opens_the_anomaly_with_its_reason(
    browser: Browser, address: str, nameless: Settings
) -> None:
    board = dashboard_json("environment", load_catalog())
    [panel] = [p for p in board["panels"] if p["title"] == TITLE]
    [links] = [
        prop["value"] for o in panel["fieldConfig"]["overrides"] for prop in o["properties"] if prop["id"] == "links"
    ]
    [constant] = board["templating"]["list"]
    assert constant["query"] == PAGE_URL
    link = links[0]["url"].replace("${page}", f"{address}/").replace("${__data.fields._id}", FIRST)
    screen = Screen(browser, address, PHONE)
    page = screen.page
    page.goto(link)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(TOLD[0].reason)
    dialog.get_by_label("Ghi chú").fill("Xe rửa đường chạy qua")
    screen.shoot("anomaly-phone")
    dialog.get_by_role("button", name="? Không rõ").click()
    expect(dialog).to_have_count(0)
    assert page.url.endswith("/d/ioc-leadership") or page.url.endswith("/d/ioc-environment")
    assert stored(nameless) == [(FIRST, "unsure", "local")]
    notes = connect(nameless).query("SELECT note FROM verdicts").result_rows
    assert [tuple(row) for row in notes] == [("Xe rửa đường chạy qua",)]
    page.goto(f"{address}/anomaly/{event_id('khong-co')}")
    expect(page.get_by_role("dialog")).to_contain_text("Không có bất thường này")
    page.close()


@pytest.mark.parametrize("address", ["nameless"], indirect=True)
def test_a_wall_shows_the_word_and_no_buttons(browser: Browser, address: str) -> None:
    screen = Screen(browser, address, WALL).open("ioc-environment", "?kiosk").settled()
    expect(rows_of(screen).nth(0)).to_contain_text("– Chưa đánh giá")
    expect(screen.page.locator(".judging button")).to_have_count(0)
    screen.shoot("judged-kiosk")
    assert screen.complaints == []
    screen.page.close()


@pytest.mark.parametrize("address", ["nameless"], indirect=True)
def test_a_verdict_that_is_not_taken_says_why(browser: Browser, address: str) -> None:
    screen = Screen(browser, address, LAPTOP).open("ioc-environment")
    screen.page.route("**/verdict", lambda route: route.fulfill(status=503, json={"error": "hãy thử lại"}))
    row = rows_of(screen).nth(0)
    row.get_by_role("button", name="Sai", exact=True).click()
    expect(row.locator(".judged")).to_have_text("hãy thử lại")
    screen.page.close()
