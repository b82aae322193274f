"""The engine's configuration: memory, caches, and what SQL may reach, which is the database and nothing else.

`clickhouse local`, which chDB is, lets every statement read files, open addresses and stop the process. Behind a port
that any local program can reach that is too much, so its user gets ClickHouse's own grants, without sources.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from clickhouse.embedded.people import held_xml, profiles_xml, roles_xml, rows_xml

ENGINE_RAM = 0.5  # of the machine's: the rest is for the workers and the operating system's file cache
QUERY_RAM = 0.25
MARK_CACHE_BYTES = 256 * 1024 * 1024
RESULT_BYTES = 256 * 1024 * 1024  # of an answer in a format that must be held whole, as columns and as text
SQL_BYTES = 64 * 1024 * 1024  # of a statement or a parameter

ENGINES = [
    "MergeTree",
    "ReplacingMergeTree",
    "SummingMergeTree",
    "AggregatingMergeTree",
    "CollapsingMergeTree",
    "VersionedCollapsingMergeTree",
    "CoalescingMergeTree",
    "Memory",
    "Null",
    "Log",
    "TinyLog",
    "StripeLog",
    "Set",
    "Join",
    "Buffer",
    "Merge",
    "Dictionary",
    "GenerateRandom",
    "View",
    "MaterializedView",
]
GRANTS = (
    "GRANT SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY,"
    " CREATE TEMPORARY TABLE, CREATE FUNCTION, DROP, UNDROP TABLE, TRUNCATE, OPTIMIZE, KILL QUERY, dictGet,"
    " SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM FLUSH, SYSTEM VIEWS, SYSTEM SYNC REPLICA, SYSTEM DROP CACHE ON *.*",
    *(f"GRANT TABLE ENGINE ON {engine}" for engine in ENGINES),
    "GRANT BACKUP ON *.*",
    "GRANT READ, WRITE ON DISK",  # `BACKUP … TO Disk('backups', …)`; without READ ON FILE no table function reaches it
)

_CONFIG = """<clickhouse>
  <display_name>ioc-embedded</display_name>
  <users_config>{users}</users_config>
  <user_files_path>{files}/</user_files_path>
  <max_server_memory_usage_to_ram_ratio>{ram}</max_server_memory_usage_to_ram_ratio>
  <mark_cache_size>{mark_cache}</mark_cache_size>
  <storage_configuration><disks><backups><type>local</type><path>{backups}/</path></backups></disks></storage_configuration>
  <backups><allowed_disk>backups</allowed_disk></backups>
</clickhouse>
"""

_USERS = """<clickhouse>
  <profiles><default>
    <max_memory_usage>{query_bytes}</max_memory_usage>
    <max_query_size>{sql}</max_query_size>
  </default>{profiles}</profiles>
  <quotas><default/></quotas>
  <roles>{roles}</roles>
  <users><default>
    <password/>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants>{held}</grants>
    <databases>{rows}</databases>
  </default></users>
</clickhouse>
"""


def write_config(folder: Path, backups: Path, database: str = "ioc", agencies: Iterable[str] = ()) -> Path:
    """Write the configuration afresh.

    Args:
        folder: an existing folder of ours.
        backups: the folder that the disk `backups` is.
        database: the one that people are let into.
        agencies: ids of the agencies whose departments are let in.

    Returns:
        The file to start the engine with.
    """
    files = folder / "files"
    files.mkdir(exist_ok=True)
    users = folder / "users.xml"
    agencies = list(agencies)
    users.write_text(
        _USERS.format(
            query_bytes=query_bytes(),
            sql=SQL_BYTES,
            profiles=profiles_xml(query_bytes()),
            roles=roles_xml(database, agencies, GRANTS),
            held=held_xml(agencies),
            rows=rows_xml(database),
        ),
        encoding="utf-8",
    )
    config = folder / "config.xml"
    config.write_text(
        _CONFIG.format(
            users=escape(str(users)),
            files=escape(str(files)),
            backups=escape(str(backups)),
            ram=ENGINE_RAM,
            mark_cache=MARK_CACHE_BYTES,
        ),
        encoding="utf-8",
    )
    return config


def query_bytes() -> int:
    """Memory that one query may use."""
    return int(QUERY_RAM * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
