"""A new source is one TOML file and its samples, nothing else: shown with one that the tests make up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ioc.catalog.load import SHIPPED

CHECKOUT = Path(__file__).parents[2]
WATER = """
id = "muc-nuoc-song"
name = "Mực nước các sông"
plan_row = "2.12"
agency = "so-nnmt"
adapter = "tt10"
transport = "folder"
patterns = ["*.txt"]

[[metrics]]
id = "water_level"
name = "Mực nước"
names = ["H", "Mực nước"]
units = ["cm", "CM"]
low = -300.0
high = 2000.0

[[stations]]
code = "TH_GIANG_TV01"
name = "Trạm thủy văn Giàng"
area = "14797"
metrics = ["water_level"]
"""
FILE = "TH_GIANG_TV01_20261124100000.txt"


@pytest.fixture
def province(tmp_path: Path) -> dict[str, str]:
    """A catalogue and samples with one source more; the environment that points there."""
    catalog, samples = tmp_path / "catalog", tmp_path / "samples"
    shutil.copytree(SHIPPED, catalog, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(CHECKOUT / "tests" / "fixtures" / "sources", samples)
    (catalog / "sources" / "muc-nuoc-song.toml").write_text(WATER, encoding="utf-8")
    for quality, line in (("good", "H\t315\tcm\t20261124100000\t00\n"), ("bad", "H\t3,15\tm\t20261124100000\t00\n")):
        (samples / "muc-nuoc-song" / quality).mkdir(parents=True)
        (samples / "muc-nuoc-song" / quality / FILE).write_text(line, encoding="utf-8")
    return {**os.environ, "IOC_CATALOG_DIR": str(catalog), "SAMPLES_DIR": str(samples)}


def contract(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "tests/sources/test_contract.py", "-q", "-k", "muc-nuoc or every_source"]
    return subprocess.run(command, cwd=CHECKOUT, env=env, text=True, capture_output=True, check=False)


def test_the_contract_finds_it_and_holds(province: dict[str, str]) -> None:
    done = contract(province)
    assert done.returncode == 0, done.stdout
    assert int(done.stdout.rpartition(" passed")[0].split()[-1]) >= 10


def test_the_contract_misses_its_sample(province: dict[str, str]) -> None:
    (Path(province["SAMPLES_DIR"]) / "muc-nuoc-song" / "bad" / FILE).unlink()
    done = contract(province)
    assert done.returncode == 1
    assert "muc-nuoc-song has no bad sample" in done.stdout


def test_it_can_be_tried_from_the_shell(province: dict[str, str]) -> None:
    sample = Path(province["SAMPLES_DIR"]) / "muc-nuoc-song" / "bad" / FILE
    script = "from ioc.cli.source import source_app; source_app()"
    command = [sys.executable, "-c", script, "try", "muc-nuoc-song", "--file", str(sample), "--json"]
    done = subprocess.run(command, env=province, text=True, capture_output=True, check=True)
    first, last = (json.loads(line) for line in done.stdout.splitlines())
    assert first["reject"]["field"] == "unit"
    assert last == {"records": 0, "rejects": 1}
