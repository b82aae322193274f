"""The views that people and panels read: each answers without rows, and says the right thing with a handful."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

import msgspec
import pytest

from clickhouse import rollups
from clickhouse.client import connect
from clickhouse.dimensions import load_dimensions
from clickhouse.queries import QUERIES, command, query, text
from clickhouse.sink import Store
from grafana.preview.macros import expand, span
from grafana.registry import DASHBOARDS, dashboard_json
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from ioc.packs import group_by_kind, utc_now
from ioc.records import KINDS
from ioc.settings import Settings
from tests.clickhouse.samples import sample, table_of
from tests.conftest import fresh_database
from tests.grafana.province import fill

NOW = utc_now()
BY_TYPE = {
    "String": "it's",
    "Array(Tuple(String, String))": [("it's", "b\\")],
    "Array(Tuple(String, String, String))": [("env-stations", "TH_NGHISON_KK01", "pm25"), ("it's", "b\\", "c")],
    "Array(Tuple(String, String, String, Int64, Int64))": [("it's", "b\\", "c", 0, 1)],
    "Array(String)": ["it's", "b\\"],
    "DateTime64(3, 'UTC')": NOW,
    "Date32": NOW.date(),
}


@cache
def client_of(url, database):
    """Connecting asks the server four questions, and these tests ask it hundreds."""
    return connect(Settings(clickhouse=url, database=database))


def insert(settings, *records):
    store = Store(settings)
    for kind, group in group_by_kind(records).items():
        store.insert(kind, table_of(group))


def ask(settings, sql):
    client = client_of(settings.clickhouse, settings.database)
    return client.query(sql, settings={"max_execution_time": 20, "readonly": 1})


def rows(settings, sql):
    return list(ask(settings, sql).named_results())


@pytest.fixture(scope="module")
def province(shared_store_settings):
    """One day of the whole province."""
    fill(shared_store_settings, load_catalog(None), NOW)
    return shared_store_settings


@pytest.fixture(scope="module")
def empty(clickhouse_server):
    """A database without records; the tests that put some in use series, agencies and kinds of their own."""
    yield from fresh_database(clickhouse_server)


def panel_queries():
    for name in DASHBOARDS:
        board = dashboard_json(name)
        over = span(board["time"]["from"], board["time"]["to"], NOW)
        panels = [p for panel in board["panels"] for p in (panel, *panel.get("panels", []))]
        for panel in panels:
            for target in panel.get("targets", []):
                yield pytest.param(expand(target["rawSql"], over), id=f"{name}-{panel['id']}{target['refId']}")


def view_names(settings):
    sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View' AND empty(parameterized_view_parameters)"
    return [row["name"] for row in rows(settings, sql)]


def test_every_view_answers_without_rows_and_with_them(store_settings, province):
    views = view_names(store_settings)
    assert len(views) > 15
    for view in views:
        ask(store_settings, f"SELECT * FROM {view}")
        assert rows(province, f"SELECT * FROM {view} LIMIT 3"), view


@pytest.mark.parametrize("sql", list(panel_queries()))
def test_every_panel_query_answers(province, sql):
    ask(province, sql)


@pytest.mark.parametrize("sql", list(panel_queries()))
def test_every_panel_query_answers_on_empty_tables(empty, sql):
    ask(empty, sql)


@pytest.mark.parametrize("name", sorted(file.stem for file in QUERIES.glob("*.sql")))
def test_every_named_query_answers(province, name):
    wanted = re.findall(r"\{(\w+):([^}]+)\}", text(name))
    params = {param: BY_TYPE.get(kind, 7) for param, kind in wanted}
    if "\nINSERT INTO" in text(name):
        command(connect(province), name, params)
    else:
        assert query(connect(province), name, params).num_columns


def test_readings_are_named_and_counted_once(empty):
    reading = sample("readings", 1, source="env-stations", station="TH_NGHISON_KK01", metric="pm25")
    insert(empty, reading, reading)
    insert(empty, reading)
    found = rows(empty, "SELECT station_name, metric_name, value FROM v_readings")
    assert found == [{"station_name": "Không khí KKT Nghi Sơn", "metric_name": "Bụi mịn PM2.5", "value": 1.25}]


def test_the_latest_reading_is_held_against_the_limit_over_its_averaging_time(store_settings):
    """PM2.5 is limited as a mean of 24 hours: one high value is not over it, a day of them is."""
    series = {"source": "env-stations", "metric": "pm25", "status": "ok"}
    hours = [sample("readings", n, **series, station="TH_NGHISON_KK01", value=20.0, observed_at=NOW - timedelta(hours=n)) for n in range(1, 24)]  # fmt: skip
    peak = sample("readings", 0, **series, station="TH_NGHISON_KK01", value=90.0, observed_at=NOW - timedelta(minutes=1))  # fmt: skip
    bad = [sample("readings", 100 + n, **series, station="TH_BIMSON_KK01", value=90.0, observed_at=NOW - timedelta(hours=n)) for n in range(1, 24)]  # fmt: skip
    faulty = sample("readings", 200, **(series | {"status": "fault"}), station="TH_NGHISON_KK01", value=999.0, observed_at=NOW)  # fmt: skip
    insert(store_settings, *hours, peak, *bad, faulty)
    list(rollups.Rollups(store_settings).rebuild("readings", NOW - timedelta(days=2), NOW + timedelta(days=1)))
    found = {r["station"]: r for r in rows(store_settings, "SELECT * FROM v_reading_latest")}
    good = found["TH_NGHISON_KK01"]
    assert (good["value"], good["averaging"], good["limit_state"]) == (90.0, "24h", "within")
    assert good["mean_for_limit"] == pytest.approx((23 * 20 + 90) / 24)
    assert found["TH_BIMSON_KK01"]["limit_state"] == "over"


def dossier(code, number, status, ago_days, due_in_days, finished_ago_days=None):
    day = timedelta(days=1)
    return sample(
        "dossiers", number, dossier_code=code, status=status, agency="so-yte", submitted_at=NOW - 10 * day,
        status_at=NOW - ago_days * day, due_at=NOW + due_in_days * day, received_at=NOW,
        finished_at=None if finished_ago_days is None else NOW - finished_ago_days * day,
    )  # fmt: skip


def test_a_dossier_is_its_latest_status(empty):
    insert(
        empty,
        dossier("còn hạn", 1, 2, 3, 5),
        dossier("quá hạn", 2, 4, 3, -1),
        dossier("chờ dân", 3, 5, 3, -1),
        dossier("đúng hạn", 4, 10, 1, 2, 1),
        dossier("đúng hạn", 5, 2, 4, 2),  # an older status that arrived later
        dossier("trễ", 6, 9, 1, -4, 1),
        dossier("rút", 7, 7, 1, -4),
    )
    found = {r["dossier_code"]: r["state"] for r in rows(empty, "SELECT * FROM v_dossiers_current")}
    assert found == {
        "còn hạn": "in_progress", "quá hạn": "overdue", "chờ dân": "waiting_for_citizen",
        "đúng hạn": "done_on_time", "trễ": "done_late", "rút": "withdrawn",
    }  # fmt: skip
    agency = rows(empty, "SELECT * FROM v_dossiers_by_agency")[0]
    assert (agency["agency_name"], agency["received"], agency["on_time_percent"]) == ("Sở Y tế", 6, 50.0)


def test_stance_shows_the_newest_sentence_of_each_side(empty):
    at = {"agency": "so-yte", "published_at": NOW - timedelta(hours=1)}
    insert(
        empty,
        sample("stances", 1, **at, stance="negative", evidence="Chờ khám lâu."),
        sample("stances", 2, **(at | {"published_at": NOW}), stance="negative", evidence="Thiếu thuốc."),
        sample("stances", 3, **at, stance="positive", evidence="Được khen ngợi."),
        sample("stances", 4, **(at | {"published_at": NOW - timedelta(days=8)}), stance="positive"),
    )
    found = rows(empty, "SELECT * FROM v_stance_by_agency")[0]
    assert (found["negative"], found["positive"], found["total"]) == (2, 1, 3)
    assert (found["negative_evidence"], found["positive_evidence"]) == ("Thiếu thuốc.", "Được khen ngợi.")
    assert found["balance"] == pytest.approx(-1 / 3, abs=0.001)


def test_an_alert_is_one_row_in_its_latest_state(empty):
    opened = sample("alerts", 1, fingerprint="f", state="open", raised_at=NOW - timedelta(hours=2), received_at=NOW - timedelta(hours=2))  # fmt: skip
    closed = sample("alerts", 1, fingerprint="f", state="closed", raised_at=opened.raised_at, received_at=NOW)
    insert(empty, opened, closed)
    found = rows(empty, "SELECT fingerprint, state, times FROM v_alerts")
    assert found == [{"fingerprint": "f", "state": "closed", "times": 1}]


@pytest.fixture
def no_alerts(empty):
    """Tests of alerts share one series and its identities."""
    for table in ("alerts", "alerts_history"):
        client_of(empty.clickhouse, empty.database).command(f"TRUNCATE TABLE {table}")
    return empty


ALERTED = NOW - timedelta(hours=3)


def alert(number, severity, minutes=0, received=None, **changes):
    """An alert of one series, raised so many minutes after the first; each is one of a window and severity."""
    raised_at = ALERTED + timedelta(minutes=minutes)
    received_at = raised_at if received is None else ALERTED + timedelta(minutes=received)
    made = {"fingerprint": "f", "severity": severity, "message": f"{severity} {number}", "state": "open"}
    return sample("alerts", 1, event_id=severity, raised_at=raised_at, received_at=received_at, **(made | changes))


CLOSED = alert(1, "critical", received=20, state="closed")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ([alert(1, "critical"), alert(2, "warning", 60)], ("critical", "critical 1", "open")),
        ([alert(1, "warning"), alert(2, "critical", 60)], ("critical", "critical 2", "open")),
        ([alert(1, "critical"), alert(2, "critical", 60), alert(3, "warning", 90)], ("critical", "critical 2", "open")),
        # the cause of the milder one became known: told again of the same moment
        ([alert(1, "critical"), alert(2, "warning", received=60)], ("critical", "critical 1", "open")),
        ([alert(1, "critical"), alert(2, "critical", received=60)], ("critical", "critical 2", "open")),
        # a replay stores the earlier one later
        ([alert(2, "critical", 60), alert(1, "critical", received=90)], ("critical", "critical 2", "open")),
        ([alert(1, "critical", -400), alert(2, "warning")], ("warning", "warning 2", "open")),
        ([alert(2, "warning"), alert(1, "critical", -400, received=60)], ("warning", "warning 2", "open")),
        ([alert(1, "critical"), CLOSED, alert(2, "warning", 10)], ("critical", "critical 1", "closed")),
        ([alert(1, "critical"), CLOSED, alert(2, "warning", 60)], ("warning", "warning 2", "open")),
    ],
)
def test_an_alert_stays_as_grave_as_the_gravest_of_six_hours_that_nobody_closed(no_alerts, told, shown):
    for one in told:
        insert(no_alerts, one)
    for _ in range(2):  # ClickHouse merges when it likes
        for view in ("v_alerts", f"v_alerts_at(as_of = '{NOW:%Y-%m-%d %H:%M:%S}')"):
            (found,) = rows(no_alerts, f"SELECT severity, message, state FROM {view}")
            assert (found["severity"], found["message"], found["state"]) == shown, view
        for table in ("alerts", "alerts_history"):
            client_of(no_alerts.clickhouse, no_alerts.database).command(f"OPTIMIZE TABLE {table} FINAL")


def test_alerts_that_come_again_change_nothing(no_alerts):
    told = [alert(1, "critical"), alert(2, "warning", 60), alert(3, "critical", 70), alert(4, "warning", 80)]
    insert(no_alerts, *told)
    before = rows(no_alerts, "SELECT * FROM v_alerts")
    assert before == rows(no_alerts, f"SELECT * FROM v_alerts_at(as_of = '{NOW:%Y-%m-%d %H:%M:%S}')")
    assert [row["times"] for row in before] == [2]
    for one in told[1:]:  # as after a crash, one by one and received anew
        insert(no_alerts, msgspec.structs.replace(one, received_at=NOW))
        assert rows(no_alerts, "SELECT * FROM v_alerts") == before


def value(number, indicator, month, amount, received=NOW):
    return sample(
        "indicator_values", number, indicator=indicator, area="38", frequency="M", period=date(2026, month, 1),
        value=amount, unit="tỷ đồng", received_at=received,
    )  # fmt: skip


def test_forecasts_stand_beside_actual_values_and_the_plan(empty):
    shared = {"indicator": "giai-ngan-dau-tu-cong", "area": "38", "frequency": "M", "unit": "tỷ đồng"}
    older, newer = NOW - timedelta(days=30), NOW
    insert(
        empty,
        value(1, "giai-ngan-dau-tu-cong", 9, 700.0, older),
        value(1, "giai-ngan-dau-tu-cong", 9, 750.0, newer),
        sample("forecasts", 1, **shared, period=date(2026, 10, 1), issued_at=older, value=1.0),
        sample("forecasts", 2, **shared, period=date(2026, 10, 1), issued_at=newer, value=800.0, low80=700.0, high80=900.0),
        sample("indicator_targets", 1, indicator="giai-ngan-dau-tu-cong", area="38", period=date(2026, 1, 1), target=12_000.0),
    )  # fmt: skip
    found = rows(empty, "SELECT * FROM v_forecast_latest ORDER BY period")
    assert [(r["period"], r["actual"], r["forecast"]) for r in found] == [
        (date(2026, 9, 1), 750.0, None),
        (date(2026, 10, 1), None, 800.0),
    ]
    assert {(r["year_target"], r["plan"], r["area_name"], r["whole_province"]) for r in found} == {
        (12_000.0, 1_000.0, "Tỉnh Thanh Hóa", 1)
    }


@pytest.mark.parametrize(
    ("probability", "state"), [(0.9, "on_track"), (0.5, "at_risk"), (0.1, "off_track"), (None, "no_plan")]
)
def test_an_outlook_says_whether_the_plan_is_in_reach(empty, probability, state):
    indicator = f"chi-tieu-{state}"
    older = sample("outlooks", 1, indicator=indicator, area="38", year=2026, issued_at=NOW - timedelta(days=1), probability=0.99, target=1.0)  # fmt: skip
    newer = sample("outlooks", 2, indicator=indicator, area="38", year=2026, issued_at=NOW, probability=probability, target=200.0, actual=50.0)  # fmt: skip
    insert(empty, older, newer)
    found = rows(empty, f"SELECT * FROM v_outlook_latest WHERE indicator = '{indicator}'")
    assert [(r["state"], r["actual_percent"], r["target"]) for r in found] == [(state, 25.0, 200.0)]


def scored(number, indicator, period, issued, middle, wide, **more):
    return sample(
        "forecasts", number, **{"indicator": indicator, "area": "38", "frequency": "M", "unit": "vụ", "model": "combined@3",
        "period": period, "issued_at": issued, "value": middle, "low80": middle - wide, "high80": middle + wide,
        "low95": middle - 2 * wide, "high95": middle + 2 * wide} | more,
    )  # fmt: skip


def test_a_past_forecast_stands_beside_what_was_known_when_it_was_issued(empty):
    """An issue of January 2025 looks 14 months ahead: for the last two, last year's value was not known yet."""
    issued = NOW.replace(year=2025, month=1, day=5)
    months = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(26)]
    insert(
        empty,
        *[sample("indicator_values", 100 + n, indicator="cham", area="38", frequency="M", period=m, value=100.0 + n, unit="vụ") for n, m in enumerate(months)],
        *[scored(100 + n, "cham", m, issued, 100.0 + n + 3, 4.0) for n, m in enumerate(months) if n >= 12],
    )  # fmt: skip
    found = rows(empty, "SELECT * FROM v_forecast_scored WHERE indicator = 'cham' ORDER BY period")
    assert [(r["periods_ahead"], r["error"], r["naive_error"]) for r in found] == [
        (n + 1, 3.0, 12.0 if n < 12 else 24.0) for n in range(14)
    ]
    assert all(r["in_80"] and r["in_95"] for r in found)
    told = rows(
        empty,
        "SELECT * FROM v_forecast_accuracy WHERE indicator = 'cham' AND periods_ahead IN (1, 13) ORDER BY periods_ahead",
    )
    assert [(r["mean_error"], r["coverage80"], r["skill"]) for r in told] == [(3.0, 100.0, 0.75), (3.0, 100.0, 0.875)]


def test_days_are_held_against_the_same_day_of_a_week_that_was_known(empty):
    days = [date(2026, 11, 2) + timedelta(days=n) for n in range(24)]
    insert(
        empty,
        *[sample("indicator_values", 200 + n, indicator="ngay", area="38", frequency="D", period=d, value=float(n), unit="vụ") for n, d in enumerate(days)],
        *[scored(200 + n, "ngay", d, NOW.replace(year=2026, month=11, day=16), float(n), 1.0, frequency="D") for n, d in enumerate(days) if n >= 14],
    )  # fmt: skip
    found = rows(empty, "SELECT naive_error FROM v_forecast_scored WHERE indicator = 'ngay' ORDER BY period")
    assert [r["naive_error"] for r in found] == [7.0] * 7 + [14.0] * 3


@pytest.mark.parametrize(
    ("off", "wide", "periods", "state"),
    [(2.0, 5.0, 12, "works"), (7.0, 5.0, 12, "stopped"), (30.0, 40.0, 12, "worse"), (7.0, 5.0, 5, "few")],
)
def test_whether_forecasts_still_work(empty, off, wide, periods, state):
    """One period ahead each month; last year's value would have erred by 12."""
    indicator = f"con-dung-{state}"
    months = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(24)]
    insert(
        empty,
        *[sample("indicator_values", 300 + n, indicator=indicator, area="38", frequency="M", period=m, value=100.0 + n, unit="vụ") for n, m in enumerate(months)],
        *[
            scored(300 + n, indicator, m, NOW.replace(year=m.year, month=m.month, day=1), 100.0 + n + off, wide)
            for n, m in enumerate(months)
            if n >= 24 - periods
        ],
        scored(999, indicator, months[-1], NOW.replace(year=2020, month=1, day=1), 0.0, 0.1, model="naive@2"),
    )  # fmt: skip
    (found,) = rows(empty, f"SELECT * FROM v_forecast_health WHERE indicator = '{indicator}'")
    assert (found["state"], found["periods"], found["forecasts"]) == (state, periods, periods)
    assert found["skill"] == pytest.approx(1 - off / 12)
    if state == "stopped":
        assert found["chance80"] == pytest.approx(0.2**12, rel=1e-6)
    if state == "works":
        assert found["chance80"] == pytest.approx(1.0)


def test_the_plan_of_a_cumulative_indicator_grows_over_the_year(empty):
    known = load_catalog(None).indicators["xuat-khau"]
    counted = msgspec.structs.replace(known, id="luy-ke", cumulative=True, targets={"2026": 1200.0})
    client = client_of(empty.clickhouse, empty.database)
    load_dimensions(client, empty.database, Catalog([], [], [counted], []), NOW)
    insert(empty, value(901, "luy-ke", 3, 290.0), value(902, "luy-ke", 12, 1250.0))
    found = rows(
        empty,
        "SELECT plan, year_target FROM v_forecast_latest WHERE indicator = 'luy-ke' AND area IN ('', '38') ORDER BY period",
    )
    assert [(r["plan"], r["year_target"]) for r in found] == [(300.0, 1200.0), (1200.0, 1200.0)]


def test_a_source_is_stale_after_three_cadences(store_settings):
    every_s = load_catalog(None).sources["env-stations"].every_s
    before = rows(store_settings, "SELECT state FROM v_source_freshness WHERE source = 'env-stations'")
    assert before == [{"state": "never"}]
    long_ago = NOW - timedelta(seconds=3 * every_s + 120)
    contact = {"source": "env-stations", "state": "ok", "records": 7, "rejects": 2}
    insert(store_settings, sample("freshness", 1, **contact, checked_at=long_ago))
    state = "SELECT state, records_24h, rejects_24h FROM v_source_freshness WHERE source = 'env-stations'"
    assert rows(store_settings, state) == [{"state": "stale", "records_24h": 7, "rejects_24h": 2}]
    insert(store_settings, sample("freshness", 2, **contact, checked_at=utc_now()))
    assert rows(store_settings, state)[0]["state"] == "ok"


def test_dead_letters_are_shown_without_their_bytes(province):
    names = connect(province).query("SELECT * FROM v_dead_letters LIMIT 1").column_names
    assert "raw" not in names


def test_every_kind_is_in_the_sample_province(province):
    """Otherwise the panels would be tried on empty tables only."""
    for kind in KINDS:
        assert connect(province).query(f"SELECT count() FROM {kind}").first_row[0], kind
