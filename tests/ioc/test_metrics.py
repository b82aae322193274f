"""Metrics: all documented, added up over processes, and what a dead process said of itself is forgotten."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ioc.metrics import metrics_table

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"

_COUNT = """
from ioc import metrics
import os
metrics.RECORDS.labels("readings").inc(3)
metrics.LAG.labels("ioc.readings").set(5)
metrics.INSERT_SECONDS.labels("readings").observe(0.02)
for n in range(300):
    metrics.rejected("readings", f"field{n}")
print(os.getpid())
"""
_TELL = "from ioc import metrics; print(metrics.exposition()[0].decode())"
_FORGET = "import sys; from ioc import metrics; [metrics.process_ended(int(pid)) for pid in sys.argv[1:]]"


def run(directory: Path, code: str, *arguments: str) -> str:
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(directory)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_the_documentation_holds_the_table_of_all_metrics() -> None:
    """To mend it: python -c "from ioc.metrics import metrics_table; print(metrics_table())"."""
    assert metrics_table() in OPERATIONS.read_text(encoding="utf-8")


def test_processes_are_added_up_and_a_dead_one_keeps_its_counters_only(tmp_path: Path) -> None:
    first = run(tmp_path, _COUNT).strip()
    run(tmp_path, _COUNT)
    told = run(tmp_path, _TELL)
    assert 'ioc_records_total{kind="readings"} 6.0' in told
    assert 'ioc_lag_messages{topic="ioc.readings"} 10.0' in told
    run(tmp_path, _FORGET, first)
    told = run(tmp_path, _TELL)
    assert 'ioc_records_total{kind="readings"} 6.0' in told
    assert 'ioc_lag_messages{topic="ioc.readings"} 5.0' in told


def test_the_files_of_dead_processes_do_not_pile_up_and_their_numbers_stay(tmp_path: Path) -> None:
    pids = [run(tmp_path, _COUNT).strip() for _ in range(3)]
    before = run(tmp_path, _TELL)
    run(tmp_path, _FORGET, *pids, *pids)  # the second time there is nothing left to add
    left = {path.name for path in tmp_path.iterdir()}
    assert {"counter_ended.db", "histogram_ended.db"} <= left
    assert [name for name in left for pid in pids if f"_{pid}." in name] == []
    after = run(tmp_path, _TELL)
    assert 'ioc_insert_seconds_bucket{kind="readings",le="0.025"} 3.0' in after
    assert 'ioc_insert_seconds_bucket{kind="readings",le="0.01"} 0.0' in after
    gauge = ("ioc_lag_messages", "# HELP ioc_lag_messages", "# TYPE ioc_lag_messages")
    lines = sorted(line for line in before.splitlines() if not line.startswith(gauge))
    assert sorted(after.splitlines()) == lines


def test_senders_cannot_make_series_without_end(tmp_path: Path) -> None:
    run(tmp_path, _COUNT)
    lines = [line for line in run(tmp_path, _TELL).splitlines() if line.startswith("ioc_rejects_total{")]
    assert len(lines) == 201
    assert 'ioc_rejects_total{field="other",kind="readings"} 100.0' in lines
