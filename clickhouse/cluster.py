"""Rewrites our DDL for a cluster: tables become replicated and sharded, and keep their names for whoever asks.

Of a table `x` every shard holds a part as `x_local`, replicated within the shard; `x` itself is Distributed over them.
Rows that replace each other lie on one shard, for rows are spread by the identity that `x_local` is sorted by. Names of
the catalogue (`dim_…`) and our own notes (`schema_…`) are whole on every server, so that views join them without network.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from clickhouse.alter import commands
from clickhouse.ddl import Ddl, column_types, name_at, parsed
from ioc.errors import ConfigurationError
from ioc.settings import Settings

_EVERYWHERE = ("dim_", "schema_")


def clustered(statement: str, database: str, cluster: str) -> list[str]:
    """The statements that do on a cluster what one of ours does on a server, in order.

    Args:
        statement: without semicolon, the database's name filled in.
        database: that it may speak of.
        cluster: name of the cluster in the servers' configuration.

    Raises:
        ConfigurationError: that cannot be a cluster's name.
        MigrationError: there is no rule for this statement.
    """
    if not re.fullmatch(r"[A-Za-z_]\w*", cluster):
        raise ConfigurationError(f"IOC_CLICKHOUSE_CLUSTER={cluster}: a name has letters, digits and _")
    ddl = parsed(statement, database, cluster)
    rule = _RULES.get(ddl.verb)
    if rule is None:
        raise ddl.refused("there is no rule for it in clickhouse/cluster.py")
    ddl.check()
    return rule(ddl)


def statements_for(settings: Settings, statement: str) -> list[str]:
    """What is sent to ClickHouse for one of our statements: itself, or what does it on the cluster of the settings.

    Raises:
        MigrationError: see `clustered`.
    """
    if not settings.clickhouse_cluster:
        return [statement]
    return clustered(statement, settings.database, settings.clickhouse_cluster)


def is_everywhere(table: str) -> bool:
    """Whether every server of a cluster holds all rows of a table."""
    return table.startswith(_EVERYWHERE)


def local(table: str) -> str:
    """The table that holds a table's rows on a cluster."""
    return table if is_everywhere(table) else f"{table}_local"


def _on_cluster(statement: Ddl) -> list[str]:
    """Views and databases are the same on every server."""
    return [f"{statement.text[: statement.name_end]}{statement.on_cluster}{statement.text[statement.name_end :]}"]


def _create_table(statement: Ddl) -> list[str]:
    table, database, cluster = statement.name, statement.database, statement.cluster
    own = statement.with_name(local(table), rest=_replicated(statement))
    if is_everywhere(table):
        return [own]
    comment = statement.clause("COMMENT")
    return [
        own,
        f"CREATE TABLE IF NOT EXISTS {database}.{table}{statement.on_cluster} AS {database}.{local(table)}\n"
        f"ENGINE = Distributed('{cluster}', '{database}', '{local(table)}', {_sharding(statement)})"
        + (f"\nCOMMENT {comment[0].text}" if comment else ""),
    ]


def _replicated(statement: Ddl) -> str:
    """What follows the name, with the engine replicated."""
    engine = [token for token in statement.clause("ENGINE") if not token.is_mark("=")]
    if not engine or not engine[0].text.endswith("MergeTree") or engine[0].text.startswith("Replicated"):
        raise statement.refused("only plain …MergeTree tables are replicated")
    whole = is_everywhere(statement.name)
    path = f"/clickhouse/tables/{'all' if whole else '{shard}'}/{statement.database}/{statement.name}"
    arguments = [f"'{path}'", "'{shard}-{replica}'" if whole else "'{replica}'"]
    if given := "".join(token.text for token in engine[2:-1]):
        arguments.append(given)
    fresh = f"Replicated{engine[0].text}({', '.join(arguments)})"
    return statement.text[statement.name_end : engine[0].start] + fresh + statement.text[engine[-1].end :]


def _sharding(statement: Ddl) -> str:
    """Of records their identity, of sums and states what they are about: never a time, so that a series stays together."""
    key = [token.text.strip("`") for token in statement.clause("ORDER") if token.kind in {"word", "name"}][1:]
    types = column_types(statement)
    if unknown := [column for column in key if column not in types]:
        raise statement.refused(f"ORDER BY may only name columns, not {unknown[0]}")
    about = ["event_id"] if "event_id" in key else [column for column in key if "Date" not in types[column]]
    if not about:
        raise statement.refused("its ORDER BY has nothing but times, so that its rows cannot be spread")
    return f"cityHash64({', '.join(about)})"


def _create_materialized_view(statement: Ddl) -> list[str]:
    """It is fed by what arrives on a server, and hands on to whichever shard the row belongs to."""
    found = statement.found
    if statement.at >= len(found) or not found[statement.at].is_word("TO"):
        raise statement.refused("a materialized view must write TO a table")
    _, at = name_at(found, statement.at + 1)
    sources = [
        found[i + 2]
        for i in range(at, len(found) - 2)
        if found[i].text.strip("`") == statement.database and found[i + 1].is_mark(".")
    ]
    if len(sources) != 1:
        raise statement.refused("a materialized view may read no table but the one that feeds it")
    source = sources[0]
    rest = statement.text[statement.name_end : source.start] + local(source.text) + statement.text[source.end :]
    return [statement.with_name(statement.name, rest=rest)]


def _alter_table(statement: Ddl) -> list[str]:
    """Replication carries a change to the copies of a table that is whole everywhere; others change shard by shard."""
    head = statement.text[statement.name_end :][: statement.found[statement.at].start - statement.name_end]
    found = commands(statement.text, statement.found[statement.at :])
    if wrong := [command for command in found if command.of == "nobody"]:
        raise statement.refused(f"there is no rule for {wrong[0].text[:40]!r} in clickhouse/alter.py")
    if is_everywhere(statement.name):
        return [statement.text]
    own = statement.with_name(local(statement.name))
    both = ", ".join(command.text for command in found if command.of == "both")
    return [own, statement.with_name(statement.name, rest=head + both)] if both else [own]


def _drop_table(statement: Ddl) -> list[str]:
    whole = statement.with_name(statement.name)
    return [whole] if is_everywhere(statement.name) else [whole, statement.with_name(local(statement.name))]


def _truncate_table(statement: Ddl) -> list[str]:
    return [statement.with_name(local(statement.name), on_cluster=not is_everywhere(statement.name))]


def _insert(statement: Ddl) -> list[str]:
    """Distributed tables take and give rows of all shards."""
    return [statement.text]


_RULES: dict[str, Callable[[Ddl], list[str]]] = {
    "CREATE DATABASE": _on_cluster,
    "CREATE TABLE": _create_table,
    "CREATE VIEW": _on_cluster,
    "CREATE MATERIALIZED VIEW": _create_materialized_view,
    "ALTER TABLE": _alter_table,
    "DROP DATABASE": _on_cluster,
    "DROP TABLE": _drop_table,
    "DROP VIEW": _on_cluster,
    "TRUNCATE TABLE": _truncate_table,
    "INSERT": _insert,
}
