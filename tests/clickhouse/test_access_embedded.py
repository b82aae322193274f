"""What people of each role can and cannot get out of the embedded server, tried as somebody would who wants more."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from clickhouse.client import connect
from clickhouse.roles import ROLES
from clickhouse.sink import Store
from ioc.packs import group_by_kind
from ioc.records import KINDS
from tests.clickhouse.people import OTHER, OWN, PASSWORD, ask, code_of, server_with_people
from tests.clickhouse.samples import START, sample, table_of

MARK = "BIMATX"  # stands in what belongs to another agency, and in no statement
DEPARTMENT, ANALYST, LEADER, SECURITY, DESK, PRESS = (
    f"u-{role}" for role in ("department", "analyst", "leader", "security", "citizen_desk", "press")
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    with server_with_people(tmp_path_factory.mktemp("people")) as settings:
        fill(settings)
        yield settings


def fill(settings):
    records = [sample(kind, number) for kind in KINDS for number in range(2)]
    for number in range(10, 13):
        theirs = {"agency": OTHER, "dossier_code": f"{MARK}-{number}", "procedure_name": MARK, "field": MARK}
        records.append(sample("dossiers", number, **theirs, source=MARK, area=MARK, submitted_at=START))
        records.append(sample("tasks", number, agency=OTHER, task_code=f"{MARK}-{number}", title=MARK, source=MARK))
        records.append(
            sample("dossiers", number + 100, agency=OWN, dossier_code=f"CUATOI-{number}", submitted_at=START)
        )
    store = Store(settings)
    for kind, group in group_by_kind(records).items():
        store.insert(kind, table_of(group))
    store.close()


# What shows another agency's dossiers to the centre itself, and must not to a department.
ATTEMPTS = [
    "SELECT * FROM dossiers",
    "SELECT * FROM ioc.dossiers",
    "SELECT * FROM `ioc`.`dossiers` AS tasks",
    'SELECT * FROM "ioc"."dossiers" FINAL',
    "SELECT d.* FROM dim_agencies AS a JOIN dossiers AS d ON d.agency = a.id",
    "SELECT * FROM dossiers AS a ASOF JOIN dossiers AS b ON a.area = b.area AND a.status_at <= b.status_at",
    "WITH x AS (SELECT * FROM dossiers) SELECT * FROM x",
    "SELECT * FROM (SELECT * FROM (SELECT * FROM dossiers))",
    "SELECT (SELECT groupArray(dossier_code) FROM dossiers)",
    "SELECT arrayJoin((SELECT groupUniqArray(procedure_name) FROM dossiers))",
    "SELECT 1 WHERE 0 UNION ALL SELECT dossier_code FROM dossiers",
    "SELECT max(procedure_name), min(field) FROM dossiers",
    "SELECT any(dossier_code) FROM dossiers WHERE agency = 'so-nnmt'",
    "SELECT dossier_code FROM dossiers PREWHERE agency = 'so-nnmt'",
    "SELECT anyLast(dossier_code) OVER (ORDER BY agency) FROM dossiers",
    "SELECT topK(100)(procedure_name) FROM dossiers",
    "SELECT DISTINCT field FROM dossiers",
    "SELECT * FROM dossiers_current",
    "SELECT * FROM dossiers_current FINAL",
    "SELECT * FROM dossiers_history",
    "SELECT * FROM dossiers_to_history",
    "SELECT * FROM v_dossiers_current",
    "SELECT * FROM v_dossiers_current_at(as_of = now64(3))",
    "SELECT * FROM v_tasks_current",
    "SELECT * FROM tasks",
    "SELECT * FROM merge('ioc', '^dossiers$')",
    "SELECT * FROM merge('^dossiers_(current|history)$')",
    "SELECT * FROM merge(REGEXP('i.c'), '^dossiers$')",
    "SELECT * FROM view(SELECT * FROM ioc.dossiers)",
    "SELECT * FROM viewIfPermitted(SELECT dossier_code FROM dossiers ELSE null('dossier_code String'))",
    "SELECT * FROM loop(ioc.dossiers) LIMIT 100",
    "FROM dossiers SELECT *",
    "(SELECT * FROM dossiers)",
    "SELECT * FROM {t:Identifier}",
    "SELECT * FROM dossiers WHERE agency = {a:String}",
    "SELECT * FROM dossiers LIMIT 1000 SETTINGS additional_table_filters = {}",
    "SELECT * FROM dossiers SETTINGS use_query_cache = 1",
    "SELECT * FROM dossiers SETTINGS optimize_move_to_prewhere = 0, use_query_condition_cache = 1",
    "SELECT * FROM dossiers FINAL SETTINGS apply_row_policy_after_final = 0, optimize_move_to_prewhere_if_final = 1",
    "SELECT * FROM eval('SELECT * FROM ioc.dossiers') SETTINGS allow_experimental_eval_table_function = 1",
    "/* x */ SELECT * FROM dossiers -- SET ROLE admin",
    "SELECT ‘ ’ AS a, * FROM dossiers",
    "SELECT toString(tuple(*)) FROM dossiers",
    "SELECT * APPLY(toString) FROM dossiers",
    "SELECT COLUMNS('name|code') FROM dossiers",
]

# What the centre itself may not either, or sees nothing of there.
VAIN_ATTEMPTS = [
    "SET ROLE admin",
    "sEt /* */ RoLe admin",
    "SET ROLE ALL",
    "SET DEFAULT ROLE ALL TO default",
    "SET ROLE admin; SELECT * FROM dossiers",
    "SELECT 1; SET ROLE admin",
    "SELECT ‘ ' ’; SET ROLE admin; SELECT * FROM ioc.dossiers; SELECT ' '",
    "SELECT $$ ; $$; SET ROLE admin; SELECT * FROM ioc.dossiers",
    "SELECT 1 PARALLEL WITH SELECT * FROM dossiers",
    "EXECUTE AS admin SELECT * FROM dossiers",
    "SET profile = 'default'",
    "SET additional_table_filters = {}",
    "SET readonly = 0",
    "USE system",
    "GRANT admin TO default",
    "CREATE ROW POLICY x ON dossiers USING 1 TO ALL",
    "CREATE USER x",
    "CREATE VIEW ioc.v_mine AS SELECT * FROM ioc.dossiers",
    "CREATE TABLE ioc.mine ENGINE = Memory AS SELECT * FROM ioc.dossiers",
    "CREATE TEMPORARY TABLE mine AS SELECT * FROM ioc.dossiers",
    "CREATE DICTIONARY ioc.d (a String, b String) PRIMARY KEY a SOURCE(CLICKHOUSE(TABLE 'dossiers')) LAYOUT(FLAT()) LIFETIME(1)",
    "CREATE FUNCTION f AS x -> (SELECT max(procedure_name) FROM ioc.dossiers)",
    "INSERT INTO dossiers SELECT * FROM dossiers",
    "INSERT INTO dossiers (dossier_code) VALUES ('BIMAT')",
    "INSERT INTO FUNCTION file('x.csv') SELECT * FROM dossiers",
    "INSERT INTO FUNCTION null('a String') SELECT dossier_code FROM dossiers",
    "ALTER TABLE dossiers UPDATE agency = 'so-xd' WHERE 1",
    "ALTER TABLE dossiers DELETE WHERE 1",
    "DELETE FROM dossiers WHERE 1",
    "DROP TABLE dossiers",
    "TRUNCATE TABLE dossiers",
    "OPTIMIZE TABLE dossiers",
    "DETACH TABLE dossiers",
    "RENAME TABLE dossiers TO mine",
    "BACKUP DATABASE ioc TO Disk('backups', 'mine')",
    "SYSTEM FLUSH LOGS",
    "SYSTEM DROP MARK CACHE",
    "KILL QUERY WHERE 1 ASYNC",
    "SELECT * FROM dossiers INTO OUTFILE 'x'",
    "SELECT ‘'’, * FROM dossiers INTO OUTFILE 'x'",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:8123/?query=SELECT+*+FROM+ioc.dossiers', 'LineAsString')",
    "SELECT * FROM remote('127.0.0.1', 'ioc', 'dossiers')",
    "SELECT * FROM cluster('default', ioc.dossiers)",
    "SELECT * FROM clusterAllReplicas('default', ioc.dossiers)",
    "SELECT * FROM executable('cat', 'TSV', 'a String')",
    "SELECT * FROM Python(settings)",
    "SELECT * FROM mergeTreeIndex('ioc', 'dossiers')",
    "SELECT * FROM mergeTreeIndex('ioc', 'dossiers_current', with_marks = true)",
    "SELECT * FROM mergeTreeTextIndex('ioc', 'dossiers', 'x')",
    "SELECT dictGet('ioc.d', 'b', 'a')",
    "SELECT joinGet('ioc.dossiers', 'procedure_name', 'BIMAT')",
    "SELECT * FROM dossiers SETTINGS profile = 'default'",
    "SELECT * FROM system.processes",
    "SELECT * FROM system.user_query_log",
    "SELECT * FROM system.errors",
    "SELECT * FROM system.query_cache",
    "SELECT * FROM system.parts",
    "SELECT * FROM system.stack_trace",
    "SELECT * FROM information_schema.tables",
    "SHOW PROCESSLIST",
    "SHOW ACCESS",
    "SHOW ROW POLICIES",
    "SHOW USERS",
    "SHOW CREATE USER default",
    "EXPLAIN PIPELINE SELECT * FROM dossiers",
    "EXPLAIN indexes = 1 SELECT * FROM dossiers WHERE dossier_code > 'B'",
    "EXPLAIN QUERY TREE SELECT * FROM dossiers",
]


@pytest.mark.parametrize("sql", ATTEMPTS)
def test_a_department_never_sees_what_belongs_to_another(settings, sql):
    parameters = {"param_t": "dossiers", "param_a": OTHER}
    everything = ask(settings, "", sql, **parameters)
    assert MARK.encode() in everything.data, "the attempt itself is worth nothing"
    for beside in ({}, {"additional_table_filters": "{}"}, {"role": "admin"}, {"session_id": "x"}):
        assert MARK.encode() not in ask(settings, DEPARTMENT, sql, **parameters, **beside).data


@pytest.mark.parametrize("sql", VAIN_ATTEMPTS)
def test_nothing_else_helps_a_department_or_an_analyst(settings, sql):
    before = state(settings)
    assert MARK.encode() not in ask(settings, DEPARTMENT, sql).data
    ask(settings, ANALYST, sql)
    assert state(settings) == before
    assert MARK.encode() not in ask(settings, DEPARTMENT, "SELECT * FROM ioc.dossiers").data


def state(settings):
    """What an attempt could have changed."""
    facts = "SELECT groupArray(name) FROM (SELECT name FROM system.tables WHERE database = 'ioc' ORDER BY name)"
    rows = "SELECT count(), sum(sipHash64(*)) FROM ioc.dossiers"
    return [ask(settings, "", sql).data for sql in (facts, rows, "SHOW DATABASES")]


def test_a_department_counts_only_its_own(settings):
    sql = "SELECT count(), countIf(agency = 'so-xd'), max(dossier_code) FROM dossiers"
    mine, own, last = ask(settings, DEPARTMENT, sql).data.split()
    assert (mine, own, last) == (b"3", b"3", b"CUATOI-12")
    assert int(ask(settings, "", "SELECT count() FROM dossiers").data) > 3
    for trick in ("", " SETTINGS optimize_trivial_count_query = 1, optimize_use_implicit_projections = 1"):
        assert ask(settings, DEPARTMENT, f"SELECT count() FROM dossiers{trick}").data == b"3\n"


def test_an_error_does_not_tell_what_is_hidden(settings):
    sql = "SELECT count() FROM dossiers WHERE throwIf(startsWith(procedure_name, 'BIM')) OR intDiv(1, agency = 'so-xd') = 1"
    assert code_of(ask(settings, "", sql)) == 395
    assert ask(settings, DEPARTMENT, sql).data == b"3\n"


def test_a_department_has_what_it_needs(settings):
    assert ask(settings, DEPARTMENT, "SELECT count() FROM v_dossiers_current").data == b"3\n"
    for sql in (
        "SELECT count() FROM v_agencies",
        "SELECT count() FROM v_posts",
        "SELECT count() FROM v_forecast_latest",
    ):
        assert code_of(ask(settings, DEPARTMENT, sql)) == 0, sql
    assert code_of(ask(settings, DEPARTMENT, "SELECT count() FROM cyber_events")) == 497


PERSONAL = [(kind, column) for kind, record in KINDS.items() for column in record.personal]


@pytest.mark.parametrize(("kind", "column"), PERSONAL)
def test_personal_columns_are_for_those_who_need_them(settings, kind, column):
    for role in ROLES:
        reply = ask(settings, f"u-{role}", f"SELECT {column} FROM {kind}")
        assert (code_of(reply) == 0) == (kind in ROLES[role].personal), (role, reply.data)
        assert code_of(ask(settings, f"u-{role}", f"SELECT * FROM {kind}")) == (
            0 if kind in ROLES[role].personal else 497
        )


@pytest.mark.parametrize("kind", KINDS)
def test_each_role_reads_its_kinds_and_no_others(settings, kind):
    for role in ROLES:
        reply = ask(settings, f"u-{role}", f"SELECT count(received_at) FROM {kind}")
        assert code_of(reply) == (0 if kind in ROLES[role].reads else 497), (role, reply.data)


def test_views_show_what_their_tables_are_granted_for(settings):
    assert code_of(ask(settings, ANALYST, "SELECT src_ip FROM v_cyber_events")) == 497
    assert code_of(ask(settings, ANALYST, "SELECT * FROM v_cyber_events")) == 497
    assert code_of(ask(settings, ANALYST, "SELECT event_type, count() FROM v_cyber_events GROUP BY event_type")) == 0
    assert code_of(ask(settings, SECURITY, "SELECT * FROM v_cyber_events")) == 0
    assert code_of(ask(settings, PRESS, "SELECT * FROM v_cyber_hourly")) == 497
    assert code_of(ask(settings, PRESS, "SELECT * FROM v_stances_daily")) == 0


@pytest.mark.parametrize("past", [False, True])
def test_leaders_read_every_view_that_has_nothing_personal(settings, past):
    ending = "name LIKE '%\\_at'" if past else "name NOT LIKE '%\\_at'"
    views = (
        f"SELECT name FROM system.tables WHERE database = 'ioc' AND engine = 'View' AND name LIKE 'v\\_%' AND {ending}"
    )
    names = ask(settings, "", views).data.decode().split()
    assert len(names) > 20
    moment = "(as_of = now64(3))" if past else ""
    refused = {n for n in names if code_of(ask(settings, LEADER, f"SELECT * FROM {n}{moment} LIMIT 1"))}
    assert refused == {f"{name}{'_at' if past else ''}" for name in ("v_cyber_events", "v_dead_letters")}


@pytest.mark.parametrize("user", [ANALYST, DEPARTMENT, LEADER])
def test_people_are_held_to_limits(settings, user):
    endless = "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)"
    _, limits = ROLES[user.removeprefix("u-")].limits, ROLES[user.removeprefix("u-")].limits
    assert code_of(ask(settings, user, endless, max_execution_time=1)) == 159
    for setting, value in (("max_execution_time", 0), ("max_execution_time", limits.seconds + 1), ("max_memory_usage", 0),
                           ("max_result_rows", limits.result_rows + 1)):  # fmt: skip
        assert code_of(ask(settings, user, "SELECT 1", **{setting: value})) == 452, setting
        assert code_of(ask(settings, user, f"SELECT 1 SETTINGS {setting} = {value}")) == 452, setting
        assert code_of(ask(settings, user, f"SELECT 1 SETTINGS profile = 'default', {setting} = {value}")) == 452
    assert (
        code_of(ask(settings, user, f"SELECT number FROM numbers({limits.result_rows + 1})", wait_end_of_query=1))
        == 396
    )
    assert (
        code_of(ask(settings, user, "SELECT groupArray(number) FROM numbers(100000000)", max_memory_usage=1 << 26))
        == 241
    )
    assert ask(settings, user, "SELECT getSetting('max_execution_time')").data == b"%d\n" % limits.seconds


def test_people_cannot_make_themselves_unstoppable(settings):
    mark = "stream_like_engine_insert_queue"
    assert code_of(ask(settings, ANALYST, "SELECT 1", **{mark: "x"})) == 36
    assert code_of(ask(settings, ANALYST, f"SELECT 1 SETTINGS {mark} = 'x'")) == 452
    assert code_of(ask(settings, ANALYST, "SELECT 1", profile="default")) == 36


def test_settings_that_only_help_are_theirs(settings):
    assert ask(settings, ANALYST, "SELECT getSetting('max_threads') SETTINGS max_threads = 2").data == b"2\n"
    assert ask(settings, ANALYST, "SELECT getSetting('max_threads')", max_threads=2).data == b"2\n"
    assert code_of(ask(settings, ANALYST, "SELECT 1 SETTINGS max_threads = 3", readonly=1)) == 164
    assert json.loads(ask(settings, ANALYST, "SELECT {a:Int8} AS a FORMAT JSONEachRow", param_a=7).data) == {"a": 7}


def test_people_see_nothing_of_what_others_ask(settings):
    """A query of the centre runs meanwhile, and cannot be ended by them."""
    table = "SELECT count() FROM system.processes"
    assert int(ask(settings, "", table).data) >= 1
    for user in (ANALYST, LEADER, DEPARTMENT):
        assert ask(settings, user, table).data == b"0\n"
        assert ask(settings, user, "SHOW PROCESSLIST").data == b""


def test_people_see_only_their_own_database(settings):
    ask(settings, "", "CREATE DATABASE rieng")
    ask(settings, "", "CREATE TABLE rieng.a (b Int8) ENGINE = Memory")
    try:
        for user in (ANALYST, LEADER, SECURITY):
            assert code_of(ask(settings, user, "SELECT * FROM rieng.a")) == 497
            assert code_of(ask(settings, user, "SELECT * FROM a", database="rieng")) in {497, 81}
            assert (
                b"rieng" not in ask(settings, user, "SELECT name FROM system.databases UNION ALL SHOW DATABASES").data
            )
            assert b"rieng" not in ask(settings, user, "SELECT database, name FROM system.tables").data
    finally:
        ask(settings, "", "DROP DATABASE rieng")


def test_clickhouse_connect_works_for_people_too(settings):
    client = connect(settings.model_copy(update={"clickhouse_user": DESK, "clickhouse_password": SecretStr(PASSWORD)}))
    assert client.query("SELECT count() FROM field_reports").first_row == (2,)
    assert client.query_df("SELECT report_code, text FROM field_reports ORDER BY report_code").shape == (2, 2)
    client.close()
