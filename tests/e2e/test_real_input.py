"""Real series and logs go in through the same adapters and come out as forecasts, anomalies and events."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.system import Centre, running, until

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.shared_data


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    if not DATA.is_dir():
        missing = f"the shared data are not at {DATA}"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with running(tmp_path / "var", IOC_SIMULATED="false") as centre:
        yield centre


def lines(path: Path) -> int:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        return sum(bool(line.strip()) for line in file)


def test_real_series_and_logs(centre: Centre) -> None:
    forecast, traffic, cyber = DATA / "forecast", DATA / "nab" / "data" / "realTraffic", DATA / "cyber"
    told = centre.ioc("import", "indicators", str(forecast / "vn_kpi.csv"), expect=3)
    assert "42 bị từ chối" in told, "the months of the pandemic without a value, each a dead letter"
    centre.ioc("import", "indicators", str(forecast / "thanhhoa_health.csv"))
    sensors = sorted(traffic.glob("*.csv"))[:2]
    for sensor in sensors:
        code = centre.popen("import", "series-csv", str(sensor), "--hint", f"station={sensor.stem}").wait(120)
        assert code in (0, 3)
    eve = cyber / "suricata_eve" / "eve_stamus_02.json.gz"
    log = cyber / "auth_web_logs" / "auth.log"
    centre.ioc("import", "suricata", str(eve))
    centre.ioc("import", "syslog", str(log))

    until(
        lambda: centre.one("SELECT count() FROM cyber_events FINAL WHERE source = 'syslog'") == lines(log), "auth.log"
    )
    until(lambda: centre.one("SELECT count() FROM cyber_events FINAL WHERE source = 'suricata'") == lines(eve), "EVE")
    assert centre.one("SELECT count() FROM cyber_events WHERE action = 'failed' OR action = 'invalid-user'") > 100
    for sensor in sensors:
        sql = f"SELECT reason FROM v_anomalies WHERE station = '{sensor.stem}'"
        reasons = until(lambda sql=sql: centre.rows(sql), f"anomalies of {sensor.stem}")
        assert all("mong đợi" in reason for (reason,) in reasons)
    assert centre.one("SELECT count() FROM v_alerts WHERE source = 'series-csv'") == 0, "nobody is called for the past"

    until(lambda: centre.one("SELECT uniqExact(indicator) FROM forecasts") >= 60, "forecasts of all series", 170)
    for name in ("public_investment_thanh_hoa", "dengue%"):
        sql = f"SELECT count(), countIf(low95 <= low80 AND low80 <= value AND value <= high80 AND high80 <= high95) FROM forecasts FINAL WHERE indicator ILIKE '{name}'"
        rows, sound = until(lambda sql=sql: centre.rows(sql + " HAVING count() > 0"), f"forecasts of {name}")[0]
        assert rows == sound, name
    assert centre.one("SELECT min(value) FROM forecasts WHERE indicator ILIKE 'dengue%'") >= 0
