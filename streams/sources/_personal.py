"""What may be kept of a rejected dossier: the members we know, everything else masked."""

from __future__ import annotations

import re

import msgspec

from streams.sources._table import split

KNOWN = (
    "ma_ho_so",
    "ma_thu_tuc",
    "ten_thu_tuc",
    "linh_vuc",
    "co_quan",
    "kenh_nop",
    "muc_do",
    "ngay_tiep_nhan",
    "ngay_hen_tra",
    "ngay_tra",
    "trang_thai",
    "thoi_diem",
    "phi",
    "ma_xa",
)
MASK = "***"
_SCALARS = (str, int, float, bool, type(None))
_NAME = re.compile(r"[a-z][a-z_]{1,39}")
_PAIR = re.compile(rb'"(?:' + "|".join(KNOWN).encode() + rb')"\s*:\s*(?:"[^"\\\x80-\xff]{0,200}"|-?\d{1,19}(?:\.\d+)?)')


def scrubbed_item(raw: bytes | msgspec.Raw) -> bytes:
    """A JSON object that still replays: known members with plain values stay, all other values are masked."""
    try:
        item = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return scrubbed_text(bytes(raw))
    if not isinstance(item, dict):
        return msgspec.json.encode(MASK)
    kept = {}
    for name, value in item.items():
        shown_name = name if _NAME.fullmatch(name) else MASK
        kept[shown_name] = value if name in KNOWN and isinstance(value, _SCALARS) else MASK
    return msgspec.json.encode(kept)


def scrubbed_text(payload: bytes) -> bytes:
    """What can be told of JSON that cannot be read: pairs of known members and plain values, in order."""
    return b"{" + b", ".join(found[0] for found in _PAIR.finditer(payload)) + b" ***"


def scrubbed_row(raw: bytes, columns: list[str]) -> bytes:
    """Header and row of a CSV that still replay, cells of unknown columns masked; a row that does not fit wholly."""
    head, _, line = raw.rpartition(b"\n")
    if not columns:
        return b""
    try:
        text, names = line.decode(), head.decode()
        delimiter = max(";\t,", key=names.count)
        cells = split(text, delimiter)
    except ValueError:
        cells = []
    if len(cells) != len(columns):
        return (delimiter_of(head).join(c or MASK for c in columns) + "\n" + MASK).encode()
    kept = [cell if name else MASK for name, cell in zip(columns, cells, strict=True)]
    return "\n".join(_joined(part, delimiter) for part in ([c or MASK for c in columns], kept)).encode()


def delimiter_of(head: bytes) -> str:
    """The delimiter of a header's line."""
    return max(";\t,", key=head.decode("utf-8", "replace").count)


def _joined(cells: list[str], delimiter: str) -> str:
    return delimiter.join(f'"{c.replace(chr(34), chr(34) * 2)}"' if delimiter in c or '"' in c else c for c in cells)
