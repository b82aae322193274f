"""The first question of clickhouse-go, which it reads at a protocol revision that the engine's Native is not at.

Told revision 0, it reads everything that follows as what it is: Native as it is written to files.
"""

from __future__ import annotations

_QUESTION = "SELECT displayName(), version(), revision(), timezone()"
_COLUMNS = ("displayName()", "version()", "revision()", "timezone()")


def hello(sql: str, fmt: str, version: str) -> bytes:
    """The answer in Native at clickhouse-go's revision; empty if this is not its question.

    Args:
        sql: the statement.
        fmt: the format of the answer.
        version: the engine's.
    """
    if fmt != "Native" or " ".join(sql.split()).rstrip("; ") != _QUESTION:
        return b""
    values = (b"ioc-embedded", version.encode(), None, b"UTC")
    block = bytes([1, 0, 2]) + b"\xff\xff\xff\xff" + bytes([0])  # block info: not an overflow, bucket -1, end
    block += bytes([len(_COLUMNS), 1])
    for name, value in zip(_COLUMNS, values, strict=True):
        block += _text(name.encode()) + _text(b"UInt32" if value is None else b"String")
        block += bytes([0])  # no custom serialization
        block += bytes(4) if value is None else _text(value)
    return block


def _text(value: bytes) -> bytes:
    return bytes([len(value)]) + value  # shorter than 128: one byte of length
