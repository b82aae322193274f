"""Every benchmark small, on the real servers: it measures, and its last line is the JSON that it promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from clickhouse.views import Views
from streams.sources.base import adapter_names
from tests.servers.kafka import LIBS

needs_kafka = pytest.mark.skipif(
    not LIBS.is_dir() and "CI" not in os.environ, reason="Apache Kafka is not here: run `make servers`"
)


def bench(*arguments: str) -> dict[str, Any]:
    """The one line that ``ioc bench … --json-only`` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "ioc.cli.main", "bench", *arguments, "--json-only"],
        capture_output=True, text=True, timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    (line,) = done.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    assert found["versions"]["python"]
    return found


def test_parse_measures_every_adapter() -> None:
    found = bench("parse", "--megabytes", "0.01")
    assert set(adapter_names()) <= set(found)
    assert all(found[name] > 0 and found["records"][name] > 0 for name in adapter_names())


@pytest.mark.kafka
@needs_kafka
def test_ingest_measures_ours_beside_all_peers() -> None:
    found = bench("ingest", "--records", "20000", "--quix", "3000", "--plain-faust", "3000", "--series", "50")
    assert all(found[name] > 0 for name in ("ours", "ours_detecting", "raw", "quix", "plain_faust"))
    assert found["records"]["ours"] == found["records"]["raw"] == 20000
    assert found["records"]["plain_faust"] == found["records"]["quix"] == 3000


@pytest.mark.kafka
@needs_kafka
def test_faults_loses_and_doubles_nothing_after_two_kills() -> None:
    found = bench("faults", "--kills", "2")
    assert found["kills"] == sum(found["killed"].values()) == 2
    assert found["sent"] > 0
    assert found["stored"] == found["sent"]
    wrong = [found[name] for name in ("lost", "doubled", "anomalies_doubled", "rollups_wrong")]
    assert wrong == [0, 0, 0, 0]
    assert found["catch_up_s"] is not None


@pytest.mark.kafka
@needs_kafka
def test_outage_bounds_memory_and_loses_and_doubles_nothing() -> None:
    found = bench("outage", "--minutes", "0.05", "--rate", "1000")
    assert found["sent"] > found["sent_meanwhile"] > 0
    assert found["stored"] == found["sent"]
    assert found["posted"] > 0
    assert set(found["answers"]) == {"202"}, "the gateway needs no ClickHouse"
    assert 0 < found["worker_before_mb"] <= found["worker_max_mb"] + 50
    assert all(found["goals_met"].values()), found


@pytest.mark.kafka
@needs_kafka
def test_latency_sees_every_row_and_alerts() -> None:
    found = bench("latency", "--seconds", "5", "--rate", "1000")
    assert found["rows"] == 5000
    assert found["alerts"] > 0
    assert 0 < found["row_p50_ms"] <= found["row_p99_ms"]
    assert 0 < found["alert_p50_ms"] <= found["alert_p99_ms"]


def test_wall_asks_every_panel_and_view_over_what_it_filled() -> None:
    found = bench("wall", "--rows", "20000", "--series", "20", "--rate", "1", "--quick")
    assert found["rows"] == 20000
    assert found["panels"] == len(found["panel_ms"]) > 40
    assert set(Views().order) >= set(found["view_ms"]) > {"v_reading_latest", "v_health_weekly"}
    assert all(0 < p50 <= p95 for p50, p95 in [*found["panel_ms"].values(), *found["view_ms"].values()])
    assert found["p95_ms"] == max(p95 for _, p95 in found["panel_ms"].values())
    assert 5 < found["bytes_per_row"] == found["bytes_per_row_of"]["readings"] < 200
