"""Numbers that name people (phones, citizen identity cards), masked in texts that machines or clerks wrote freely."""

from __future__ import annotations

import re

MASK = "***"

# A phone is 0 or +84 and 8 to 10 digits, perhaps in groups; an identity card has 12 digits that begin with 0.
_PATTERN = r"(?<![\w.+-])(?:(?:0|\+84[ .-]?)\d{2,3}[ .-]?\d{3}[ .-]?\d{3,4}|0\d{11})(?![\w-]|\.\d)"
_IN_TEXT = re.compile(_PATTERN, re.ASCII)
_IN_BYTES = re.compile(_PATTERN.encode())


def masked_numbers(text: str) -> str:
    """The text without phone and identity card numbers."""
    return _IN_TEXT.sub(MASK, text)


def masked_bytes(raw: bytes) -> bytes:
    """The same for bytes in whatever encoding extends ASCII."""
    return _IN_BYTES.sub(MASK.encode(), raw)
