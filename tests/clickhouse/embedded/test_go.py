"""clickhouse-go v2 in HTTP mode, the client inside Grafana's data source, against the embedded server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent.parent / "gocli"
USUAL_PLACE = "/usr/local/go/bin"


LEAST = (1, 21)  # fetches the tool chain that go.mod asks for by itself


def _go() -> str | None:
    go = shutil.which("go", path=os.pathsep.join([os.environ.get("PATH", ""), USUAL_PLACE]))
    if go is None:
        return None
    told = subprocess.run([go, "version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"go(\d+)\.(\d+)", told)
    return go if version and (int(version[1]), int(version[2])) >= LEAST else None


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, built; the first build on a machine takes a minute, later ones a second."""
    go = _go()
    if go is None:
        missing = f"Go {'.'.join(map(str, LEAST))} or newer is not installed: apt-get install golang-go (Debian 12: from backports)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    target = tmp_path_factory.mktemp("go") / "gocli"
    built = subprocess.run([go, "build", "-o", target, "."], cwd=SOURCES, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return target


@pytest.mark.go
@pytest.mark.timeout(900)
def test_clickhouse_go_finds_a_server(program, store_settings):
    address = store_settings.clickhouse.removeprefix("http://")
    ran = subprocess.run(
        [program, address, store_settings.database, "default", ""],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found.pop("Version").startswith("2")
    packed = {"Rows": 100_000, "Big": 499_999_500_000, "ErrorCode": 47}
    assert found.pop("Packed") == dict.fromkeys(["none", "lz4", "zstd", "gzip", "deflate", "br"], packed)
    assert found == {
        "Sum": 499_500,
        "Nulls": 500,
        "Names": ["trạm 0", "trạm 1", "trạm 2"],
        "At": "2026-11-24T03:15:00.123Z",
        "Tags": ["bụi", "mịn"],
        "Targets": {"2026": 1.5},
        "Parameter": "Nghi Sơn's",
        "Empty": 0,
        "Big": 499_999_500_000,
        "ErrorCode": 47,
        "Concurrent": 120,
        "Cancelled": True,
    }
