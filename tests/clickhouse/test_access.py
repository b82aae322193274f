"""Roles as data, and the SQL that a ClickHouse server is told; the engine here parses it, there is no server to run it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clickhouse.access import drop_user_statement, run, statements, user_statements, users, users_of
from clickhouse.client import connect
from clickhouse.cluster import local
from clickhouse.declared import declared_tables, kind_of, tables_of
from clickhouse.embedded.people import roles_xml, rows_xml
from clickhouse.embedded.system import HIDDEN, SHOWN
from clickhouse.grants import grants, guarded_tables
from clickhouse.roles import DEPARTMENT, ROLES, limits_of, roles_table
from ioc.errors import ConfigurationError
from ioc.records import KINDS

GOLDEN = Path(__file__).parent / "golden"
AGENCIES = ["so-nnmt", "so-xd"]


@pytest.fixture(scope="module")
def client(shared_store_settings):
    client = connect(shared_store_settings)
    yield client
    client.close()


def test_the_declared_tables_are_those_of_the_database(client, shared_store_settings):
    rows = client.query(
        "SELECT table, groupArray(name) FROM (SELECT table, name FROM system.columns WHERE database = {d:String} AND"
        " table IN (SELECT name FROM system.tables WHERE database = {d:String} AND engine LIKE '%MergeTree') ORDER BY"
        " table, position) GROUP BY table",
        parameters={"d": shared_store_settings.database},
    ).result_rows
    found = {table: tuple(columns) for table, columns in rows if not table.startswith("schema_")}
    assert found == dict(declared_tables())


def test_tables_that_were_altered_or_dropped():
    made = ["CREATE TABLE declared.a (x Int8, INDEX i x TYPE minmax) ENGINE = Log", "CREATE TABLE declared.b (y Int8) ENGINE = Log",
            "ALTER TABLE declared.a ADD COLUMN IF NOT EXISTS `z` Int8 AFTER x, ADD COLUMN w Int8, DROP INDEX i", "DROP TABLE declared.b"]  # fmt: skip
    assert tables_of(made) == {"a": ("x", "z", "w")}


def test_every_table_is_somebodys():
    """A table that belongs to no kind is read by nobody but the centre: say so here, or name it after its kind."""
    without = {table for table in declared_tables() if kind_of(table) is None and not table.startswith("dim_")}
    assert without == {"detector_states"}


def test_the_roles_are_documented():
    text = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
    assert roles_table() in text, f"docs/access.md must contain:\n{roles_table()}"


def test_no_kind_takes_another_for_its_own():
    assert {kind: kind_of(kind) for kind in KINDS} == {kind: kind for kind in KINDS}


def test_roles_name_kinds_that_there_are():
    for role in ROLES.values():
        assert role.reads <= KINDS.keys()
        assert role.personal <= role.reads
    personal = {kind for kind, record in KINDS.items() if record.personal}
    for name in ("leader", "press", "analyst", DEPARTMENT):
        assert not ROLES[name].personal & personal


@pytest.mark.parametrize("role", ROLES)
def test_no_personal_column_is_granted_without_need(role):
    for table, columns in declared_tables().items():
        kind = kind_of(table)
        if kind is None or kind in ROLES[role].personal:
            continue
        given = [g for g in grants("ioc", role) if g.endswith(f" ON ioc.{table}")]
        if held_back := set(columns) & set(KINDS[kind].personal):
            assert all(
                "(" in g and not held_back & set(g.partition("(")[2].partition(")")[0].split(", ")) for g in given
            )


def test_a_department_reads_no_rows_that_cannot_be_told_apart():
    for table, columns in declared_tables().items():
        kind = kind_of(table)
        granted = any(g.endswith(f" ON ioc.{table}") for g in grants("ioc", DEPARTMENT))
        if kind and "agency" in KINDS[kind].__struct_fields__ and "agency" not in columns:
            assert not granted
        if granted and "agency" in columns:
            assert table in guarded_tables()


def test_the_widest_limits_of_several_roles_hold():
    assert limits_of(("press", "analyst")) == ("analyst", ROLES["analyst"].limits)


@pytest.mark.parametrize("cluster", ["", "tinh"])
def test_the_sql_for_a_server(cluster):
    text = "".join(f"{statement};\n" for statement in statements("ioc", AGENCIES, cluster))
    golden = GOLDEN / f"access{'_cluster' if cluster else ''}.sql"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8"), (
        "if that is meant: WRITE_GOLDEN=1 pytest tests/clickhouse/test_access.py"
    )


@pytest.mark.parametrize("cluster", ["", "tinh"])
def test_the_engine_parses_every_statement(client, cluster):
    made = statements("ioc", AGENCIES, cluster) + user_statements("lan", "it's", ["press"], [], cluster)
    made += [*user_statements("mai", "x", [DEPARTMENT], AGENCIES, cluster), drop_user_statement("lan", cluster)]
    for statement in made:
        parsed = client.query("SELECT formatQuerySingleLine({sql:String})", parameters={"sql": statement}).first_row[0]
        assert parsed.startswith(("CREATE", "GRANT", "DROP")), statement
        assert ("ON CLUSTER tinh" in parsed) == bool(cluster)


def test_a_cluster_guards_the_parts_as_well():
    made = "\n".join(statements("ioc", AGENCIES, "tinh"))
    for table in guarded_tables():
        assert f"ioc.{local(table)}" in made


def test_rows_are_guarded_before_anything_is_granted():
    made = statements("ioc", AGENCIES)
    policies = [n for n, statement in enumerate(made) if "ROW POLICY" in statement]
    assert max(policies) < min(n for n, statement in enumerate(made) if statement.startswith("GRANT"))


def test_a_password_goes_to_the_server_as_a_hash():
    made = "\n".join(user_statements("lan", "bi-mat-cua-lan", ["press"], []))
    assert "bi-mat" not in made
    assert made != "\n".join(user_statements("lan", "bi-mat-cua-lan", ["press"], []))  # another salt


def test_users_of_a_server():
    rows = [("lan", ["press"]), ("mai", ["department_so-xd", "department", "of_others"]), ("root", ["of_others"])]
    assert users_of(rows) == {"lan": (["press"], []), "mai": ([DEPARTMENT], ["so-xd"])}


def test_the_embedded_server_says_that_it_manages_by_itself(clickhouse_server):
    for telling in (lambda: run(clickhouse_server, statements("ioc", AGENCIES)), lambda: users(clickhouse_server)):
        with pytest.raises(ConfigurationError, match="leave IOC_CLICKHOUSE empty"):
            telling()


def test_every_table_of_the_engine_is_shown_or_hidden(client):
    """A new version of the engine brings new tables: look what they tell before naming them in embedded/system.py."""
    assert not SHOWN & HIDDEN
    assert set(client.query("SHOW TABLES FROM system").result_columns[0]) == SHOWN | HIDDEN


def test_what_is_configured_can_hold_any_text():
    assert "<filter>has(enabledRoles(), 'admin') OR" in rows_xml("ioc")
    assert "<query>GRANT &lt;x&gt;</query>" in roles_xml("ioc", AGENCIES, ["GRANT <x>"])
