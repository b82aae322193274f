"""Makes one document of an answer that the engine gives block by block, each block a document of its own."""

from __future__ import annotations

from collections.abc import Iterator

_PLAIN = frozenset({"native", "tabseparated", "tsv", "csv", "rowbinary", "jsoneachrow", "jsoncompacteachrow"})
_CONTINUATION = b"\xff\xff\xff\xff"
_ARROW_END = _CONTINUATION + bytes(4)


def can_join(fmt: str) -> bool:
    """Whether blocks of this format can be joined; others must be asked for whole."""
    return fmt.lower() in _PLAIN or fmt.lower() == "arrowstream"


def join(fmt: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of one document.

    Args:
        fmt: a format that `can_join`.
        blocks: documents of the same columns, at least one.
    """
    return _join_arrow(blocks) if fmt.lower() == "arrowstream" else blocks


def _join_arrow(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """One schema, all batches, one end; Arrow, "IPC streaming format": a message is a mark, a length, metadata, body."""
    for number, block in enumerate(blocks):
        end = len(block) - len(_ARROW_END) if block.endswith(_ARROW_END) else len(block)
        yield block[_after_schema(block) if number else 0 : end]
    yield _ARROW_END


def _after_schema(block: bytes) -> int:
    return 8 + int.from_bytes(block[4:8], "little")  # the schema's message has no body
