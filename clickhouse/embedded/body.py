"""The body of a request, in pieces of a megabyte, decompressed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator

import pyarrow as pa
from aiohttp import StreamReader

from clickhouse.embedded.errors import Refused

PIECE_BYTES = 1 << 20
MOST_BYTES = 1 << 30  # of one request, decompressed
SPOOL_BYTES = 8 << 20  # compressed bodies beyond this wait in a temporary file

_CODECS = {"gzip": "gzip", "x-gzip": "gzip", "lz4": "lz4", "zstd": "zstd", "br": "brotli"}
_BAD_DATA, _TOO_LARGE, _NOT_IMPLEMENTED = 354, 307, 48


async def pieces(content: StreamReader, encoding: str) -> AsyncIterator[bytes]:
    """The body as it was before Content-Encoding; no piece is empty.

    Args:
        content: of the request.
        encoding: gzip, lz4, zstd, br, or identity.

    Raises:
        Refused: another encoding, damaged data, or too much of it.
    """
    plain = encoding.strip().lower() in {"", "identity"}
    source = _read(content) if plain else _decoded(content, encoding.strip().lower())
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


async def _decoded(content: StreamReader, encoding: str) -> AsyncIterator[bytes]:
    if encoding not in _CODECS:
        known = ", ".join(sorted(set(_CODECS)))
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
        raise Refused(_BAD_DATA, f"The body is not {encoding}: {error}. (CANNOT_DECOMPRESS)") from None
