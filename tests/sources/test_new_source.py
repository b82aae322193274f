"""A new source is one TOML file and its samples, nothing else: shown with one that the tests make up."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ioc.catalog.load import SHIPPED
from ioc.cli.source import source_app

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


def test_the_contract_finds_it_holds_it_and_misses_what_is_missing(province: dict[str, str]) -> None:
    half = Path(province["IOC_CATALOG_DIR"]) / "sources" / "nua-voi.toml"
    half.write_text(WATER.replace("muc-nuoc-song", "nua-voi").partition("[[stations]]")[0], encoding="utf-8")
    shutil.copytree(
        Path(province["SAMPLES_DIR"]) / "env-stations" / "bad", Path(province["SAMPLES_DIR"]) / "nua-voi" / "bad"
    )
    command = [sys.executable, "-m", "pytest", "tests/sources/test_contract.py", "-q", "-k", "muc-nuoc or every_source"]
    done = subprocess.run(command, cwd=CHECKOUT, env=province, text=True, capture_output=True, check=False)
    assert "nua-voi has no good sample" in done.stdout, done.stdout
    failed, passed = re.search(r"(\d+) failed, (\d+) passed", done.stdout).groups()
    assert int(failed) == 1
    assert int(passed) >= 10


def test_it_can_be_tried_from_the_shell(province: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOC_CATALOG_DIR", province["IOC_CATALOG_DIR"])
    sample = Path(province["SAMPLES_DIR"]) / "muc-nuoc-song" / "bad" / FILE
    done = CliRunner().invoke(source_app, ["try", "muc-nuoc-song", "--file", str(sample), "--json"])
    first, last = (json.loads(line) for line in done.stdout.splitlines())
    assert first["reject"]["field"] == "unit"
    assert last == {"records": 0, "rejects": 1}
