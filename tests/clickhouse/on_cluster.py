"""Runs the statements of ``FOLDER/all.sql`` in an engine that knows a cluster ``th`` and may make Distributed tables.

Then asks every view; the servers of the cluster are not there, so answers are empty, but a query that a cluster would
refuse is refused. Prints the tables of the database and their engines; ends with status 1 at the first refusal.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clickhouse.embedded import config
from clickhouse.embedded.engine import Connection, Engine, use_utc

_SHARD = "<shard><replica><host>127.0.0.1</host><port>9</port></replica></shard>"
CLUSTER = f"<remote_servers><th>{_SHARD}{_SHARD}</th></remote_servers>"
PROFILE = ", distributed_product_mode = 'global'"  # what docs/clusters.md wants


def main(folder: Path) -> None:
    """See the module's first line."""
    use_utc()
    config._CONFIG = config._CONFIG.replace("</clickhouse>", f"{CLUSTER}</clickhouse>")
    config.GRANTS = ("GRANT ALL ON *.*",)  # type: ignore[assignment]
    config.rows_xml = lambda _database: ""  # on a cluster the rows of departments are guarded in the local tables
    connection = Engine(folder / "clickhouse").connect()
    for statement in (folder / "all.sql").read_text(encoding="utf-8").split("\n;\n"):
        if not statement.lstrip().startswith("INSERT"):  # that would have to find the other servers
            _run(connection, statement)
    tables = _run(connection, "SELECT name, engine FROM system.tables WHERE database = 'ioc'")
    for name, engine in (line.split("\t") for line in tables.splitlines()):
        if engine == "View":
            arguments = "(as_of = now64(3, 'UTC'))" if name.endswith("_at") else ""
            _run(connection, f"SELECT * FROM ioc.{name}{arguments} SETTINGS skip_unavailable_shards = 1{PROFILE}")
    sys.stdout.write(tables)
    connection.close()


def _run(connection: Connection, statement: str) -> str:
    try:
        return bytes(connection.query(statement, "TabSeparated").bytes()).decode()
    except RuntimeError as error:
        sys.exit(f"{statement}\n{error}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
