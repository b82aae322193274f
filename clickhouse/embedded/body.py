"""The body of a request, in pieces of a megabyte, decompressed."""

from __future__ import annotations

import asyncio
import tempfile
import zlib
from collections.abc import AsyncIterator

import pyarrow as pa
from aiohttp import StreamReader

from clickhouse.embedded.blocks import Unpacker
from clickhouse.embedded.errors import Refused

PIECE_BYTES = 1 << 20
MOST_BYTES = 1 << 30  # of one request, decompressed
SPOOL_BYTES = 8 << 20  # compressed bodies beyond this wait in a temporary file

_CODECS = {"gzip": "gzip", "x-gzip": "gzip", "lz4": "lz4", "zstd": "zstd", "br": "brotli"}
_BAD_DATA, _TOO_LARGE, _NOT_IMPLEMENTED = 354, 307, 48


async def pieces(content: StreamReader, encoding: str, unpacker: Unpacker | None = None) -> AsyncIterator[bytes]:
    """The body as it was before Content-Encoding; no piece is empty.

    Args:
        content: of the request.
        encoding: gzip, deflate, lz4, zstd, br, or identity.
        unpacker: of the blocks that the body consists of; None: it has none.

    Raises:
        Refused: another encoding, damaged data, or too much of it.
    """
    plain = encoding.strip().lower() in {"", "identity"}
    source = _read(content) if plain else _decoded(content, encoding.strip().lower())
    if unpacker is not None:
        source = _unpacked(source, unpacker)
    size = 0
    async for piece in source:
        size += len(piece)
        if size > MOST_BYTES:
            raise Refused(_TOO_LARGE, f"A request is at most {MOST_BYTES} bytes. (TOO_MANY_BYTES)")
        yield piece


async def _read(content: StreamReader) -> AsyncIterator[bytes]:
    held = bytearray()
    async for chunk in content.iter_any():
        held += chunk
        if len(held) >= PIECE_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


async def _unpacked(source: AsyncIterator[bytes], unpacker: Unpacker) -> AsyncIterator[bytes]:
    async for piece in source:
        found = unpacker.take(piece)
        while (contents := await asyncio.to_thread(next, found, None)) is not None:
            if contents:
                yield contents
    unpacker.end()


async def _inflated(content: StreamReader) -> AsyncIterator[bytes]:
    decoder = zlib.decompressobj()
    try:
        async for piece in _read(content):
            rest = piece
            while rest and not decoder.eof:
                if found := await asyncio.to_thread(decoder.decompress, rest, PIECE_BYTES):
                    yield found
                rest = decoder.unconsumed_tail
    except zlib.error as error:
        raise _damaged("deflate", error) from None
    if found := decoder.flush():
        yield found
    if not decoder.eof:
        raise _damaged("deflate", "it is cut off")


async def _decoded(content: StreamReader, encoding: str) -> AsyncIterator[bytes]:
    if encoding == "deflate":
        async for piece in _inflated(content):
            yield piece
        return
    if encoding not in _CODECS:
        known = ", ".join(sorted({*_CODECS, "deflate"}))
        raise Refused(_NOT_IMPLEMENTED, f"Content-Encoding {encoding} is not one of {known}. (NOT_IMPLEMENTED)")
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as spool:
        async for piece in _read(content):
            spool.write(piece)
        spool.seek(0)
        stream = pa.CompressedInputStream(pa.PythonFile(spool, mode="r"), _CODECS[encoding])
        while piece := await asyncio.to_thread(_next, stream, encoding):
            yield piece


def _next(stream: pa.CompressedInputStream, encoding: str) -> bytes:
    try:
        return bytes(stream.read(PIECE_BYTES))
    except (OSError, pa.ArrowException) as error:
        raise _damaged(encoding, error) from None


def _damaged(encoding: str, why: object) -> Refused:
    return Refused(_BAD_DATA, f"The body is not {encoding}: {why}. (CANNOT_DECOMPRESS)")
