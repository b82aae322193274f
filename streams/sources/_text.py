"""What text formats share: lines of plain or gzipped payloads within limits, decimal numbers, spellings compared."""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO

from ioc.catalog.model import Source
from ioc.errors import BadInput
from streams.sources.base import Reject, size_fault

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
GZIP_FACTOR = 20  # logs that are stored line by line may unpack to so many times what may be sent plain
_RATIO = 100  # real logs pack to a tenth or a thirtieth, bombs to a thousandth …
_ANY_RATIO = 8 << 20  # … and below this size a bomb does no harm
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PIECE = 1 << 20
_LONGEST_NUMBER = 64
_SHOWN = 80
_LONGEST_NAME = 200
_SAMPLE = 256
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_GROUPED_DOTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?|[+-]?\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_GROUPED_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:,\d{3}){2,}", re.ASCII)


def oversized(payload: bytes, source: Source, *, personal: bool = False) -> Reject | None:
    """The one reject of a payload beyond the source's limit; it keeps a sample of the bytes that name no people."""
    if fault := size_fault(len(payload), source):
        return Reject("", fault, b"" if personal else payload[:_SAMPLE])
    return None


def shown(text: str) -> str:
    """A value as a reason quotes it: short, and always encodable."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def decoded(line: bytes, source: Source) -> str:
    """A line as text.

    Raises:
        BadInput: it is not UTF-8.
    """
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise BadInput(source.id, "", f"invalid UTF-8 at byte {error.start + 1}") from None


def fold(text: str) -> str:
    """Equal for spellings that differ in case, diacritics, composition and blanks: ``Nhiệt độ`` is ``nhietdo``."""
    return _folded(text[:_LONGEST_NAME])


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c) and not c.isspace() and c not in "_\ufeff")


def unit_key(text: str) -> str:
    """Equal for spellings of one unit: case, composition, superscripts and blanks do not count."""
    return _unit_key(text[:_LONGEST_NAME])


@lru_cache(maxsize=8192)
def _unit_key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def number(text: str) -> float:
    """A finite decimal number; a lone comma is a decimal comma, groups go where they can be nothing else.

    Raises:
        ValueError: saying why it is none.
    """
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("not a number")
    if not text.isascii():
        text = text.replace("\u00a0", "").replace("\u202f", "").replace("\u2212", "-")
    if "," in text or text.count(".") > 1:
        text = _without_groups(text.replace(" ", "").strip())
    try:
        value = float(text)
    except ValueError:
        raise ValueError("not a number") from None
    if "_" in text or not text.isascii():
        raise ValueError("not a number")
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    return value


def _without_groups(text: str) -> str:
    if _GROUPED_COMMAS.fullmatch(text):
        return text.replace(",", "")
    if _GROUPED_DOTS.fullmatch(text):
        text = text.replace(".", "")
    return text.replace(",", ".", 1)


def unambiguous(text: str) -> float:
    """Like `number`, but refuses ``45,500``, which is 45500 to some senders and 45.5 to others.

    Raises:
        ValueError: saying why.
    """
    if _AMBIGUOUS.fullmatch(text.strip()):
        raise ValueError("thousands or decimals? write it without a comma")
    return number(text)


def lines(payload: bytes, source: Source, factor: int = GZIP_FACTOR) -> Iterator[tuple[int, bytes] | Reject]:
    """Position (from 1) and bytes of each line that is not blank, without its line ending.

    Gzip is unpacked piece by piece, UTF-16 (Excel's "Unicode text") becomes UTF-8. What cannot be unpacked or unpacks
    to more than `factor` times the source's limit is a reject, what came before stands; a line longer than
    `LONGEST_LINE` is one too, and the next goes on.
    """
    position, carry, dropped = 0, b"", 0
    pieces = _pieces(payload, source.max_payload_mb * factor << 20)
    while True:
        try:
            piece = next(pieces, None)
        except _CannotUnpack as error:
            yield Reject("", str(error), carry, position + 1)  # what is packed may name people, so no sample of it
            return
        if piece and not carry and piece.isspace() and piece.endswith(b"\n"):
            position += piece.count(b"\n")
            continue
        *whole, carry = (carry + piece).split(b"\n") if piece is not None else (carry, b"")
        for line in whole:
            position += 1
            if dropped + len(line) > LONGEST_LINE:
                yield Reject("", f"a line of {dropped + len(line)} bytes is too long", line[:_SAMPLE], position)
            elif stripped := line.rstrip(b"\r\n\t "):
                yield position, (stripped.removeprefix(BOM) if position == 1 else stripped)
            dropped = 0
        if len(carry) > LONGEST_LINE:
            dropped, carry = dropped + len(carry) - _SAMPLE, carry[:_SAMPLE]
        if piece is None:
            return


class _CannotUnpack(Exception):
    """A gzip is damaged, cut or a bomb, or UTF-16 is none."""


def _pieces(payload: bytes, limit: int) -> Iterator[bytes]:
    """The payload, unpacked, in pieces of at most a megabyte."""
    if payload.startswith(GZIP_MAGIC):
        yield from _unpacked(payload, min(limit, max(_ANY_RATIO, _RATIO * len(payload))))
        return
    if payload.startswith(_UTF_16):
        try:
            payload = payload.decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise _CannotUnpack(f"invalid UTF-16 at byte {error.start + 1}") from None
    for start in range(0, len(payload), _PIECE):
        yield payload[start : start + _PIECE]


def _unpacked(payload: bytes, limit: int) -> Iterator[bytes]:
    total = 0
    with gzip.GzipFile(fileobj=BytesIO(payload)) as file:
        while True:
            try:
                piece = file.read1(_PIECE)
            except (zlib.error, EOFError, OSError) as error:
                raise _CannotUnpack(f"damaged gzip: {error}") from None
            total += len(piece)
            if total > limit:
                raise _CannotUnpack(f"unpacks to more than {limit >> 20} MB")
            if not piece:
                return
            yield piece
