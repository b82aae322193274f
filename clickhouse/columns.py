"""Says of every column of every view what it is, so that tools show it: ClickHouse keeps comments of tables' columns only.

A column is explained by ``views/columns.toml`` under its view's name; else by the tables and views that the view reads,
in the order in which it names them; else by the part ``every`` of that file. The comments are brought to this at every
start, for they are no part of a view's text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering
from clickhouse.views import VIEWS, Views
from ioc.settings import Settings

Comments = dict[str, dict[str, str]]  # by table or view, by column in the order of its columns
FILE = VIEWS / "columns.toml"


def explain_columns(client: Client, settings: Settings, views: Views) -> list[str]:
    """Comment the columns of views that say something else, or nothing; two processes may call it at once.

    Args:
        client: of a database with these views.
        settings: its name, and whether it lies on a cluster.
        views: that were made.

    Returns:
        The views that changed.

    Raises:
        StoreUnavailable: ClickHouse does not answer; call again.
    """
    found = _comments(client, settings.database)
    wanted = explained(found, views, tomllib.loads(FILE.read_text(encoding="utf-8")))
    changed = [name for name in wanted if wanted[name] != found[name]]
    on_cluster = f" ON CLUSTER {settings.clickhouse_cluster}" if settings.clickhouse_cluster else ""
    for name in changed:
        told = {column: text for column, text in wanted[name].items() if text != found[name][column]}
        commands = ", ".join(f"COMMENT COLUMN `{column}` {_quoted(text)}" for column, text in told.items())
        with answering(client.uri):
            client.command(f"ALTER TABLE {settings.database}.{name}{on_cluster} {commands}")
    return changed


def explained(found: Comments, views: Views, written: Mapping[str, Mapping[str, str]]) -> Comments:
    """The comment of each view's columns; empty where nothing explains one.

    Args:
        found: tables and views of the database with their comments of today.
        views: in whose order views explain those that read them.
        written: what ``columns.toml`` says.
    """
    known = dict(found)
    names = [name for name in views.order if not views[name].recomputes and name in found]
    for name in names:
        select = views[name].select
        reads = sorted(views[name].reads, key=lambda read: re.search(rf"\{{{read}\b", select).start())  # type: ignore[union-attr]
        sources = [written.get(name, {}), *(known[read] for read in reads if read in known), written.get("every", {})]
        known[name] = {column: _first(sources, column) for column in found[name]}
    return {name: known[name] for name in names}


def _first(sources: list[Mapping[str, str]], column: str) -> str:
    return next((text for source in sources if (text := source.get(column))), "")


def _comments(client: Client, database: str) -> Comments:
    sql = "SELECT table, name, comment FROM system.columns WHERE database = {db:String} ORDER BY table, position"
    found: Comments = {}
    with answering(client.uri):
        for table, column, comment in client.query(sql, parameters={"db": database}).result_rows:
            found.setdefault(table, {})[column] = comment
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
