"""What text formats share: lines of plain or gzipped payloads within limits, decimal numbers, spellings compared."""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import lru_cache

from ioc.catalog.model import Source
from ioc.errors import BadInput
from streams.sources.base import Reject

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
GZIP_FACTOR = 20
_CHUNK = 1 << 20
_SHOWN = 80
_LONGEST_NAME = 200
_SAMPLE = 256
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_GROUPED_DOTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?|[+-]?\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_GROUPED_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:,\d{3}){2,}", re.ASCII)


def oversized(payload: bytes, source: Source, *, personal: bool = False) -> Reject | None:
    """The one reject of a payload beyond the source's limit; it keeps a sample of the bytes that name no people."""
    if len(payload) <= source.max_payload_mb << 20:
        return None
    reason = f"{len(payload) / 2**20:.1f} MB, this source may send {source.max_payload_mb} MB at once"
    return Reject("", reason, b"" if personal else payload[:_SAMPLE])


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


def lines(payload: bytes, source: Source) -> Iterator[tuple[int, bytes] | Reject]:
    """Position (from 1) and bytes of each line that is not blank, unpacked if gzipped, without its line ending.

    What cannot be unpacked, unpacks to more than `GZIP_FACTOR` times the source's limit or is longer than
    `LONGEST_LINE` is a reject; what came before stands.
    """
    position = 0
    for chunk in _unpacked(payload, source):
        if isinstance(chunk, Reject):
            yield Reject(chunk.field, chunk.reason, chunk.raw, position + 1)
            return
        for line in chunk:
            position += 1
            if len(line) > LONGEST_LINE:
                yield Reject("", f"a line of {len(line)} bytes is too long", line[:_SAMPLE], position)
            elif stripped := line.rstrip(b"\r\n\t "):
                yield position, (stripped.removeprefix(BOM) if position == 1 else stripped)


def _unpacked(payload: bytes, source: Source) -> Iterator[list[bytes] | Reject]:
    if not payload.startswith(GZIP_MAGIC):
        yield payload.split(b"\n")
        return
    carry, total, limit = b"", 0, (source.max_payload_mb << 20) * GZIP_FACTOR
    try:
        for chunk in _inflate(payload):
            total += len(chunk)
            if total > limit or len(carry) > LONGEST_LINE:
                yield Reject("", f"unpacks to more than {limit >> 20} MB or to endless lines", payload[:_SAMPLE])
                return
            *whole, carry = (carry + chunk).split(b"\n")
            yield whole
    except (zlib.error, EOFError) as error:
        yield Reject("", f"damaged gzip: {error}", carry[:LONGEST_LINE] or payload[:_SAMPLE])
        return
    yield [carry]


def _inflate(payload: bytes) -> Iterator[bytes]:
    rest = payload
    while rest.startswith(GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            chunk = member.decompress(rest, _CHUNK)
            rest = member.unconsumed_tail
            if chunk:
                yield chunk
            elif not member.eof and not rest:
                raise EOFError("the end is missing")
        rest = member.unused_data
