"""What becomes of several anomalies of one series in one window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from clickhouse.client import connect
from clickhouse.sink import Store
from ioc.catalog.load import load_catalog
from ioc.packs import batch_of, utc_now
from ioc.records import Alert, Anomaly
from ioc.settings import Settings
from streams.agents.alert import ANOMALY_WINDOW, AnomalyAlerts, window_start
from tests.clickhouse.samples import sample, table_of

WINDOW = window_start(utc_now(), ANOMALY_WINDOW)


def anomaly(name: str, severity: str, minutes: int = 5) -> Anomaly:
    moment = WINDOW + timedelta(minutes=minutes)
    made = sample("anomalies", 1, source="env-stations", station="TH_NGHISON_KK01", metric="pm25", observed_at=moment)
    assert isinstance(made, Anomaly)
    return msgspec.structs.replace(made, event_id=name, severity=severity, reason=f"lý do {name}")


@pytest.mark.parametrize("order", [("warning", "critical"), ("critical", "warning"), ("critical", "info")])
async def test_the_gravest_says_what_an_alert_is(order: tuple[str, str]) -> None:
    batch = batch_of([anomaly(severity, severity) for severity in order])
    (alert,) = await AnomalyAlerts(load_catalog(None)).derive(batch)
    assert isinstance(alert, Alert)
    assert (alert.severity, alert.message) == ("critical", "lý do critical")
    assert alert.evidence == [severity for severity in order if severity != "info"]


async def store(settings: Settings, pack: Sequence[Anomaly]) -> list[str]:
    """Alerts of a pack into the store, which then merges; their identities."""
    alerts = list(await AnomalyAlerts(load_catalog(None)).derive(batch_of(pack)))
    Store(settings).insert("alerts", table_of(alerts))
    for table in ("alerts", "alerts_history"):
        connect(settings).command(f"OPTIMIZE TABLE {table} FINAL")
    return [alert.event_id for alert in alerts]


SAME_MOMENT = [[anomaly("a", "critical")], [anomaly("b", "warning")]]  # the cause of one became known: it comes again
GRAVER_BETWEEN = [[anomaly("b", "warning", 1)], [anomaly("a", "critical", 2)], [anomaly("c", "warning", 3)]]
NEWER_TEXT = [[anomaly("b", "critical", 1)], [anomaly("c", "warning", 2)], [anomaly("a", "critical", 1)]]


@pytest.mark.parametrize("packs", [SAME_MOMENT, GRAVER_BETWEEN, NEWER_TEXT])
async def test_packs_that_come_later_or_again_do_not_make_an_alert_milder(
    store_settings: Settings, packs: list[list[Anomaly]]
) -> None:
    told = [name for pack in packs for name in await store(store_settings, pack)]
    shown = connect(store_settings).query("SELECT * FROM v_alerts").result_rows
    found = list(connect(store_settings).query("SELECT severity, message, times FROM v_alerts").result_rows)
    assert found == [("critical", "lý do a", 2)]
    rows = connect(store_settings).query("SELECT count() FROM alerts").result_rows
    again = [name for pack in packs for name in await store(store_settings, pack)]
    assert again == told
    assert connect(store_settings).query("SELECT * FROM v_alerts").result_rows == shown
    assert connect(store_settings).query("SELECT count() FROM alerts").result_rows == rows
