"""ClickHouse's own block compression, which clients ask for with compress=1 and decompress=1.

A block is: CityHash128 of what follows; then the method, the size of the block from the method on, the size of its
contents, each little-endian; then the compressed contents. Source: ClickHouse src/Compression/CompressedReadBufferBase.cpp.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import cramjam

from clickhouse.embedded.errors import Refused

MOST_BYTES = 1 << 20  # of contents in a block we write
MOST_BYTES_READ = 128 << 20  # of contents in a block we read, and of the block itself

_HEAD = struct.Struct("<BII")
_CHECKSUM_BYTES = 16
_PLAIN, _LZ4, _ZSTD = 0x02, 0x82, 0x90
_DAMAGED, _TOO_LARGE, _CHECKSUM, _UNKNOWN_METHOD = 271, 131, 40, 89


def pack(data: bytes) -> bytes:
    """The data as LZ4 blocks; nothing is no block."""
    found = bytearray()
    for at in range(0, len(data), MOST_BYTES):
        contents = data[at : at + MOST_BYTES]
        packed = bytes(cramjam.lz4.compress_block(contents, store_size=False))
        block = _HEAD.pack(_LZ4, _HEAD.size + len(packed), len(contents)) + packed
        found += _checksum(block) + block
    return bytes(found)


class Unpacker:
    """Takes pieces of a stream of blocks and gives what the blocks hold.

    Args:
        checked: whether checksums are compared.
    """

    def __init__(self, checked: bool = True) -> None:
        self._checked = checked
        self._held = bytearray()

    def take(self, piece: bytes) -> Iterator[bytes]:
        """The contents of the blocks that this piece completes.

        Raises:
            Refused: a block is damaged, too large, or of a method that no client uses.
        """
        self._held += piece
        while size := self._size_of_first():
            block = bytes(self._held[:size])
            del self._held[:size]
            yield _contents(block, self._checked)

    def end(self) -> None:
        """Say that no more pieces come.

        Raises:
            Refused: the last block is not whole.
        """
        if self._held:
            raise Refused(_DAMAGED, "Cannot decompress: the last block is cut off. (CANNOT_DECOMPRESS)")

    def _size_of_first(self) -> int:
        """Bytes of the first block if it is here wholly, else 0."""
        if len(self._held) < _CHECKSUM_BYTES + _HEAD.size:
            return 0
        _, size, contents = _HEAD.unpack_from(self._held, _CHECKSUM_BYTES)
        if not _HEAD.size <= size <= MOST_BYTES_READ or contents > MOST_BYTES_READ:
            raise Refused(
                _TOO_LARGE,
                f"Cannot decompress: a block of {size} bytes with {contents} in it; this is no ClickHouse block, or one"
                f" beyond {MOST_BYTES_READ} bytes. (TOO_LARGE_SIZE_COMPRESSED)",
            )
        whole = _CHECKSUM_BYTES + int(size)
        return whole if len(self._held) >= whole else 0


def _contents(block: bytes, checked: bool) -> bytes:
    told, block = block[:_CHECKSUM_BYTES], block[_CHECKSUM_BYTES:]
    if checked and _checksum(block) != told:
        raise Refused(_CHECKSUM, "Checksum doesn't match: corrupted data. (CHECKSUM_DOESNT_MATCH)")
    method, _, size = _HEAD.unpack_from(block)
    packed = block[_HEAD.size :]
    try:
        found = _unpacked(method, packed, size)
    except cramjam.DecompressionError as error:
        raise Refused(_DAMAGED, f"Cannot decompress: {error}. (CANNOT_DECOMPRESS)") from None
    if len(found) != size:
        raise Refused(_DAMAGED, f"Cannot decompress: {len(found)} bytes, not {size}. (CANNOT_DECOMPRESS)")
    return found


def _unpacked(method: int, packed: bytes, size: int) -> bytes:
    if method == _LZ4:
        return bytes(cramjam.lz4.decompress_block(packed, output_len=size)) if size else b""
    if method == _ZSTD:
        room = bytearray(size)  # of that size and no more, whatever the block would unpack to
        return bytes(room[: cramjam.zstd.decompress_into(packed, room)])
    if method == _PLAIN:
        return packed
    raise Refused(
        _UNKNOWN_METHOD,
        f"Unknown codec family code: {method}; blocks may be LZ4, ZSTD or plain. (UNKNOWN_COMPRESSION_METHOD)",
    )


def _checksum(block: bytes) -> bytes:
    from clickhouse.embedded.cityhash import city_hash_128  # compiled code: loaded by who needs it

    return city_hash_128(block)
