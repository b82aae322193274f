"""Keeps an answer back until it is whole, for clients that wait for its end."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator

from clickhouse.embedded.errors import Refused

MEMORY_BYTES = 8 << 20  # what is beyond waits in a temporary file
MOST_BYTES = 1 << 30
PIECE_BYTES = 1 << 20

_TOO_LONG = 396


def kept(pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
    """All pieces, none before the last is there.

    Raises:
        Refused: the answer is longer than a gigabyte.
    """
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as spool:
        for piece in pieces:
            spool.write(piece)
            if spool.tell() > MOST_BYTES:
                raise Refused(
                    _TOO_LONG,
                    f"An answer that is waited for (wait_end_of_query) is at most {MOST_BYTES} bytes; longer ones are"
                    " only streamed. (TOO_MANY_ROWS_OR_BYTES)",
                )
        spool.seek(0)
        while piece := spool.read(PIECE_BYTES):
            yield piece
