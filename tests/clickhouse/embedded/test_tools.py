"""What tools for people send when they connect and list a database: DBeaver, Superset, Metabase, Excel by ODBC.

The statements are those of the drivers' sources: clickhouse-java (jdbc-v2 0.9, and 0.4 to 0.6, which DBeaver shipped
for long), clickhouse-connect's SQLAlchemy dialect (Superset), metabase-clickhouse-driver, clickhouse-odbc.
"""

from __future__ import annotations

import json

import pytest

from clickhouse.embedded.blocks import Unpacker
from tests.clickhouse.embedded.asking import HTTP, ask, code_of

JDBC = {"default_format": "RowBinaryWithNamesAndTypes", "compress": 1}


@pytest.fixture(scope="module")
def store(shared_store_settings):
    """A migrated database, as tools find it."""
    return shared_store_settings


@pytest.fixture(scope="module")
def url(store):
    return store.clickhouse


def told(url, sql, **fields):
    """The rows of an answer, each a list."""
    reply = ask(url, sql, default_format="JSONCompactEachRow", **fields)
    assert reply.status == 200, reply.data
    return [json.loads(line) for line in reply.data.splitlines()]


def unpacked(reply):
    unpacker = Unpacker()
    found = b"".join(unpacker.take(reply.data))
    unpacker.end()
    return found


def setting(name, of="UInt8", default="-1"):
    return f"to{of}(ifnull((select value from system.settings where name = '{name}'), '{default}')) as {name}"


def test_jdbc_2_connects(url, store):
    """Lines of Client.loadServerInfo, ConnectionImpl and DatabaseMetaDataImpl, in compressed blocks as by default."""
    info = "SELECT currentUser() AS user, timezone() AS timezone, version() AS version LIMIT 1"
    reply = ask(url, info, database=store.database, **JDBC)
    assert unpacked(reply).startswith(
        b"\x03\x04user\x08timezone\x07version\x06String\x06String\x06String\x07default\x03UTC"
    )
    assert reply.headers["X-ClickHouse-Format"] == "RowBinaryWithNamesAndTypes"
    assert unpacked(ask(url, "SELECT 1 FORMAT TabSeparated", **JDBC)) == b"1\n"
    assert unpacked(ask(url, "SELECT version() as server_version", **JDBC)).startswith(
        b"\x01\x0eserver_version\x06String"
    )
    schema = unpacked(ask(url, "DESCRIBE TABLE readings FORMAT TSKV", database=store.database, **JDBC))
    assert b"name=value\ttype=" in schema
    assert b"name=n\ttype=UInt8" in unpacked(ask(url, "DESC (SELECT 1 AS n) FORMAT TSKV", **JDBC))


def test_jdbc_2_sends_long_parameters_as_a_form(url):
    fields = {"query": "SELECT {name:String}", "param_name": "Nghi Sơn's"}
    reply = HTTP.request("POST", f"{url}/?compress=1&default_format=TSV", fields=fields)
    assert unpacked(reply) == "Nghi Sơn\\'s\n".encode()


def test_jdbc_1_connects(url):
    names = [
        "throw_on_unsupported_query_inside_transaction",
        "implicit_transaction",
        "allow_experimental_lightweight_delete",
    ]
    sql = (
        f"select currentUser() user, timezone() timezone, version() version, {setting('readonly', default='0')}, "
        + ", ".join(setting(name, "Int8") for name in names)
        + ", (ifnull((select value from system.settings where name = 'wait_changes_become_visible_after_commit_mode'), '')) as mode, "
        + setting("max_insert_block_size", "UInt64", "0")
        + ", (ifnull((select value from system.settings where name = 'custom_jdbc_config'), '')) as custom_jdbc_config"
    )
    (row,) = told(url, sql)
    assert row[:2] == ["default", "UTC"]
    assert row[3] in {0, 1, 2}
    assert int(row[-2]) > 0
    assert ask(url, f"{sql} FORMAT RowBinaryWithNamesAndTypes").data.startswith(b"\x0a\x04user")


def test_dbeaver_lists_what_there_is(url, store):
    """The statements of jdbc-v2's DatabaseMetaDataImpl."""
    schemas = told(url, "SELECT name AS TABLE_SCHEM, '' AS TABLE_CATALOG FROM system.databases ORDER BY name")
    assert [store.database, ""] in schemas
    assert told(url, "SELECT 'local' AS TABLE_CAT  WHERE 1 = 0") == []
    assert told(url, "SELECT arrayJoin(['TABLE','VIEW']) AS TABLE_TYPE ORDER BY TABLE_TYPE") == [["TABLE"], ["VIEW"]]
    tables = told(
        url,
        "SELECT '' AS TABLE_CAT, t.database AS TABLE_SCHEM, t.name AS TABLE_NAME, "
        "if(t.is_temporary = 1, concat('Temporary', t.engine), t.engine) AS TABLE_TYPE, t.comment AS REMARKS, "
        "CAST(null as Nullable(String)) AS TYPE_CAT, d.engine AS TYPE_SCHEM, CAST(null as Nullable(String)) AS TYPE_NAME, "
        "CAST(null as Nullable(String)) AS SELF_REFERENCING_COL_NAME, CAST(null as Nullable(String)) AS REF_GENERATION "
        "FROM system.tables t JOIN system.databases d ON system.tables.database = system.databases.name "
        f"WHERE t.database LIKE '{store.database}' AND t.name LIKE '%' AND (t.is_temporary = 0)",
    )
    found = {row[2]: (row[3], row[4]) for row in tables}
    assert found["readings"][0].endswith("MergeTree")
    assert found["readings"][1], "its comment is shown beside it"
    assert found["v_anomalies"][0] == "View"
    columns = told(
        url,
        "SELECT '' AS TABLE_CAT, database AS TABLE_SCHEM, table AS TABLE_NAME, name AS COLUMN_NAME, type AS TYPE_NAME, "
        "toInt32(IF (numeric_scale == 0, NULL, numeric_scale)) as DECIMAL_DIGITS, toInt32(numeric_precision_radix) AS RADIX, "
        "toInt32(position(type, 'Nullable(') >= 1 ?1 : 0) as NULLABLE, system.columns.comment AS REMARKS, "
        "system.columns.default_expression AS COLUMN_DEF, character_octet_length::Nullable(Int32) AS CHAR_OCTET_LENGTH, "
        "toInt32(system.columns.position) AS ORDINAL_POSITION, position(upper(type), 'NULLABLE') >= 1 ? 'YES' : 'NO' AS IS_NULLABLE "
        f"FROM system.columns WHERE database LIKE '{store.database}' AND table LIKE 'readings' AND name LIKE '%' "
        "ORDER BY TABLE_SCHEM, TABLE_NAME, ORDINAL_POSITION",
    )
    assert [row[11] for row in columns] == list(range(1, len(columns) + 1))
    assert "event_id" in {row[3] for row in columns}
    assert told(url, "select name, alias_to from system.data_type_families order by name")
    functions = (
        "select * from (select null as FUNCTION_CAT, 'system' as FUNCTION_SCHEM, name as FUNCTION_NAME, "
        "1 as FUNCTION_TYPE from system.functions where name like '%' union all select null, 'system', name, 2 "
        "from system.table_functions where name not in (select name from system.functions))"
    )
    assert len(told(url, functions)) > 1000


def test_superset_connects_and_lists(url, store):
    """The statements of clickhouse_connect.cc_sqlalchemy's dialect and inspector."""
    database = store.database
    assert told(url, "SELECT version(), timezone()", wait_end_of_query=1)[0][1] == "UTC"
    settings = told(url, "SELECT name, value, readonly FROM system.settings LIMIT 10000")
    assert [name for name, _, _ in settings if name == "max_threads"] == ["max_threads"]
    assert told(url, "SELECT currentDatabase()", database=database) == [[database]]
    assert [database] in told(url, "SHOW DATABASES")
    assert ["readings"] in told(url, f"SHOW TABLES FROM `{database}`")
    assert told(url, f"EXISTS DATABASE `{database}`") == [[1]]
    assert told(url, f"EXISTS TABLE `{database}`.`readings`") == [[1]]
    assert told(url, f"EXISTS TABLE `{database}`.`no_such`") == [[0]]
    views = f"SELECT name FROM system.tables WHERE database = '{database}' AND engine IN ('View', 'WindowView') ORDER BY name"
    assert ["v_anomalies"] in told(url, views)
    about = (
        f"SELECT engine, engine_full, comment FROM system.tables WHERE database = '{database}' AND name = 'readings'"
    )
    assert told(url, about)[0][0].endswith("MergeTree")
    described = told(url, f"DESCRIBE TABLE `{database}`.`readings`")
    assert {len(row) for row in described} == {7}
    sample = told(url, f"SELECT * FROM `{database}`.`v_anomalies` LIMIT 0")
    assert sample == []


def test_metabase_connects(url, store):
    assert told(url, "SELECT value='1' FROM system.settings WHERE name='cloud_mode'") in ([[0]], [])
    assert told(url, f"SELECT count(*) > 0 FROM system.databases WHERE name = '{store.database}'") in ([[True]], [[1]])
    assert told(url, "SELECT timezone() AS tz") == [["UTC"]]
    version = "WITH s AS (SELECT version() AS ver, splitByChar('.', ver) AS verSplit) SELECT s.ver, toInt32(verSplit[1]), toInt32(verSplit[2]) FROM s"
    (row,) = told(url, version)
    assert row[0].startswith(f"{row[1]}.{row[2]}.")
    reply = ask(url, "SELECT 1", select_sequential_consistency=1, readonly=1)
    assert reply.data == b"1\n"


def test_odbc_connects(url, store):
    """Its own format of the engine's; the database in the address, the statement in the body."""
    reply = ask(url, "select version()", default_format="ODBCDriver2", database=store.database)
    assert (reply.status, reply.data[:4]) == (200, b"\x02\x00\x00\x00")
    named = ask(url, "SELECT 'x' AS name", default_format="RowBinaryWithNamesAndTypes", database=store.database)
    assert named.data == b"\x01\x04name\x06String\x01x"
    types = "SELECT * FROM (SELECT cast('Int8', 'String') AS TYPE_NAME, cast(-6, 'Int16') AS DATA_TYPE, cast(NULL, 'Nullable(Int16)') AS INTERVAL_PRECISION) ORDER BY DATA_TYPE"
    assert told(url, types) == [["Int8", -6, None]]
    assert told(url, "SELECT 1 WHERE 0") == []


@pytest.mark.parametrize("sql", ["SELECT * FROM no_such_table", "SELECT no_such_column FROM readings", "SELEC"])
def test_errors_reach_a_tool_as_text(url, store, sql):
    reply = ask(url, sql, database=store.database, **JDBC)
    assert reply.status in {400, 404}
    assert unpacked(reply).startswith(f"Code: {code_of(reply)}. DB::Exception: ".encode())
