"""Makes the views anew whenever their text changed; numbered migrations make what holds data, this makes what does not."""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from clickhouse.applying import has_table, run_statements
from clickhouse.client import answering, connect
from clickhouse.columns import explain_columns
from clickhouse.lock import migration_lock
from clickhouse.views import Views
from ioc.settings import Settings

TABLE = "schema_views"

_CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS {database}.schema_views
(
    name String COMMENT 'Tên khung nhìn | view',
    checksum String COMMENT 'SHA-256 của câu lệnh, rỗng khi đã bỏ | SHA-256 of its statements, empty once dropped',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'Lúc tạo | made'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY name
COMMENT 'Các khung nhìn đã tạo | views that were made'
"""


def outdated_views(settings: Settings, views: Views | None = None) -> list[str]:
    """Views that `install_views` would make or drop, in its order; changes nothing.

    Raises:
        StoreUnavailable: ClickHouse does not answer.
    """
    client = connect(settings, database=False)
    return _outdated(views or Views(), settings.database, _made(client, settings.database))


def install_views(settings: Settings, views: Views | None = None) -> list[str]:
    """Make the views whose text changed, drop those that are no more, explain columns; two processes may call it at once.

    Args:
        settings: a migrated database.
        views: the shipped ones if None.

    Returns:
        What was made or dropped.

    Raises:
        MigrationError: ClickHouse refuses a view.
        StoreUnavailable: ClickHouse does not answer; call again.
    """
    views = views or Views()
    client = connect(settings, database=False)
    left = _install(client, settings, views)
    explain_columns(client, settings, views)
    return left


def _install(client: Client, settings: Settings, views: Views) -> list[str]:
    database = settings.database
    if not _outdated(views, database, _made(client, database)):
        return []
    run_statements(client, settings, TABLE, [_CREATE_TABLE.replace("{database}", database).strip()])
    with migration_lock(client, database) as keep:
        left = _outdated(views, database, _made(client, database))
        statements, sums = views.statements(database), views.checksums(database)
        for name in left:
            run_statements(client, settings, name, statements.get(name) or _dropped(database, name), keep)
            with answering(client.uri):
                row = [name, sums.get(name, "")]
                client.insert(TABLE, [row], column_names=["name", "checksum"], database=database)
    return left


def _outdated(views: Views, database: str, made: dict[str, str]) -> list[str]:
    """A view that reads a changed view is made anew too: ClickHouse keeps the columns of the old one in it."""
    wanted = views.checksums(database)
    changed: set[str] = set()
    for name in views.order:
        if wanted[name] != made.get(name) or views[name].reads & changed:
            changed.add(name)
    gone = [name for name, checksum in made.items() if checksum and name not in wanted]
    return [name for name in views.order if name in changed] + gone


def _made(client: Client, database: str) -> dict[str, str]:
    if not has_table(client, database, TABLE):
        return {}
    with answering(client.uri):
        return dict(client.query(f"SELECT name, checksum FROM {database}.{TABLE} FINAL").result_rows)


def _dropped(database: str, name: str) -> list[str]:
    return [f"DROP VIEW IF EXISTS {database}.{name}", f"DROP VIEW IF EXISTS {database}.{name}_at"]
