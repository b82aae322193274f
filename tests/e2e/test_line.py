"""One real line, from a department's own file to the wall, on the embedded broker and on real Kafka."""

from __future__ import annotations

import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from ioc.catalog.load import SHIPPED
from streams.tokens import token_of
from tests.e2e import inputs
from tests.e2e.system import Centre, running, until
from tests.servers.lag import lag

SPIKE = 400.0


@pytest.fixture
def newspaper() -> Iterator[str]:
    """A newspaper's site with one critical article; its address."""
    feed = inputs.rss(datetime.now(UTC) - timedelta(minutes=20))

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(feed)))
            self.end_headers()
            self.wfile.write(feed)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/rss.xml"
    server.shutdown()


@pytest.fixture
def catalog_dir(tmp_path: Path, newspaper: str) -> str:
    """The shipped catalogue with the newspaper's feed at the test's address."""
    target = tmp_path / "catalog"
    shutil.copytree(SHIPPED, target, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    feed = target / "sources" / "press-baothanhhoa.toml"
    feed.write_text(feed.read_text().replace("{simulator}/bao-thanh-hoa/rss.xml", newspaper))
    (target / "sources" / "press-truyenhinh.toml").unlink()
    return str(target)


@pytest.fixture
def centre(tmp_path: Path, broker_url: str, catalog_dir: str) -> Iterator[Centre]:
    with running(
        tmp_path / "var", IOC_BROKER=broker_url, IOC_SIMULATED="false", IOC_CATALOG_DIR=catalog_dir, IOC_PARTITIONS="2"
    ) as centre:
        yield centre


def drop(centre: Centre, source: str, name: str, text: str) -> None:
    folder = centre.settings.inbox_dir / source
    until(folder.is_dir, "the inbox")
    draft = folder / f".{name}"
    draft.write_text(text, encoding="utf-8")
    draft.rename(folder / name)


def post(centre: Centre, body: bytes, token: str) -> int:
    request = urllib.request.Request(
        centre.settings.page_url + "api/sources/one-stop-dossiers", body, {"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_from_the_departments_own_formats_to_the_wall(centre: Centre) -> None:
    now = datetime.now(UTC)
    history, count = inputs.station_history(3, now - timedelta(minutes=10))
    drop(centre, "env-stations", f"{inputs.STATION}_{inputs.local(now)}.txt", history)
    until(lambda: centre.one("SELECT count() FROM readings FINAL") == count, "the history is stored")

    spike_at = now.replace(second=0, microsecond=0) - timedelta(minutes=now.minute % 5)
    bad = f"PM2.5\tNaN\tug/Nm3\t{inputs.local(spike_at)}\t00\n"
    drop(centre, "env-stations", f"{inputs.STATION}_1_{inputs.local(spike_at)}.txt".replace("_1_", "_"),
         inputs.line("PM2.5", SPIKE, "ug/Nm3", spike_at) + bad)  # fmt: skip
    body, codes = inputs.dossiers(120)
    until(lambda: post(centre, body, token_of(centre.settings, "one-stop-dossiers")) == 202, "the dossiers are taken")
    assert post(centre, body, "wrong") == 401

    _anomaly_with_reason_and_alert(centre)
    until(lambda: centre.one("SELECT count() FROM dossiers FINAL") == len(codes), "the dossiers are stored")
    _nobody_named(centre)
    _stance_with_its_sentence(centre)
    _dead_letter_named(centre)
    _the_page_shows_it(centre)
    assert centre.stop() == 0


def _anomaly_with_reason_and_alert(centre: Centre) -> None:
    sql = f"SELECT value, reason, expected, event_id, evidence FROM v_anomalies WHERE metric = 'pm25' AND value = {SPIKE} AND detector != 'limits'"
    value, reason, expected, anomaly, evidence = until(lambda: centre.rows(sql), "the spike is found")[0]
    assert value == SPIKE
    assert 15 < expected < 45
    assert "PM2.5" in reason
    assert "400" in reason
    reading = centre.one(f"SELECT event_id FROM readings FINAL WHERE value = {SPIKE}")
    assert reading in evidence
    until(lambda: centre.one(f"SELECT count() FROM alerts FINAL WHERE has(evidence, '{anomaly}')"), "the alert")


def _nobody_named(centre: Centre) -> None:
    for table in ("dossiers", "dead_letters"):
        text = str(centre.rows(f"SELECT * FROM {table}"))
        assert "Bí Mật" not in text
        assert "0912345678" not in text


def _stance_with_its_sentence(centre: Centre) -> None:
    row = until(
        lambda: centre.rows("SELECT stance, evidence, url FROM v_stances WHERE agency = 'so-yte'"), "the stance"
    )[0]
    assert row[0] == "negative"
    assert "Sở Y tế" in row[1]
    assert row[2].endswith("/bai/1")
    assert centre.one("SELECT count() FROM v_posts") == 1


def _dead_letter_named(centre: Centre) -> None:
    sql = "SELECT source, field, reason FROM v_dead_letters"
    (row,) = until(lambda: centre.rows(sql), "the dead letter")
    assert row[:2] == ("env-stations", "value")
    assert "NaN" in centre.ioc("deadletters", "list", "--json")
    assert "still" not in centre.ioc("deadletters", "replay", "--source", "env-stations", expect=3)


def _the_page_shows_it(centre: Centre) -> None:
    boards = {b["uid"]: b for b in centre.get("/api/dashboards")["dashboards"]}
    board = centre.get("/api/dashboards/ioc-leadership")
    panels: dict[str, Any] = {p["title"]: p for p in board["panels"]}
    assert "ioc-environment" in boards

    def shown() -> bool:
        answer = centre.get(f"/api/panels/ioc-leadership/{panels['Điều bất thường và lý do']['id']}")
        return any("PM2.5" in str(row) for row in answer["rows"])

    until(shown, "the anomaly is on the page")


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(centre: Centre, broker_url: str) -> None:
    now = datetime.now(UTC)
    stations = ["TH_NGHISON_KK01", "TH_BIMSON_KK01", "TH_HACTHANH_KK01", "TH_SAMSON_KK01"]
    sent = 0
    for number, station in enumerate(stations):
        history, count = inputs.station_history(20, now - timedelta(minutes=10), seed=number)
        drop(centre, "env-stations", f"{station}_{inputs.local(now)}.txt", history)
        before, sent = sent, sent + count
        until(
            lambda before=before: (centre.one("SELECT uniqExact(event_id) FROM readings") or 0) > before,
            "more is stored",
        )
        centre.kill("worker")
    until(lambda: centre.one("SELECT count() FROM readings FINAL") == sent, "everything is stored")
    until(lambda: centre.parts()["worker"]["state"] == "ready", "the worker is back")
    assert centre.parts()["worker"]["restarts"] >= 1

    until(lambda: lag(broker_url or centre.settings.broker_url) == 0, "the worker has caught up")
    assert centre.one("SELECT count() FROM readings FINAL") == sent
    assert centre.one("SELECT uniqExact(event_id) FROM readings") == sent
    anomalies, identities = centre.rows("SELECT count(), uniqExact(event_id) FROM anomalies FINAL")[0]
    assert anomalies == identities
