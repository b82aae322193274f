"""Nothing that SQL can say writes or reads a file of this machine, however it is hidden from a reader of its text."""

from __future__ import annotations

import pytest

from tests.clickhouse.people import ask, code_of

HIDING = [
    "SELECT 1 INTO OUTFILE '{f}'",
    "SELECT ‘'’ INTO OUTFILE '{f}'",
    "SELECT ‘'’, 1 INTO OUTFILE '{f}' FORMAT CSV -- '",
    "SELECT 1 AS “\"” INTO OUTFILE '{f}' -- \"",
    "SELECT 1 /* /* */ ' */ INTO OUTFILE '{f}' -- '",
    "SELECT 1 // '\n INTO OUTFILE '{f}' -- '",
    "SELECT 1 -- '\n INTO OUTFILE '{f}' -- '",
    "SELECT 1 # '\n INTO OUTFILE '{f}' -- '",
    "SELECT 1 #! '\n INTO OUTFILE '{f}' -- '",
    "SELECT $a$ $b$ ' $a$ INTO OUTFILE '{f}' -- '",
    "(SELECT ‘'’ INTO OUTFILE '{f}') -- '",
    "SELECT ‘'’ iNtO/**/oUtFiLe '{f}' TRUNCATE FORMAT Native -- '",
    "WITH ‘'’ AS x SELECT x INTO OUTFILE '{f}' -- '",
    "FROM system.one SELECT ‘'’ INTO OUTFILE '{f}' -- '",
    "SHOW TABLES LIKE ‘'’ INTO OUTFILE '{f}' -- '",
    "DESCRIBE TABLE (SELECT ‘'’) INTO OUTFILE '{f}' -- '",
    "EXPLAIN SELECT ‘'’ INTO OUTFILE '{f}' -- '",
    "SELECT ‘'’ INTO OUTFILE '{f}' FORMAT JSON -- '",
    "SELECT ‘'’ INTO OUTFILE '{f}' AND STDOUT FORMAT JSON -- '",
    "SELECT ‘'’; SELECT 1 INTO OUTFILE '{f}' FORMAT JSON -- '",
    "SELECT 1 INTO OUTFILE {{p:String}}",
]


@pytest.mark.parametrize("sql", HIDING)
@pytest.mark.parametrize("fields", [{}, {"readonly": 1}, {"session_id": "files"}, {"default_format": "JSON"}])
def test_no_file_is_written(clickhouse_server, tmp_path, sql, fields):
    target = tmp_path / "out"
    reply = ask(clickhouse_server, "", sql.format(f=target), database="system", param_p=target, **fields)
    assert not target.exists()
    assert code_of(reply) in {497, 164, 62}, reply.data


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO files.t FROM INFILE '{f}' FORMAT LineAsString",
        "INSERT INTO files.“t” FROM INFILE '{f}' FORMAT LineAsString",
        "INSERT INTO files.“it's” FROM INFILE '{f}' FORMAT LineAsString -- '",
        "INSERT INTO files.t /* /* */ ' */ FROM INFILE '{f}' FORMAT LineAsString -- '",
        "INSERT INTO files.t // '\n FROM INFILE '{f}' FORMAT LineAsString -- '",
    ],
)
def test_no_file_is_read(clickhouse_server, tmp_path, sql):
    file = tmp_path / "in"
    file.write_text("bí mật\n")
    for statement in ("CREATE DATABASE IF NOT EXISTS files", "CREATE OR REPLACE TABLE files.t (a String) ENGINE = Memory",
                      "CREATE OR REPLACE TABLE files.`it's` (a String) ENGINE = Memory"):  # fmt: skip
        assert code_of(ask(clickhouse_server, "", statement, database="system")) == 0
    ask(clickhouse_server, "", sql.format(f=file), database="system")
    for table in ("files.t", "files.`it's`"):
        assert b"m" not in ask(clickhouse_server, "", f"SELECT * FROM {table}", database="system").data


@pytest.mark.parametrize("sql", ["SELECT * FROM Python(x)", "SELECT ‘'’, * FROM pYtHoN(x) -- '", "SELECT * FROM `Python`(x)",
                                 "SELECT ‘'’ FROM python/* ' */(x) -- '"])  # fmt: skip
def test_no_variable_of_python_is_read(clickhouse_server, sql):
    assert code_of(ask(clickhouse_server, "", sql, database="system")) in {497, 62}


@pytest.mark.parametrize("sql", ["SELECT 'INTO OUTFILE x'", "SELECT 1 AS outfile", "SELECT 'python(', 1 AS python",
                                 "SELECT count() FROM system.functions WHERE name ILIKE '%infile%'"])  # fmt: skip
def test_the_words_themselves_do_no_harm(clickhouse_server, sql):
    assert code_of(ask(clickhouse_server, "", sql, database="system")) == 0


def test_a_table_may_be_called_like_that(clickhouse_server):
    for sql in ("CREATE DATABASE IF NOT EXISTS files", "CREATE OR REPLACE TABLE files.infile (outfile Int8) ENGINE = Memory",
                "INSERT INTO files.infile (outfile) VALUES (1)", "INSERT INTO files.infile FORMAT CSV\n2\n"):  # fmt: skip
        reply = ask(clickhouse_server, "", sql, database="system")
        assert code_of(reply) == 0, reply.data
    assert ask(clickhouse_server, "", "SELECT sum(outfile) FROM files.infile", database="system").data == b"3\n"
