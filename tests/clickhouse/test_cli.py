"""`ioc migrate` and `ioc clickhouse`, as they are typed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid

import pytest
from typer.testing import CliRunner

from clickhouse.client import connect
from clickhouse.migrate import migrations
from ioc.cli.main import command_line

RUNNER = CliRunner()


@pytest.fixture
def settings(clickhouse_server, monkeypatch):
    """A database that does not exist yet, named by the environment."""
    settings = clickhouse_server.model_copy(update={"database": f"c_{uuid.uuid4().hex[:12]}"})
    monkeypatch.setenv("IOC_CLICKHOUSE", settings.clickhouse)
    monkeypatch.setenv("IOC_DATABASE", settings.database)
    yield settings
    connect(settings, database=False).command(f"DROP DATABASE IF EXISTS {settings.database} SYNC")


def run(*arguments):
    done = RUNNER.invoke(command_line(["migrate"]), ["migrate", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_migrate_shows_does_and_shows_that_it_is_done(settings):
    first = migrations()[0].name
    assert "chưa" in run("--list")
    planned = run("--dry-run")
    assert planned.startswith(f"-- {first}\n")
    assert f"CREATE TABLE IF NOT EXISTS {settings.database}.readings" in planned
    assert settings.database not in connect(settings, database=False).query("SHOW DATABASES").result_columns[0]
    assert first in run()
    assert run("--dry-run") == ""
    listed = run("--list")
    assert first in listed
    assert "chưa" not in listed
    assert connect(settings).command("SELECT count() FROM dim_sources") > 0
    assert "lược đồ đã mới nhất" in run()


def test_clickhouse_runs_in_the_foreground_until_ctrl_c(tmp_path):
    env = os.environ | {"IOC_DATA_DIR": str(tmp_path), "IOC_CLICKHOUSE_PORT": "0"}
    command = [sys.executable, "-m", "ioc.cli.main", "clickhouse"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ClickHouse: http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
