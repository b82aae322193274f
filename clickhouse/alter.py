"""Cuts an ALTER TABLE into its commands and says which of a cluster's two tables each concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from clickhouse.sql import Token

# What a command begins with. Distributed tables have columns and a comment; all else is of the table that holds rows.
_BOTH = {
    ("ADD", "COLUMN"), ("DROP", "COLUMN"), ("MODIFY", "COLUMN"), ("ALTER", "COLUMN"), ("RENAME", "COLUMN"),
    ("COMMENT", "COLUMN"), ("MODIFY", "COMMENT"),
}  # fmt: skip
_LOCAL = {
    ("ADD", "INDEX"), ("DROP", "INDEX"), ("MATERIALIZE", "INDEX"), ("ADD", "PROJECTION"), ("DROP", "PROJECTION"),
    ("MATERIALIZE", "PROJECTION"), ("ADD", "STATISTICS"), ("MODIFY", "STATISTICS"), ("DROP", "STATISTICS"),
    ("ADD", "CONSTRAINT"), ("DROP", "CONSTRAINT"), ("MODIFY", "TTL"), ("REMOVE", "TTL"), ("MATERIALIZE", "TTL"),
    ("MODIFY", "SETTING"), ("RESET", "SETTING"), ("MODIFY", "ORDER"), ("CLEAR", "COLUMN"), ("MATERIALIZE", "COLUMN"),
}  # fmt: skip
_LOCAL_ALONE = {"UPDATE", "DELETE"}
_VERBS = {verb for verb, _ in _BOTH | _LOCAL} | _LOCAL_ALONE | {
    "ATTACH", "DETACH", "FREEZE", "UNFREEZE", "MOVE", "FETCH", "REPLACE", "APPLY",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """One of the commands that commas part.

    Attributes:
        text: as written.
        of: whom it concerns: both tables, the local one, or nobody for whom we know a rule.
    """

    text: str
    of: Literal["both", "local", "nobody"]


def commands(text: str, found: Sequence[Token]) -> list[Command]:
    """The commands of an ALTER TABLE.

    Args:
        text: of the statement.
        found: its tokens behind the table's name.
    """
    starts = [
        at
        for at, token in enumerate(found)
        if at == 0 or (found[at - 1].is_mark(",") and token.depth == 0 and token.is_word(*_VERBS))
    ]
    pieces = [found[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return [_command(text, piece) for piece in pieces]


def _command(text: str, piece: Sequence[Token]) -> Command:
    last = piece[-2] if piece[-1].is_mark(",") else piece[-1]
    words = tuple(token.text.upper() for token in piece[:2])
    of: Literal["both", "local", "nobody"] = "nobody"
    if words in _LOCAL or words[0] in _LOCAL_ALONE or _expires(piece):
        of = "local"
    elif words in _BOTH:
        of = "both"
    return Command(text[piece[0].start : last.end], of)


def _expires(piece: Sequence[Token]) -> bool:
    """A column's time to live is nothing a Distributed table can have."""
    return len(piece) > 1 and piece[1].is_word("COLUMN") and any(t.depth == 0 and t.is_word("TTL") for t in piece)
