"""What may be kept of rejected JSON: the members that the adapter reads, everything else masked, as it may name people."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import msgspec

from streams.sources._numbers import MASK

_NAME = re.compile(r"[a-z][a-z_]{1,39}")
_DEPTH = 4


def scrubbed_item(raw: bytes | msgspec.Raw, known: frozenset[str]) -> bytes:
    """A JSON object that still replays: known members with plain values stay, all other values are masked."""
    try:
        item = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return scrubbed_text(bytes(raw), known)
    return msgspec.json.encode(_scrubbed(item, known, _DEPTH) if isinstance(item, dict) else MASK)


def _scrubbed(item: dict[str, Any], known: frozenset[str], depth: int) -> dict[str, Any]:
    return {
        name if name in known or _NAME.fullmatch(name) else MASK: _kept(value, known, depth - 1)
        if name in known
        else MASK
        for name, value in item.items()
    }


def _kept(value: Any, known: frozenset[str], depth: int) -> Any:
    """A plain value or an object; of a list only objects, as nothing says what its values are."""
    if isinstance(value, dict) and depth:
        return _scrubbed(value, known, depth)
    if isinstance(value, list) and depth:
        return [_scrubbed(v, known, depth) if isinstance(v, dict) else MASK for v in value]
    return value if isinstance(value, str | int | float | None) else MASK


def scrubbed_text(payload: bytes, known: frozenset[str]) -> bytes:
    """What can be told of JSON that cannot be read: pairs of known members and plain values, in order."""
    return b"{" + b", ".join(found[0] for found in _pairs(known).finditer(payload)) + b" ***"


@cache
def _pairs(known: frozenset[str]) -> re.Pattern[bytes]:
    names = "|".join(sorted(known)).encode()
    return re.compile(rb'"(?:' + names + rb')"\s*:\s*(?:"[^"\\\x80-\xff]{0,200}"|-?\d{1,19}(?:\.\d+)?)')


def salvaged(payload: bytes) -> tuple[list[bytes], int]:
    """The items of a JSON array that can be told apart, and where in the payload the readable part ends.

    For arrays that are cut off or hold something unreadable; an item may still be invalid JSON in its details.
    """
    text = payload.decode("utf-8", "surrogateescape")
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
    items: list[bytes] = []
    at = text.find("[") + 1
    while True:
        start = _skipped(text, at)
        try:
            _, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return items, len(text[:start].encode("utf-8", "surrogateescape"))
        items.append(text[start:at].encode("utf-8", "surrogateescape"))


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at
