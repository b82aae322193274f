"""Answers packed by Content-Encoding: which one, and that every piece can be read when it comes."""

from __future__ import annotations

import gzip
import json
import zlib

import cramjam
import lz4.frame
import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st

from clickhouse.embedded.coding import PREFERRED, coder_of
from clickhouse.embedded.errors import Refused
from tests.clickhouse.embedded.asking import HTTP, ask, code_of

LONG = "SELECT number, toString(number) FROM numbers(600000)"


@pytest.fixture(scope="module")
def url(clickhouse_server):
    return clickhouse_server.clickhouse


def decoded(data, encoding):
    if encoding == "lz4":
        return lz4.frame.decompress(data)
    if encoding == "br":
        return bytes(cramjam.brotli.decompress(data))
    if encoding == "zstd":
        return bytes(cramjam.zstd.decompress(data))
    return gzip.decompress(data) if encoding == "gzip" else zlib.decompress(data)


@pytest.mark.parametrize("encoding", PREFERRED)
@given(st.lists(st.one_of(st.binary(min_size=1), st.integers(1, 5 << 20).map(bytes)), max_size=4))
@settings(max_examples=25, deadline=None)
def test_pieces_make_one_document(encoding, parts):
    coder = coder_of(encoding)
    packed = b"".join(coder.take(part) for part in parts) + coder.end()
    assert decoded(packed, encoding) == b"".join(parts)


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("", ""),
        ("identity", ""),
        ("*", ""),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("lz4,br,gzip", "br"),
        ("GZIP;q=0.5 , zstd;q=0", "gzip"),
        ("zstd;q=0.0, lz4; q=0.001", "lz4"),
        ("snappy, xz", ""),
        ("deflate", "deflate"),
    ],
)
def test_the_encoding_is_one_that_the_client_accepts(accepted, taken):
    assert coder_of(accepted).name == taken


@pytest.mark.parametrize("level", ["0", "10", "", "-1", "x"])
def test_levels_that_are_none(level):
    with pytest.raises(Refused) as refused:
        coder_of("gzip", level)
    assert refused.value.code == 36
    assert "http_zlib_compression_level" in str(refused.value)


def read_lz4(data):
    """This reader holds back until the end mark what it has read already."""
    reader = lz4.frame.LZ4FrameDecompressor()
    return reader.decompress(data) + reader.decompress(bytes(4))


@pytest.mark.parametrize(
    ("encoding", "read"),
    [
        ("gzip", lambda data: zlib.decompressobj(31).decompress(data)),
        ("deflate", lambda data: zlib.decompressobj().decompress(data)),
        ("lz4", read_lz4),
        ("zstd", lambda data: urllib3.response.ZstdDecoder().decompress(data)),
    ],
)
def test_a_piece_can_be_read_before_the_next_one(encoding, read):
    piece = "trạm một".encode() * 1000
    assert read(coder_of(encoding).take(piece)) == piece


@pytest.mark.parametrize("encoding", PREFERRED)
def test_short_and_long_answers(url, encoding):
    asked = {"headers": {"Accept-Encoding": encoding}}
    short = ask(url, "SELECT 'trạm' FORMAT JSONEachRow", **asked)
    assert short.headers["Content-Encoding"] == encoding
    assert json.loads(decoded(short.data, encoding)) == {"'trạm'": "trạm"}
    long = ask(url, LONG, **asked)
    plain = ask(url, LONG)
    assert long.headers["Content-Encoding"] == encoding
    assert "Content-Encoding" not in plain.headers
    assert len(long.data) < len(plain.data) * 0.7
    assert decoded(long.data, encoding) == plain.data


def test_a_client_can_forbid_it_and_set_its_level(url):
    asked = {"headers": {"Accept-Encoding": "gzip"}}
    assert "Content-Encoding" not in ask(url, "SELECT 1", enable_http_compression=0, **asked).headers
    fast = ask(url, LONG, http_zlib_compression_level=1, **asked)
    small = ask(url, LONG, http_zlib_compression_level=9, **asked)
    assert len(small.data) < len(fast.data)
    assert code_of(ask(url, "SELECT 1", http_zlib_compression_level=11, **asked)) == 36
    assert code_of(ask(url, "SELECT 1", enable_http_compression="yes", **asked)) == 36


def test_nothing_is_nothing(url):
    reply = ask(url, "SELECT 1 WHERE 0", headers={"Accept-Encoding": "gzip"})
    assert (reply.data, reply.headers["Content-Length"]) == (b"", "0")
    assert "Content-Encoding" not in reply.headers


def test_an_error_amid_a_packed_answer_breaks_it_off(url):
    sql = "SELECT number, throwIf(number = 2900000) FROM numbers(3000000)"
    reply = HTTP.request("POST", url, body=sql, headers={"Accept-Encoding": "gzip"}, preload_content=False)
    reader, received = zlib.decompressobj(31), b""
    try:
        for piece in reply.stream(1 << 16, decode_content=False):
            received = (received + reader.decompress(piece))[-1000:]
        pytest.fail("the answer looks complete")
    except urllib3.exceptions.HTTPError:
        assert b"Code: 395. DB::Exception" in received
    assert not reader.eof
