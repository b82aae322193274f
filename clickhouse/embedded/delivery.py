"""How a client wants its answer sent: packed, held back, with progress; and how its own body is packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clickhouse.embedded.blocks import Unpacker
from clickhouse.embedded.coding import Coder, coder_of
from clickhouse.embedded.errors import Refused

HELD_BYTES = 1 << 20  # an answer up to this size is sent whole, with its length, and an error in it is still an error
MOST_HELD_BYTES = 64 << 20
PROGRESS_MS = 100

_BAD_ARGUMENTS = 36


@dataclass(frozen=True)
class Delivery:
    """The wishes of one request.

    Attributes:
        accepted: encodings that the answer may have, as the Accept-Encoding header says.
        level: of compression, 1 to 9.
        blocks: whether the answer is to be in ClickHouse's own blocks.
        body_blocks: whether the request's body is.
        checked: whether checksums of its blocks are compared.
        wait: send nothing before the whole answer is there.
        held_bytes: of an answer that is sent whole if it is no longer than that.
        progress_s: seconds between headers that tell progress; None: none are wanted.
    """

    accepted: str = ""
    level: str = "3"
    blocks: bool = False
    body_blocks: bool = False
    checked: bool = True
    wait: bool = False
    held_bytes: int = HELD_BYTES
    progress_s: float | None = None

    def coder(self) -> Coder:
        """A coder for this answer.

        Raises:
            Refused: the level is none.
        """
        return coder_of(self.accepted, self.level, self.blocks)

    def unpacker(self) -> Unpacker | None:
        """What reads the body's blocks; None: it has none."""
        return Unpacker(self.checked) if self.body_blocks else None


def delivery_of(fields: Mapping[str, str], headers: Mapping[str, str]) -> Delivery:
    """Read a request.

    Args:
        fields: parameters of the address and form fields.
        headers: names in any case.

    Raises:
        Refused: one of them is malformed.
    """
    packed = _flag(fields, "enable_http_compression", default="1")
    progress_ms = _number(fields, "http_headers_progress_interval_ms", PROGRESS_MS)
    held = max(_number(fields, name, 0) for name in ("buffer_size", "http_response_buffer_size"))
    return Delivery(
        accepted=headers.get("Accept-Encoding", "") if packed else "",
        level=fields.get("http_zlib_compression_level") or "3",
        blocks=_flag(fields, "compress"),
        body_blocks=_flag(fields, "decompress"),
        checked=not _flag(fields, "http_native_compression_disable_checksumming_on_decompress"),
        wait=_flag(fields, "wait_end_of_query") or _flag(fields, "http_wait_end_of_query"),
        held_bytes=min(max(held, HELD_BYTES), MOST_HELD_BYTES),
        progress_s=max(progress_ms, 1) / 1000 if _flag(fields, "send_progress_in_http_headers") else None,
    )


def _flag(fields: Mapping[str, str], name: str, default: str = "0") -> bool:
    text = (fields.get(name) or default).lower()
    if text not in {"0", "1", "true", "false"}:
        raise Refused(_BAD_ARGUMENTS, f"{name} must be 0 or 1, not '{text}'. (BAD_ARGUMENTS)")
    return text in {"1", "true"}


def _number(fields: Mapping[str, str], name: str, default: int) -> int:
    text = fields.get(name) or str(default)
    if not (text.isascii() and text.isdigit()):
        raise Refused(_BAD_ARGUMENTS, f"{name} must be a number, not '{text}'. (BAD_ARGUMENTS)")
    return int(text)
