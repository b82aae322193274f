"""All settings, read once at an entry point from ``IOC_…`` variables and passed down; nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ioc.errors import ConfigurationError

LOCALHOST = "127.0.0.1"
PREFIX = "IOC_"
_ALIKE = 0.8  # share of equal letters from which an unknown variable is taken for a misspelt one


def _one_of(*beginnings: str) -> AfterValidator:
    """A URL that begins in one of these ways, or nothing."""

    def checked(url: str) -> str:
        if url and not any(url.startswith(b) and len(url) > len(b) for b in beginnings):
            raise ValueError(f"must begin with {' or '.join(beginnings)} and go on")
        return url

    return AfterValidator(checked)


class Settings(BaseSettings):
    """Frozen settings of one system; two data directories (and other ports) are two systems."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    data_dir: Path = Field(Path("var"), description="All state: broker file, database, inboxes, snapshots.")
    catalog_dir: Path | None = Field(None, description="Another catalogue than the shipped one (another province).")
    broker: Annotated[str, _one_of("sqlite:///", "kafka://")] = Field(
        "", description="sqlite:///path or kafka://host:port; empty: a SQLite file in the data directory."
    )
    partitions: int = Field(4, ge=1, le=1024, description="Partitions of each topic when it is created.")
    clickhouse: Annotated[str, _one_of("http://", "https://")] = Field(
        "", description="http://host:port of ClickHouse; empty: the embedded server."
    )
    clickhouse_host: str = Field(LOCALHOST, description="Address the embedded ClickHouse listens on.")
    clickhouse_port: int = Field(8123, ge=0, le=65535, description="Port of the embedded ClickHouse.")
    clickhouse_user: str = Field("default", description="ClickHouse user.")
    clickhouse_password: SecretStr = Field(SecretStr(""), description="ClickHouse password.")
    database: str = Field("ioc", pattern=r"^[a-z_][a-z0-9_]*$", description="ClickHouse database.")
    http_host: str = Field(LOCALHOST, description="Address of the page and the APIs.")
    http_port: int = Field(8080, ge=0, le=65535, description="Port of the page and the APIs.")
    gateway_mb: int = Field(
        256, ge=1, description="Memory for bodies of HTTP calls that are being taken; callers beyond it get 503."
    )
    simulated: bool = Field(True, description="Whether `ioc up` feeds the centre with the simulated province.")
    simulator_port: int = Field(8090, ge=0, le=65535, description="Port on which the simulated press serves its feeds.")
    simulator_seed: int = Field(36, description="Seed of the simulated province.")
    simulator_days: int = Field(3, ge=0, le=400, description="Days of history the simulated province starts with.")
    source_token: SecretStr = Field(
        SecretStr(""),
        description="Bearer token that departments send; empty: made once and kept in the data directory.",
    )
    archive_days: int = Field(
        7, ge=0, description="Files taken from the inbox are kept in the archive for so many days."
    )
    pack_records: int = Field(500, ge=1, le=100_000, description="A pack is sent when it holds this many records …")
    pack_linger_ms: int = Field(50, ge=0, le=10_000, description="… or when its first record is this old.")
    broker_retention_hours: float = Field(
        72, gt=0, description="Embedded broker: consumed packs older than this are deleted."
    )
    broker_retention_mb: int = Field(
        2048, ge=16, description="Embedded broker: consumed packs beyond this size are deleted, oldest first."
    )
    insert_rows: int = Field(150_000, ge=1, description="The sink inserts when it holds this many rows …")
    insert_linger_ms: int = Field(250, ge=0, description="… or when its oldest row has waited this long.")
    workers: int = Field(1, ge=1, le=64, description="Stream workers that `ioc up` starts; more than one needs Kafka.")
    worker_port: int = Field(
        0, ge=0, le=65535, description="Port of /metrics, /health and /ready of a worker that runs alone; 0: none."
    )
    keep_raw_days: int = Field(
        1100,
        ge=0,
        description="Readings, positions, camera and cyber events are kept for so many days after they came; 0: for ever.",
    )
    keep_minutes_days: int = Field(
        0,
        ge=0,
        description="Sums by the minute are made and kept for so many days: for readings that come several times a minute; 0: none.",
    )
    keep_sums_days: int = Field(
        0, ge=0, description="Sums by the hour and the day are kept for so many days; 0: for ever."
    )
    keep_personal_days: int = Field(
        730, ge=0, description="Columns with personal data are emptied so many days after they came; 0: never."
    )
    clickhouse_cluster: str = Field(
        "",
        pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$",
        description="Name of the ClickHouse cluster on which the schema is made; empty: one server.",
    )
    backup_to: str = Field(
        "Disk('backups', '{name}')",
        pattern=r"^\w+\(.*\{name\}.*\)$",
        description="Where ClickHouse puts backups, as its SQL has it, with {name}.",
    )
    rollup_every_ms: int = Field(
        1000, ge=10, le=60_000, description="Hourly and daily sums are brought up to date this often."
    )
    watchdog_s: float = Field(
        120,
        ge=5,
        description="A worker that has work and makes no progress for so many seconds is ended, to be restarted.",
    )
    broker_compression: str = Field(
        "lz4", pattern="^(lz4|zstd|none)$", description="Compression of packs on the way to Kafka."
    )
    detect: bool = Field(True, description="Whether workers look for anomalies in readings; off for bulk history.")
    goal_precision: float = Field(
        0.5,
        ge=0.05,
        le=0.95,
        description="Share of alerts that should be true: operators' verdicts move thresholds towards it.",
    )
    forecast_every_s: float = Field(3600, gt=0, description="Seconds between two looks for changed indicator series.")
    forecast_replays: int = Field(
        12, ge=0, le=60, description="Past months whose forecasts are made afterwards, to be scored at once; 0: none."
    )
    forecast_workers: int = Field(0, ge=0, le=256, description="Processes that forecast; 0: one for every core.")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least severe log lines shown.")

    @property
    def forecast_models(self) -> Path:
        """Where the last model of every forecast series is kept."""
        return self.data_dir / "models" / "forecasts"

    @property
    def broker_url(self) -> str:
        """The broker's URL with the embedded default filled in."""
        return self.broker or f"sqlite:///{(self.data_dir / 'broker.sqlite').resolve()}"

    @property
    def clickhouse_url(self) -> str:
        """ClickHouse's URL with the embedded default filled in."""
        return self.clickhouse or f"http://{self.clickhouse_host}:{self.clickhouse_port}"

    @property
    def inbox_dir(self) -> Path:
        """Where departments drop files: one folder a source."""
        return self.data_dir / "inbox"

    @property
    def page_url(self) -> str:
        """The address of the page."""
        return f"http://{self.http_host}:{self.http_port}/"


def load_settings() -> Settings:
    """Read the environment; an empty variable counts as not set.

    Raises:
        ConfigurationError: naming every variable that is wrong or misspelt, what it is for and what would be right.
    """
    faults = _misspelt(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        faults += [_fault(str(e["loc"][0]), str(e["msg"]), e["input"]) for e in error.errors()]
    if faults:
        raise ConfigurationError("; ".join(faults))
    return settings


def settings_table() -> str:
    """Every setting as a Markdown table, for docs/settings.md."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = f"`{default}`" if default not in ("", None) else "–"
        rows.append(f"| `{variable(name)}` | {shown} | {field.description} |")
    return "\n".join(rows) + "\n"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def _fault(name: str, message: str, given: object) -> str:
    field = Settings.model_fields[name]
    reason = message.removeprefix("Value error, ").removeprefix("Input ").removeprefix("String ")
    purpose = (field.description or "").rstrip(". …")
    advice = f"correct it, or unset it for the default {field.default}" if field.default else "correct it or unset it"
    return f"{variable(name)}={given}: {reason} ({purpose}); {advice}"


def _misspelt(names: Iterable[str]) -> list[str]:
    known = [variable(name) for name in Settings.model_fields]
    unknown = sorted(name for name in names if name.startswith(PREFIX) and name not in known)
    return [
        f"{name}: is no setting, did you mean {close[0]}? Correct it or unset it"
        for name in unknown
        if (close := get_close_matches(name, known, n=1, cutoff=_ALIKE))
    ]
