"""Cutting a file into statements: semicolons in strings, names and comments do not count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clickhouse.sql import split_statements, tokens


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';' ; SELECT 2", ["SELECT ';'", "SELECT 2"]),
        (r"SELECT 'a\';b'; SELECT 2", [r"SELECT 'a\';b'", "SELECT 2"]),
        ("SELECT 'it''s;'; SELECT 2", ["SELECT 'it''s;'", "SELECT 2"]),
        ('SELECT "a;b"; SELECT `c;d`', ['SELECT "a;b"', "SELECT `c;d`"]),
        ("-- one; two\nSELECT 1; -- three;\n", ["-- one; two\nSELECT 1"]),
        ("/* a; b */ SELECT 1 /* c; */; SELECT 2", ["/* a; b */ SELECT 1 /* c; */", "SELECT 2"]),
        ("SELECT $x$ a;b $x$; SELECT 2", ["SELECT $x$ a;b $x$", "SELECT 2"]),
        ("SELECT 5 - -1; SELECT 2", ["SELECT 5 - -1", "SELECT 2"]),
        ("COMMENT 'Số đo; của trạm'; SELECT 2", ["COMMENT 'Số đo; của trạm'", "SELECT 2"]),
        (";;  ; -- nothing\n", []),
        ("", []),
    ],
)
def test_statements(sql, statements):
    assert split_statements(sql) == statements


@given(st.text(max_size=200))
def test_any_text_is_cut_into_pieces_of_itself(text):
    for token in tokens(text):
        assert text[token.start : token.end] == token.text


@given(st.lists(st.text(alphabet="ab'\\;- \n", max_size=10), min_size=1, max_size=4))
def test_quoted_strings_survive(parts):
    quoted = ["SELECT '" + p.replace("\\", "\\\\").replace("'", "\\'") + "'" for p in parts]
    assert split_statements(";\n".join(quoted)) == quoted
