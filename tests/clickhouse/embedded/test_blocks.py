"""ClickHouse's own block compression, held against blocks that the engine itself wrote to its column files."""

from __future__ import annotations

import struct
import uuid
from pathlib import Path

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clickhouse.embedded.blocks import MOST_BYTES, Unpacker, pack
from clickhouse.embedded.cityhash import city_hash_128
from clickhouse.embedded.errors import Refused
from tests.clickhouse.embedded.asking import ask, code_of


@pytest.fixture(scope="module")
def url(clickhouse_server):
    ask(clickhouse_server.clickhouse, "CREATE DATABASE IF NOT EXISTS blocks")
    return clickhouse_server.clickhouse


def unpack(data, step=None, checked=True):
    unpacker = Unpacker(checked)
    step = step or max(len(data), 1)
    found = b"".join(b"".join(unpacker.take(data[at : at + step])) for at in range(0, len(data), step))
    unpacker.end()
    return found


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (b"EqO2w", 0xA860DC368778E5CC, 0x4FD9BA7DE405E7D2),
        (b"jq4yNr2sh", 0x2F6DC419DEAC4528, 0x2AC6994229CB757C),
    ],
)
def test_the_hash_of_short_texts(text, low, high):
    """Source: the test data of github.com/go-faster/city."""
    assert city_hash_128(text) == struct.pack("<QQ", low, high)


@pytest.mark.parametrize("codec", ["LZ4", "ZSTD", "NONE"])
@pytest.mark.parametrize("rows", [1, 2, 15, 40, 300_000])
def test_blocks_of_the_engines_own_files_are_read(url, codec, rows):
    name = f"t_{uuid.uuid4().hex[:12]}"
    ask(url, f"CREATE TABLE blocks.{name} (n UInt64 CODEC({codec})) ENGINE = MergeTree ORDER BY tuple()"
             " SETTINGS min_bytes_for_wide_part = 0")  # fmt: skip
    assert ask(url, f"INSERT INTO blocks.{name} SELECT sipHash64(number) FROM numbers({rows})").status == 200
    part = ask(url, f"SELECT path FROM system.parts WHERE table = '{name}'").data.decode().strip()
    found = struct.unpack(f"<{rows}Q", unpack((Path(part) / "n.bin").read_bytes()))
    asked = ask(url, f"SELECT n FROM blocks.{name} ORDER BY n FORMAT RowBinary").data
    assert struct.pack(f"<{rows}Q", *sorted(found)) == asked


@given(st.lists(st.tuples(st.binary(max_size=400), st.integers(1, 50))), st.integers(1, 5000))
def test_what_is_packed_is_unpacked_however_it_is_cut(parts, step):
    data = b"".join(part * times for part, times in parts)
    assert unpack(pack(data), step) == data


def test_long_data_is_several_blocks_and_nothing_is_none():
    data = bytes(range(256)) * (MOST_BYTES // 100)
    assert unpack(pack(data)) == data
    assert pack(b"") == b""


def test_damage_is_noticed():
    packed = bytearray(pack("trạm một ".encode() * 100))
    packed[40] ^= 1
    with pytest.raises(Refused) as damaged:
        unpack(bytes(packed))
    assert damaged.value.code == 40
    with pytest.raises(Refused) as cut:
        unpack(pack(b"x" * 1000)[:-1])
    assert cut.value.code == 271
    with pytest.raises(Refused) as foreign:
        unpack(b"INSERT INTO t FORMAT CSV\n1,2\n" * 3)
    assert foreign.value.code == 131


def block_of(method, contents, size):
    head = struct.pack("<BII", method, 9 + len(contents), size)
    return city_hash_128(head + contents) + head + contents


def test_a_block_may_not_hold_other_than_it_says():
    for block in (block_of(0x02, b"abc", 4), block_of(0x90, bytes(cramjam.zstd.compress(b"x" * 10_000)), 10)):
        with pytest.raises(Refused) as refused:
            unpack(block)
        assert refused.value.code == 271
    with pytest.raises(Refused) as unknown:
        unpack(block_of(0x91, b"abc", 3))
    assert unknown.value.code == 89


def test_answers_and_bodies_in_blocks(url):
    name = f"blocks.t_{uuid.uuid4().hex[:12]}"
    ask(url, f"CREATE TABLE {name} (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    rows = b"".join(b"%d,row %d\n" % (n, n) for n in range(200_000))
    reply = ask(url, pack(rows), query=f"INSERT INTO {name} FORMAT CSV", decompress=1, compress=1)
    assert (reply.status, reply.data) == (200, b"")
    answer = ask(url, f"SELECT n, concat('row ', toString(n)) FROM {name} ORDER BY n FORMAT TSV", compress=1)
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) < len(rows) / 2
    assert unpack(answer.data) == rows.replace(b",", b"\t")


def test_an_error_comes_in_blocks_too(url):
    reply = ask(url, "SELECT nonsense", compress=1)
    assert (reply.status, code_of(reply)) == (404, 47)
    assert unpack(reply.data).startswith(b"Code: 47. DB::Exception: ")


def test_damaged_bodies_store_nothing(url):
    name = f"blocks.t_{uuid.uuid4().hex[:12]}"
    ask(url, f"CREATE TABLE {name} (n UInt64) ENGINE = MergeTree ORDER BY n")
    good, bad = pack(b"1\n" * 100_000), bytearray(pack(b"2\n" * 1000))
    bad[0] ^= 1
    query = f"INSERT INTO {name} FORMAT TSV"
    assert code_of(ask(url, good + bytes(bad), query=query, decompress=1)) == 40
    assert code_of(ask(url, good[:-5], query=query, decompress=1)) == 271
    assert ask(url, f"SELECT count() FROM {name}").data == b"0\n"
    unchecked = {"http_native_compression_disable_checksumming_on_decompress": 1}
    assert ask(url, bytes(bad), query=query, decompress=1, **unchecked).status == 200
    assert ask(url, f"SELECT sum(n) FROM {name}").data == b"2000\n"
