"""Reads a whole database to say what it holds, so that two copies of it can be compared."""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering
from clickhouse.copying import Told, silent
from clickhouse.manifest import Content, Held
from ioc.errors import QueryFailed


def contents(client: Client, database: str, told: Told = silent) -> dict[str, Content]:
    """What the tables of a database hold; reads every byte, so a damaged block is met.

    Raises:
        QueryFailed: a table cannot be read; its name is in the message.
    """
    sql = "SELECT name FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree' ORDER BY name"
    with answering(client.uri):
        names = [
            name
            for (name,) in client.query(sql, parameters={"database": database}).result_rows
            if not name.startswith(".inner")
        ]
    found = {}
    for number, name in enumerate(names):
        told("kiểm dữ liệu", number / len(names))
        try:
            with answering(client.uri):
                row = client.query(f"SELECT count(), sum(cityHash64(tuple(*))) FROM {database}.`{name}`").first_row
        except QueryFailed as error:
            raise QueryFailed(f"table {name}: {error}", error.code) from error
        found[name] = Content(*row)
    told("kiểm dữ liệu", 1.0)
    return found


def held_offsets(client: Client, database: str) -> list[Held]:
    """Which of the broker's messages the rows of a database came with, by topic and partition."""
    sql = "SELECT table FROM system.columns WHERE database = {database:String} AND name = '_topic' ORDER BY table"
    found: list[Held] = []
    with answering(client.uri):
        for (table,) in client.query(sql, parameters={"database": database}).result_rows:
            rows = client.query(
                f"SELECT _topic, _partition, min(_offset), max(_offset) FROM {database}.`{table}`"
                " WHERE _topic != '' GROUP BY ALL ORDER BY ALL"
            ).result_rows
            found += [Held(*row) for row in rows]
    return _joined(found)


def _joined(found: list[Held]) -> list[Held]:
    """A topic's rows may lie in more than one table."""
    spans: dict[tuple[str, int], Held] = {}
    for held in found:
        key = (held.topic, held.partition)
        known = spans.get(key, held)
        spans[key] = Held(*key, min(held.lowest, known.lowest), max(held.highest, known.highest))
    return [spans[key] for key in sorted(spans)]
