"""A streamed answer is the document that the engine writes when it writes it in one piece."""

from __future__ import annotations

import pyarrow as pa
import pytest

from clickhouse.embedded.joined import _HEADS, can_join, join
from clickhouse.embedded.statement import statement_of
from tests.clickhouse.embedded.asking import ask

# A name that each format must escape or quote, so that no head is cut in its middle.
NAME = '`a"\n\\\\"\tb`'
COLUMNS = f"SELECT number AS {NAME}, if(number % 3 = 0, NULL, toString(number)) AS s"


@pytest.fixture(scope="module")
def url(clickhouse_server):
    return clickhouse_server.clickhouse


@pytest.mark.parametrize("fmt", sorted(set(_HEADS) - {"native"}))
@pytest.mark.parametrize("rows", [0, 1, 200_000])
def test_joined_blocks_are_one_document(url, fmt, rows):
    joined = ask(url, f"{COLUMNS} FROM numbers({rows})", default_format=fmt, max_block_size=8192)
    whole = ask(url, f"FROM numbers({rows}) {COLUMNS}", default_format=fmt)  # begun so, it is not streamed
    assert not statement_of("FROM numbers(1) SELECT number").selects
    assert joined.status == whole.status == 200
    assert joined.data == whole.data
    if rows > 1:
        assert len(joined.data) > (1 << 20), "it is long enough to be streamed"


@pytest.mark.parametrize(
    ("fmt", "expected"),
    [
        ("TSV", b"0\t4\n1\t3\n\n0\t7\n"),
        ("CSVWithNames", b'"k","c"\n0,4\n1,3\n\n0,7\n'),
        ("TSVWithNamesAndTypes", b"k\tc\nUInt8\tUInt64\n0\t4\n1\t3\n\n0\t7\n"),
    ],
)
def test_totals_come_last(url, fmt, expected):
    sql = "SELECT number % 2 AS k, count() AS c FROM numbers(7) GROUP BY k WITH TOTALS ORDER BY k"
    assert ask(url, sql, default_format=fmt).data == expected


def test_totals_in_arrow_are_left_out_as_in_clickhouse(url):
    sql = "SELECT number % 2 AS k, count() AS c FROM numbers(7) GROUP BY k WITH TOTALS ORDER BY k"
    read = pa.ipc.open_stream(ask(url, sql, default_format="ArrowStream").data).read_all()
    assert read.to_pydict() == {"k": [0, 1], "c": [4, 3]}


def test_what_cannot_be_joined_is_not():
    assert not any(can_join(fmt) for fmt in ("JSON", "Pretty", "Parquet", "Arrow", "XML", "Values"))
    assert can_join("CSVWithNames")


@pytest.mark.parametrize(
    ("fmt", "blocks", "whole"),
    [
        ("CSVWithNames", [b'"a\n""b"\n1\n', b'"a\n""b"\n2\n', b'\n3\n"a\n""b"\n'], b'"a\n""b"\n1\n2\n\n3\n'),
        ("TSVWithNames", [b'a"b\n1\n', b'a"b\n2\n'], b'a"b\n1\n2\n'),
        ("RowBinaryWithNames", [b"\x01\x01a1", b"\x01\x01a2"], b"\x01\x01a12"),
        ("RowBinaryWithNames", [b"\x01\x80\x01" + b"n" * 128 + b"1", b"\x01\x80\x01" + b"n" * 128 + b"2"], b"\x01\x80\x01" + b"n" * 128 + b"12"),
    ],
)  # fmt: skip
def test_heads(fmt, blocks, whole):
    assert b"".join(join(fmt, iter(blocks))) == whole
