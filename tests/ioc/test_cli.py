"""`ioc source`, `ioc catalog` and `ioc schema`, as a person types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ioc.catalog.load import SHIPPED
from ioc.cli.catalog import catalog_app
from ioc.cli.schema import schema
from ioc.cli.source import source_app
from ioc.errors import ConfigurationError
from ioc.records import KINDS

SAMPLES = Path(__file__).parents[1] / "fixtures" / "sources"
RUNNER = CliRunner()
SCHEMA = typer.Typer()
SCHEMA.command()(schema)


def lines(*arguments: str) -> list[dict]:
    done = RUNNER.invoke(source_app, list(arguments))
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_list_as_json() -> None:
    rows = lines("list", "--json")
    assert [row["id"] for row in rows] == sorted(path.stem for path in (SHIPPED / "sources").glob("*.toml"))
    for row in rows:
        assert list(row) == ["id", "plan_row", "agency", "adapter", "transport", "state"]
    assert rows[0]["state"] == "enabled"


def test_list_for_people() -> None:
    done = RUNNER.invoke(source_app, ["list"])
    assert done.exit_code == 0
    assert "Nguồn dữ liệu" in done.stdout
    assert "env-stations" in done.stdout


@pytest.mark.parametrize(
    ("source_id", "file", "records", "rejects"),
    [
        ("press-baothanhhoa", "bad/cut.xml", 2, 1),
        ("one-stop-dossiers", "bad/sai.json", 0, 12),
        ("indicators", "good/la.csv", 24, 0),
        ("env-stations", "bad/khong-dung-ten.txt", 0, 1),
    ],
)
def test_try_as_json(source_id: str, file: str, records: int, rejects: int) -> None:
    *parts, last = lines("try", source_id, "--file", str(SAMPLES / source_id / file), "--json")
    total = records + rejects
    assert list(last) == ["records", "rejects"]
    assert last["records"] + last["rejects"] == len(parts) == total
    for part in parts:
        assert list(part) in (["record"], ["reject"])
    assert sum("reject" in part for part in parts) == last["rejects"]
    for part in parts:
        if "reject" in part:
            assert list(part["reject"]) == ["field", "reason", "position", "raw"]
        else:
            assert part["record"]["kind"] in KINDS


def test_try_with_a_hint(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("timestamp,value\n2026-01-01 00:00,1\n", encoding="utf-8")
    first, last = lines("try", "series-csv", "--file", str(file), "--json", "--hint", "station=QL1A km=320")
    assert first["record"]["station"] == "QL1A km=320"
    assert last == {"records": 1, "rejects": 0}


def test_try_for_people_shows_ten_and_counts_all(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = "".join(f"2026-01-01 00:{minute:02d},{minute}\n" for minute in range(40))
    file.write_text(f"timestamp,value\n{rows}x,[red]1[/]\n", encoding="utf-8")
    done = RUNNER.invoke(source_app, ["try", "series-csv", "--file", str(file)], env={"COLUMNS": "250"})
    assert done.exit_code == 0
    assert "40 bản ghi, 1 bị từ chối" in done.stdout
    assert "[red]" in done.stdout
    assert done.stdout.count("2026-01-01T00:") == 10


def test_try_of_a_giant_file_reads_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    with file.open("wb") as sparse:
        sparse.truncate(50 << 30)
    first, last = lines("try", "syslog", "--file", str(file), "--json")
    assert first["reject"]["reason"] == "51200.0 MB, this source may send 16 MB at once; split it"
    assert last == {"records": 0, "rejects": 1}


def test_try_of_an_unknown_source_names_those_there_are() -> None:
    done = RUNNER.invoke(source_app, ["try", "nope", "--file", str(SAMPLES / "indicators/good/la.csv")])
    assert isinstance(done.exception, ConfigurationError)
    assert "no source 'nope' in the catalogue; there are env-stations" in str(done.exception)


def test_try_of_a_missing_file_is_a_usage_error() -> None:
    assert RUNNER.invoke(source_app, ["try", "syslog", "--file", "/nowhere"]).exit_code == 2


def test_check_counts_what_is_there() -> None:
    done = RUNNER.invoke(catalog_app, ["check"])
    assert done.exit_code == 0, done.output
    assert "194 đơn vị hành chính" in done.stdout
    assert "8 nguồn" in done.stdout


def test_check_lists_every_error_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SHIPPED, tmp_path / "c", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setenv("IOC_CATALOG_DIR", str(tmp_path / "c"))
    for file in ("env-stations", "syslog"):
        path = tmp_path / "c" / "sources" / f"{file}.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("every_s =", "every ="), encoding="utf-8")
    done = RUNNER.invoke(catalog_app, ["check"])
    assert done.exit_code == 1
    first, second, last = done.stdout.splitlines()
    assert first.startswith(f"{tmp_path}/c/sources/env-stations.toml:9: every: unknown key")
    assert second.startswith(f"{tmp_path}/c/sources/syslog.toml:")
    assert last.startswith("2 lỗi")


def test_check_knows_the_adapters(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "c", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / "c" / "sources" / "syslog.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"syslog"', '"sislog"', 2).replace('"sislog"', '"syslog"', 1)
    )
    done = RUNNER.invoke(catalog_app, ["check", "--dir", str(tmp_path / "c")])
    assert done.exit_code == 1
    assert "syslog.toml:6: adapter: no adapter 'sislog' in streams/sources; there are dossiers" in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_schema_of_every_kind(kind: str) -> None:
    done = RUNNER.invoke(SCHEMA, [kind])
    assert done.exit_code == 0
    body = json.loads(done.stdout)
    assert body["$schema"].startswith("https://json-schema.org/")
    assert "event_id" in json.dumps(body)


def test_schema_of_an_unknown_kind_names_those_there_are() -> None:
    done = RUNNER.invoke(SCHEMA, ["nope"])
    assert isinstance(done.exception, ConfigurationError)
    assert "there are readings, dossiers" in str(done.exception)
