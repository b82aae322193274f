"""Makes one document of an answer that the engine gives block by block, each block a document of its own."""

from __future__ import annotations

from collections.abc import Iterator

_CONTINUATION = b"\xff\xff\xff\xff"
_ARROW_END = _CONTINUATION + bytes(4)

# What each format repeats at the head of every block: a number of lines, or of lists in RowBinary.
_HEADS = {
    **dict.fromkeys(("native", "rowbinary", "tabseparated", "tsv", "csv", "jsoneachrow", "jsoncompacteachrow"), 0),
    **dict.fromkeys(("tabseparatedraw", "tsvraw", "raw", "jsonstringseachrow", "lineasstring", "tskv", "ndjson"), 0),
    **dict.fromkeys(("jsonlines", "jsoncompactstringseachrow"), 0),
    **dict.fromkeys(("rowbinarywithnames", "tabseparatedwithnames", "tsvwithnames", "csvwithnames"), 1),
    **dict.fromkeys(("jsoncompacteachrowwithnames", "jsoncompactstringseachrowwithnames"), 1),
    **dict.fromkeys(("rowbinarywithnamesandtypes", "tabseparatedwithnamesandtypes", "tsvwithnamesandtypes"), 2),
    **dict.fromkeys(("csvwithnamesandtypes", "jsoncompacteachrowwithnamesandtypes"), 2),
    "jsoncompactstringseachrowwithnamesandtypes": 2,
}


def can_join(fmt: str) -> bool:
    """Whether blocks of this format can be joined; others must be asked for whole."""
    return fmt.lower() in _HEADS or fmt.lower() == "arrowstream"


def join(fmt: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of one document.

    Args:
        fmt: a format that `can_join`.
        blocks: documents of the same columns, at least one.
    """
    name = fmt.lower()
    if name == "arrowstream":
        return _join_arrow(blocks)
    return _join_headed(blocks, name) if _HEADS[name] else blocks


def _join_headed(blocks: Iterator[bytes], fmt: str) -> Iterator[bytes]:
    """The head of the first block, and the rows of all.

    Every block of rows begins with the same head; a last one with totals ends with it.
    """
    head = b""
    for number, block in enumerate(blocks):
        if number == 0:
            head = block[: _head_bytes(block, fmt)]
            yield block
        elif block.startswith(head):
            yield block[len(head) :]
        else:
            yield block.removesuffix(head)


def _head_bytes(block: bytes, fmt: str) -> int:
    lines = _HEADS[fmt]
    return (
        _binary_head(block, lines) if fmt.startswith("rowbinary") else _text_head(block, lines, fmt.startswith("csv"))
    )


def _text_head(block: bytes, lines: int, csv: bool) -> int:
    """Bytes of the first lines; CSV leaves a line break within quotes as it is, the other formats escape it."""
    at = 0
    for _ in range(lines):
        end = block.find(b"\n", at)
        while csv and end >= 0 and block.count(b'"', at, end) % 2:
            end = block.find(b"\n", end + 1)
        at = end + 1 if end >= 0 else len(block)
    return at


def _binary_head(block: bytes, lists: int) -> int:
    """Bytes of RowBinary's number of columns and its lists of names and types."""
    columns, at = _varint(block, 0)
    for _ in range(lists * columns):
        size, at = _varint(block, at)
        at += size
    return at


def _varint(block: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (block[at] & 0x7F) << shift
        if block[at] < 0x80:
            return value, at + 1
        at, shift = at + 1, shift + 7


def _join_arrow(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """One schema, all batches, one end; Arrow, "IPC streaming format": a message is a mark, a length, metadata, body."""
    for number, block in enumerate(blocks):
        end = len(block) - len(_ARROW_END) if block.endswith(_ARROW_END) else len(block)
        yield block[_after_schema(block) if number else 0 : end]
    yield _ARROW_END


def _after_schema(block: bytes) -> int:
    return 8 + int.from_bytes(block[4:8], "little")  # the schema's message has no body
