"""Settings: each from its variable, frozen, wrong ones named with what to do, and all of them documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from ioc.errors import ConfigurationError
from ioc.settings import Settings, load_settings, settings_table, variable

CHECKOUT = Path(__file__).parents[2]
NAMES = sorted(Settings.model_fields)

GOOD = {
    "data_dir": ("/srv/elsewhere", Path("/srv/elsewhere")),
    "catalog_dir": ("/srv/province", Path("/srv/province")),
    "broker": ("kafka://10.0.0.1:9092", "kafka://10.0.0.1:9092"),
    "partitions": ("12", 12),
    "keep_raw_days": ("0", 0),
    "keep_minutes_days": ("7", 7),
    "keep_sums_days": ("3650", 3650),
    "keep_personal_days": ("365", 365),
    "clickhouse_cluster": ("tinh", "tinh"),
    "backup_to": ("File('/srv/{name}')", "File('/srv/{name}')"),
    "clickhouse": ("http://10.0.0.2:8123", "http://10.0.0.2:8123"),
    "clickhouse_host": ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - a value, nothing listens
    "clickhouse_port": ("0", 0),
    "clickhouse_user": ("ioc", "ioc"),
    "clickhouse_password": ("mật khẩu", SecretStr("mật khẩu")),
    "database": ("ioc_test", "ioc_test"),
    "http_host": ("::1", "::1"),
    "http_port": ("8181", 8181),
    "gateway_mb": ("64", 64),
    "simulated": ("false", False),
    "simulator_port": ("8191", 8191),
    "simulator_seed": ("7", 7),
    "simulator_days": ("0", 0),
    "source_token": ("t0k3n", SecretStr("t0k3n")),
    "archive_days": ("0", 0),
    "pack_records": ("1000", 1000),
    "pack_linger_ms": ("0", 0),
    "broker_retention_hours": ("0.5", 0.5),
    "broker_retention_mb": ("64", 64),
    "insert_rows": ("1", 1),
    "insert_linger_ms": ("5", 5),
    "workers": ("3", 3),
    "worker_port": ("9101", 9101),
    "rollup_every_ms": ("10", 10),
    "watchdog_s": ("30", 30.0),
    "broker_compression": ("zstd", "zstd"),
    "detect": ("no", False),
    "goal_precision": ("0.7", 0.7),
    "forecast_every_s": ("60", 60.0),
    "forecast_replays": ("6", 6),
    "forecast_workers": ("2", 2),
    "log_level": ("DEBUG", "DEBUG"),
}
WRONG = {
    "broker": ["redis://x", "kafka://", "localhost:9092"],
    "keep_raw_days": ["-1", "x"],
    "keep_minutes_days": ["-1", "x"],
    "keep_sums_days": ["-1", "x"],
    "keep_personal_days": ["-1", "x"],
    "backup_to": ["/srv/backups", "File('/srv/backup')"],
    "clickhouse_cluster": ["một cụm", "a-b", "'x'"],
    "partitions": ["0", "1025", "four", "1.5"],
    "clickhouse": ["10.0.0.2:8123", "tcp://x:9000", "https://"],
    "clickhouse_port": ["-1", "65536", "x"],
    "database": ["1oc", "a-b", "x; DROP TABLE y", "IOC"],
    "http_port": ["65536"],
    "simulated": ["maybe"],
    "simulator_days": ["-1", "401"],
    "archive_days": ["-1"],
    "pack_records": ["0"],
    "broker_retention_hours": ["0", "nan"],
    "insert_rows": ["0"],
    "workers": ["0", "two"],
    "worker_port": ["-1", "65536"],
    "rollup_every_ms": ["0", "60001"],
    "watchdog_s": ["1"],
    "broker_compression": ["gzip", "LZ4"],
    "detect": ["perhaps"],
    "log_level": ["LOUD", "debug"],
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(variable(name), raising=False)


def test_every_setting_is_tried_here() -> None:
    assert set(GOOD) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text, value = GOOD[name]
    assert getattr(load_settings(), name) != value
    monkeypatch.setenv(f"IOC_{name.upper()}", text)
    assert getattr(load_settings(), name) == value


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(variable(name), "")
    assert load_settings() == Settings()


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
def test_a_wrong_one_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(variable(name), text)
    with pytest.raises(ConfigurationError) as error:
        load_settings()
    message = str(error.value)
    assert message.startswith(f"{variable(name)}={text}: ")
    assert "correct it" in message
    assert "unset it" in message
    assert "\n" not in message


def test_all_wrong_ones_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOC_HTTP_PORT", "x")
    monkeypatch.setenv("IOC_PARTITIONS", "0")
    monkeypatch.setenv("IOC_PARTITION", "3")
    with pytest.raises(ConfigurationError, match="IOC_PARTITION: is no setting.*IOC_PARTITIONS=0.*IOC_HTTP_PORT=x"):
        load_settings()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("IOC_DATADIR", "IOC_DATA_DIR"), ("IOC_HTTP_POT", "IOC_HTTP_PORT"), ("IOC_CLICKHOUSE_USR", "IOC_CLICKHOUSE_USER")],
)
def test_a_misspelt_variable_is_not_silently_without_effect(
    monkeypatch: pytest.MonkeyPatch, typed: str, meant: str
) -> None:
    monkeypatch.setenv(typed, "x")
    with pytest.raises(ConfigurationError, match=f"{typed}: is no setting, did you mean {meant}"):
        load_settings()


def test_foreign_variables_are_nobodys_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOC_SUPERVISED_BY", "1")
    monkeypatch.setenv("BIOC_PARTITION", "1")
    assert load_settings() == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_frozen(name: str) -> None:
    with pytest.raises(ValidationError):
        setattr(load_settings(), name, GOOD[name][1])


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOC_CLICKHOUSE_PASSWORD", "bimat")
    monkeypatch.setenv("IOC_SOURCE_TOKEN", "bimat")
    assert "bimat" not in repr(load_settings()) + str(load_settings()) + settings_table()


def test_embedded_defaults_are_derived_from_the_data_directory_and_ports() -> None:
    settings = Settings(data_dir=Path("/srv/x"), clickhouse_port=8124, http_port=8081)
    assert settings.broker_url == "sqlite:////srv/x/broker.sqlite"
    assert settings.clickhouse_url == "http://127.0.0.1:8124"
    assert settings.page_url == "http://127.0.0.1:8081/"
    assert settings.inbox_dir == Path("/srv/x/inbox")
    assert Settings(broker="kafka://k:9092").broker_url == "kafka://k:9092"
    assert Settings(clickhouse="https://c").clickhouse_url == "https://c"


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_says_what_it_is_for(name: str) -> None:
    assert Settings.model_fields[name].description


def test_the_documentation_holds_the_table_of_all_settings() -> None:
    """To mend it: python -c "from ioc.settings import settings_table; print(settings_table())"."""
    assert settings_table() in (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_nothing_else_reads_a_setting_from_the_environment() -> None:
    for package in ("ioc", "streams", "models", "forecasting", "nlp", "clickhouse", "grafana", "simulator"):
        for path in (CHECKOUT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            found = re.findall(r"(?:environ|getenv)\b[^\n]*?(IOC_\w+)", text)
            assert not found or path.name == "settings.py", (path, found)
