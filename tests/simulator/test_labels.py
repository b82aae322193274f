"""The file of labels: a JSON line an incident, each once, whatever was interrupted."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from simulator.labels import Labels, read_labels
from simulator.world import World


def test_labels_are_written_once_and_read_back(world: World, origin: datetime, tmp_path: Path) -> None:
    path = tmp_path / "simulator" / "incidents.jsonl"
    incidents = world.schedule.between(origin - timedelta(days=1), origin)
    Labels(path).add(incidents[:4])
    again = Labels(path)
    again.add(incidents[2:])
    again.add(incidents)
    assert read_labels(path) == incidents
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {"id", "kind", "source", "station", "metric", "start", "end", "description"} <= set(rows[0])


def test_a_line_cut_off_by_a_crash_costs_no_other(world: World, origin: datetime, tmp_path: Path) -> None:
    path = tmp_path / "incidents.jsonl"
    incidents = world.schedule.between(origin - timedelta(days=1), origin)
    Labels(path).add(incidents[:2])
    path.write_bytes(path.read_bytes()[:-30])
    Labels(path).add(incidents[:3])
    assert read_labels(path) == [incidents[0], incidents[1], incidents[2]]


def test_no_file_is_no_label(tmp_path: Path) -> None:
    assert read_labels(tmp_path / "nothing") == []
