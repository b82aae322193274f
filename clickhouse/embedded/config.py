"""The engine's configuration: memory, caches, and what SQL may reach, which is the database and nothing else.

`clickhouse local`, which chDB is, lets every statement read files, open addresses and stop the process. Behind a port
that any local program can reach that is too much, so its user gets ClickHouse's own grants, without sources.
"""

from __future__ import annotations

import os
from pathlib import Path
from xml.sax.saxutils import escape

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
)

_CONFIG = """<clickhouse>
  <display_name>ioc-embedded</display_name>
  <users_config>{users}</users_config>
  <user_files_path>{files}/</user_files_path>
  <max_server_memory_usage_to_ram_ratio>{ram}</max_server_memory_usage_to_ram_ratio>
  <mark_cache_size>{mark_cache}</mark_cache_size>
</clickhouse>
"""

_USERS = """<clickhouse>
  <profiles><default>
    <max_memory_usage>{query_bytes}</max_memory_usage>
    <max_query_size>{sql}</max_query_size>
  </default></profiles>
  <quotas><default/></quotas>
  <users><default>
    <password/>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants>{grants}</grants>
  </default></users>
</clickhouse>
"""


def write_config(folder: Path) -> Path:
    """Write the configuration afresh.

    Args:
        folder: an existing folder of ours.

    Returns:
        The file to start the engine with.
    """
    files = folder / "files"
    files.mkdir(exist_ok=True)
    users = folder / "users.xml"
    grants = "".join(f"<query>{escape(grant)}</query>" for grant in GRANTS)
    users.write_text(
        _USERS.format(query_bytes=int(QUERY_RAM * _machine_bytes()), sql=SQL_BYTES, grants=grants), encoding="utf-8"
    )
    config = folder / "config.xml"
    config.write_text(
        _CONFIG.format(users=escape(str(users)), files=escape(str(files)), ram=ENGINE_RAM, mark_cache=MARK_CACHE_BYTES),
        encoding="utf-8",
    )
    return config


def _machine_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
