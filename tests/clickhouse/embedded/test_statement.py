"""What a statement is: where data begins, which format an answer has, what would touch files."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clickhouse.embedded.errors import Refused
from clickhouse.embedded.kill import MARK
from clickhouse.embedded.statement import statement_of


@pytest.mark.parametrize(
    ("text", "sql", "fmt", "data"),
    [
        ("INSERT INTO t FORMAT CSV\n1,2", "INSERT INTO t ", "CSV", "1,2"),
        ("INSERT INTO t FORMAT CSV 1,2", "INSERT INTO t ", "CSV", "1,2"),
        ("INSERT INTO t FORMAT CSV\n\n1", "INSERT INTO t ", "CSV", "\n1"),
        ("insert into t (a, format) format TSV\n'", "insert into t (a, format) ", "TSV", "'"),
        ("INSERT INTO db.format FORMAT CSV\n", "INSERT INTO db.format ", "CSV", ""),
        ("INSERT INTO values VALUES (1)", "INSERT INTO values ", "Values", " (1)"),
        ("INSERT INTO `a;b` (`FORMAT X`) VALUES (1)", "INSERT INTO `a;b` (`FORMAT X`) ", "Values", " (1)"),
        ("INSERT t VALUES (1)", "INSERT t ", "Values", " (1)"),
        ("INSERT INTO TABLE t FORMAT Native\n\x00\xff'\"", "INSERT INTO TABLE t ", "Native", "\x00\xff'\""),
        ("INSERT INTO FUNCTION null('a Int8') FORMAT CSV\n1", "INSERT INTO FUNCTION null('a Int8') ", "CSV", "1"),
        ("INSERT INTO t SETTINGS a = 'x' FORMAT CSV\n1", "INSERT INTO t SETTINGS a = 'x' ", "CSV", "1"),
        ("INSERT INTO t (a)", "INSERT INTO t (a)", "Values", ""),
    ],
)
def test_inserts_with_data(text, sql, fmt, data):
    found = statement_of(text)
    assert (found.sql, found.format, text[found.data_from :]) == (sql, fmt, data)
    assert found.takes_data
    assert not found.selects


@pytest.mark.parametrize(
    ("text", "sql", "fmt"),
    [
        ("SELECT 1", "SELECT 1", "TabSeparated"),
        ("SELECT 1 FORMAT JSON", "SELECT 1 FORMAT JSON", "JSON"),
        ("SELECT 1 format JSON;", "SELECT 1 format JSON", "JSON"),
        ("SELECT 1 FORMAT JSON SETTINGS a = 1", "SELECT 1 FORMAT JSON SETTINGS a = 1", "JSON"),
        ("SELECT ' FORMAT CSV'", "SELECT ' FORMAT CSV'", "TabSeparated"),
        ("SELECT format FROM t", "SELECT format FROM t", "TabSeparated"),
        ("SELECT * FROM format(CSV, '1')", "SELECT * FROM format(CSV, '1')", "TabSeparated"),
        ("SELECT 1 -- FORMAT CSV", "SELECT 1", "TabSeparated"),
        ("WITH 1 AS x SELECT x FORMAT Native", "WITH 1 AS x SELECT x FORMAT Native", "Native"),
        ("(SELECT 1) UNION ALL (SELECT 2)", "(SELECT 1) UNION ALL (SELECT 2)", "TabSeparated"),
    ],
)
def test_selects(text, sql, fmt):
    found = statement_of(text)
    assert (found.sql, found.format, found.selects, found.takes_data) == (sql, fmt, True, False)


@pytest.mark.parametrize("text", ["SHOW TABLES", "DESCRIBE t", "EXPLAIN SELECT 1", "INSERT INTO t SELECT 1", "CREATE TABLE t (a Int8) ENGINE = Log"])  # fmt: skip
def test_other_statements_are_neither(text):
    found = statement_of(text, "JSON")
    assert (found.sql, found.format, found.selects, found.takes_data) == (text, "JSON", False, False)


ID = f"if(Settings['{MARK}'] = '', query_id, Settings['{MARK}'])"


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("KILL QUERY WHERE query_id = 'x'", f"KILL QUERY WHERE {ID} = 'x'"),
        ("kill query where QUERY_ID='x' sync;", f"kill query where {ID}='x' sync"),
        ("KILL QUERY WHERE \"query_id\" IN ('x') OR `query_id` = ''", f"KILL QUERY WHERE {ID} IN ('x') OR {ID} = ''"),
        ("KILL QUERY WHERE query = 'query_id' -- query_id", "KILL QUERY WHERE query = 'query_id'"),
        ("KILL MUTATION WHERE query_id = 'x'", "KILL MUTATION WHERE query_id = 'x'"),
        ("SELECT query_id FROM system.processes", "SELECT query_id FROM system.processes"),
    ],
)
def test_kill_means_the_id_that_clients_know(text, sql):
    assert statement_of(text).sql == sql


def test_arrow_with_totals_is_asked_for_whole():
    sql = "SELECT k, count() FROM t GROUP BY k WITH TOTALS"
    assert not statement_of(sql, "ArrowStream").selects
    assert statement_of(sql, "Native").selects


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 62),
        (" ;; ", 62),
        ("/* only */", 62),
        ("SELECT 1; SELECT 2", 62),
        ("SELECT 1 INTO OUTFILE 'x'", 497),
        ("SELECT 1 into\noutfile 'x'", 497),
        ("SELECT * FROM python(x)", 497),
        ("INSERT INTO t FROM INFILE 'x' FORMAT CSV", 497),
        ("INSERT INTO t SELECT * FROM Python(x)", 497),
    ],
)
def test_what_is_refused(text, code):
    with pytest.raises(Refused) as refused:
        statement_of(text)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_data_is_never_read_as_sql(data):
    head = "INSERT INTO t FORMAT Native\n"
    text = head + data.decode("latin-1")
    assert text[statement_of(text).data_from :].encode("latin-1") == data


@given(st.text(max_size=100))
def test_any_text_is_a_statement_or_refused_with_a_status(text):
    with suppress(Refused):
        assert statement_of(text.encode().decode("latin-1")).format
