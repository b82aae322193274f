"""How an answer is packed on its way: as it is, by Content-Encoding, or in ClickHouse's own blocks."""

from __future__ import annotations

import zlib
from typing import Any, Protocol

import cramjam

from clickhouse.embedded.blocks import pack
from clickhouse.embedded.errors import Refused

# What ClickHouse takes first when a client accepts several. Source: src/IO/CompressionMethod.cpp
PREFERRED = ("zstd", "br", "lz4", "gzip", "deflate")
BROTLI_LEVEL, MOST_LEVEL = 4, 9

# LZ4 frame format: the magic number, then version 1 with independent blocks of up to 4 MiB, and the checksum of that.
_LZ4_BEGIN, _LZ4_END = bytes.fromhex("04224d18607073"), bytes(4)
_LZ4_BLOCK_BYTES, _LZ4_NOT_PACKED = 4 << 20, 1 << 31
_BAD_ARGUMENTS = 36


class Coder(Protocol):
    """Packs one answer.

    Attributes:
        name: for the Content-Encoding header; empty: none.
    """

    name: str

    def take(self, data: bytes) -> bytes:
        """The packed form of a piece, wholly: a client can read it before the next one comes."""

    def end(self) -> bytes:
        """What is to follow the last piece."""


def coder_of(accepted: str, level: str = "3", blocks: bool = False) -> Coder:
    """The coder of an answer.

    Args:
        accepted: the Accept-Encoding header.
        level: 1 fast to 9 small, of gzip, deflate and zstd.
        blocks: ClickHouse's own, within no other encoding.

    Raises:
        Refused: no such level.
    """
    if not (level.isdigit() and 1 <= int(level) <= MOST_LEVEL):
        raise Refused(
            _BAD_ARGUMENTS, f"http_zlib_compression_level must be 1 to {MOST_LEVEL}, not '{level}'. (BAD_ARGUMENTS)"
        )
    if blocks:
        return _Blocks()
    accepts = _accepted(accepted)
    name = next((name for name in PREFERRED if name in accepts), "")
    if name in {"gzip", "deflate"}:
        return _Zlib(name, int(level))
    if name == "lz4":
        return _Lz4()
    return _Cramjam(name, int(level)) if name else _Plain()


def _accepted(header: str) -> set[str]:
    """The encodings of the header but those of quality 0; `*` asks for none in particular."""
    found = set()
    for part in header.lower().split(","):
        name, _, quality = part.replace(" ", "").partition(";q=")
        if quality.strip("0.") or not quality:
            found.add(name)
    return found


class _Plain:
    name = ""

    def take(self, data: bytes) -> bytes:
        return data

    def end(self) -> bytes:
        return b""


class _Blocks(_Plain):
    def take(self, data: bytes) -> bytes:
        return pack(data)


class _Zlib:
    def __init__(self, name: str, level: int) -> None:
        self.name = name
        self._packer = zlib.compressobj(level, wbits=31 if name == "gzip" else 15)

    def take(self, data: bytes) -> bytes:
        return self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._packer.flush()


class _Lz4:
    """One block a piece: cramjam's own compressor of frames holds data back."""

    name = "lz4"

    def __init__(self) -> None:
        self._begin = _LZ4_BEGIN

    def take(self, data: bytes) -> bytes:
        found, self._begin = bytearray(self._begin), b""
        for at in range(0, len(data), _LZ4_BLOCK_BYTES):
            found += self._block(data[at : at + _LZ4_BLOCK_BYTES])
        return bytes(found)

    def end(self) -> bytes:
        return self._begin + _LZ4_END

    @staticmethod
    def _block(data: bytes) -> bytes:
        packed = bytes(cramjam.lz4.compress_block(data, store_size=False))
        if len(packed) < len(data):
            return len(packed).to_bytes(4, "little") + packed
        return (len(data) | _LZ4_NOT_PACKED).to_bytes(4, "little") + data


class _Cramjam:
    def __init__(self, name: str, level: int) -> None:
        self.name = name
        zstd = name == "zstd"
        self._packer: Any = cramjam.zstd.Compressor(level) if zstd else cramjam.brotli.Compressor(BROTLI_LEVEL)

    def take(self, data: bytes) -> bytes:
        self._packer.compress(data)
        return bytes(self._packer.flush())

    def end(self) -> bytes:
        return bytes(self._packer.finish())
