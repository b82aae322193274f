"""Refuses what the engine would do with files, and with Python's variables, without asking its grants.

Our own tokens cannot decide that: the engine knows quotes and comments that they do not (‘…’, nested comments, //), in
which such words can be hidden. So a statement that has such a word anywhere is first written anew by the engine.
"""

from __future__ import annotations

from itertools import pairwise

from clickhouse.embedded.engine import Connection
from clickhouse.embedded.errors import Refused, refused
from clickhouse.sql import tokens

_WORDS = (b"outfile", b"infile", b"python")
_ACCESS_DENIED = 497


def check_files(connection: Connection, sql: bytes, takes_data: bool) -> None:
    """Let a statement pass that names no file.

    Args:
        connection: any; the statement does not run.
        sql: exactly what the engine will be given.
        takes_data: it is an INSERT whose data comes behind it.

    Raises:
        Refused: it names one, or cannot be read.
    """
    lower = sql.lower()
    if not any(word in lower for word in _WORDS):
        return
    text = sql + b" FORMAT Null" if takes_data else sql
    try:
        answer = connection.query(f"SELECT formatQuerySingleLine(unhex('{text.hex()}'))", "RawBLOB")
    except RuntimeError as error:
        raise refused(error) from None
    found = list(tokens(bytes(answer.bytes()).decode("latin-1")))
    for before, token in pairwise(found):
        if token.is_word("OUTFILE", "INFILE") and before.is_word("INTO", "FROM"):
            raise _not_offered(f"{before.text} {token.text}".upper())
        if before.text.strip('`"').lower() == "python" and token.is_mark("("):
            raise _not_offered("Python()")


def _not_offered(what: str) -> Refused:
    return Refused(_ACCESS_DENIED, f"{what} is not offered by the embedded server. (ACCESS_DENIED)")
