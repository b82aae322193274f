"""How long tables keep their rows, and personal columns their content: brought to the settings at every start.

Raw records go so many days after they were received, so that history which is imported today does not vanish tonight;
sums go by their own time. Decisions, statistics, press and forecasts are kept for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clickhouse.client import answering, connect
from clickhouse.cluster import statements_for
from clickhouse.declared import declared_tables, kind_of
from ioc.records import KINDS
from ioc.settings import Settings

RAW = ("readings", "positions", "camera_events", "cyber_events", "hotspots", "freshness")
SUMS = {"readings_hourly": "hour", "cyber_events_hourly": "hour", "stances_daily": "day"}
MINUTES = {"readings_minutely": "minute"}


def apply_retention(settings: Settings) -> list[str]:
    """Bring the TTL of every table and personal column to the settings.

    ClickHouse rewrites what must go in the background; a table that is as it should be is not touched.

    Returns:
        The statements that ran.

    Raises:
        StoreUnavailable: ClickHouse does not answer; call again.
    """
    client = connect(settings)
    sql = (
        "SELECT name, engine_full, create_table_query FROM system.tables"
        " WHERE database = {db:String} AND engine LIKE '%MergeTree'"
    )
    with answering(client.uri):
        rows = client.query(sql, parameters={"db": settings.database}).result_rows
        if settings.clickhouse_cluster:  # rows lie in x_local, x is Distributed over them
            rows = [(name.removesuffix("_local"), *made) for name, *made in rows]
        engines = {name: engine for name, engine, _ in rows}
        statements = [*_tables(settings, engines), *_columns(settings, {name: query for name, _, query in rows})]
        if not settings.keep_minutes_days and client.command(
            f"SELECT count() FROM {settings.database}.readings_minutely"
        ):
            # What is no longer brought up to date must not be taken for what is.
            statements.append(f"TRUNCATE TABLE {settings.database}.readings_minutely")
        for statement in statements:
            for sent in statements_for(settings, statement):
                client.command(sent)
    return statements


def _tables(settings: Settings, engines: dict[str, str]) -> Iterator[str]:
    wanted = dict.fromkeys(RAW, ("received_at", settings.keep_raw_days))
    wanted |= {table: (time, settings.keep_sums_days) for table, time in SUMS.items()}
    wanted |= {table: (time, settings.keep_minutes_days) for table, time in MINUTES.items()}
    for table, (time, days) in wanted.items():
        if _days(engines[table]) != days:
            change = f"MODIFY TTL {_expression(time, days)}" if days else "REMOVE TTL"
            yield f"ALTER TABLE {settings.database}.{table} {change}"


def _columns(settings: Settings, made: dict[str, str]) -> Iterator[str]:
    days = settings.keep_personal_days
    for table, columns in declared_tables().items():
        personal = KINDS[kind].personal if (kind := kind_of(table)) else ()
        for column in [name for name in personal if name in columns]:
            definition = re.search(rf"[(,]\s*`{column}` ((?:[^,'(]|'(?:[^'\\]|\\.)*'|\((?:[^()]|\([^()]*\))*\))*)", made[table])  # fmt: skip
            if definition is None or _days(definition[1]) != days:
                change = f"TTL {_expression('received_at', days)}" if days else "REMOVE TTL"
                yield f"ALTER TABLE {settings.database}.{table} MODIFY COLUMN {column} {change}"


def _expression(time: str, days: int) -> str:
    moment = time if time != "received_at" else f"toDateTime({time})"
    return f"{moment} + toIntervalDay({days})"


def _days(definition: str) -> int:
    """Of the TTL in a definition as ClickHouse writes it; 0 without one."""
    found = re.search(r"\bTTL [^,]*?toIntervalDay\((\d+)\)", definition)
    return int(found[1]) if found else 0
