"""A new source is one TOML file and its samples, a new format one module: shown with those of docs/adapters.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ioc.catalog.load import SHIPPED, load_catalog
from ioc.cli.source import source_app
from streams.sources.base import Arrival

CHECKOUT = Path(__file__).parents[2]
GUIDE = (CHECKOUT / "docs" / "adapters.md").read_text(encoding="utf-8")
WATER = textwrap.dedent(GUIDE.partition("```toml\n")[2].partition("```")[0])
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


def test_the_format_of_the_guide_is_one(province: dict[str, str], now) -> None:
    code = GUIDE.partition("```python\n")[2].partition("```")[0]
    gauges = types.ModuleType("gauges")
    exec(compile(code, "docs/adapters.md", "exec"), gauges.__dict__)  # noqa: S102 - our own guide
    catalog = load_catalog(Path(province["IOC_CATALOG_DIR"]))
    arrival = Arrival(now, "gauges.txt", catalog)
    payload = b"TH_GIANG_TV01=315\r\nTH_GIANG_TV01=NaN\nnobody=1\n\xff\n"
    reading, *rejects = gauges.parse(payload, catalog.sources["muc-nuoc-song"], arrival)
    assert (reading.station, reading.metric, reading.value, reading.unit) == ("TH_GIANG_TV01", "water_level", 315, "cm")
    assert [(r.position, r.field) for r in rejects] == [(2, "value"), (3, "station"), (4, "")]
