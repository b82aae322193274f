"""What becomes of several anomalies of one series in one window."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from ioc.catalog.load import load_catalog
from ioc.packs import batch_of, utc_now
from ioc.records import Alert, Anomaly
from streams.agents.alert import ANOMALY_WINDOW, AnomalyAlerts, window_start
from tests.clickhouse.samples import sample


def anomaly(name: str, severity: str) -> Anomaly:
    moment = window_start(utc_now(), ANOMALY_WINDOW) + timedelta(minutes=5)
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
