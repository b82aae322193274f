"""What migrations and views share: whether a table is there, and statements that name what they belong to when refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering
from clickhouse.cluster import statements_for
from ioc.errors import MigrationError, QueryFailed
from ioc.settings import Settings


def has_table(client: Client, database: str, table: str) -> bool:
    """Whether the database has a table.

    Raises:
        StoreUnavailable: ClickHouse does not answer.
    """
    sql = "SELECT count() FROM system.tables WHERE database = {database:String} AND name = {table:String}"
    with answering(client.uri):
        return bool(client.query(sql, parameters={"database": database, "table": table}).first_row[0])


def run_statements(
    client: Client,
    settings: Settings,
    name: str,
    statements: Iterable[str],
    before: Callable[[], None] = lambda: None,
) -> None:
    """Run statements, or what they are on a cluster.

    Args:
        client: of the database's server.
        settings: whether there is a cluster.
        name: what the statements belong to, for the error.
        statements: in order.
        before: called before each.

    Raises:
        MigrationError: one was refused.
        StoreUnavailable: ClickHouse does not answer.
    """
    for statement in [sent for one in statements for sent in statements_for(settings, one)]:
        before()
        try:
            with answering(client.uri):
                client.command(statement)
        except QueryFailed as error:
            head = " ".join(statement.split())[:80]
            raise MigrationError(f"{name}: {head}…: {error}") from error
