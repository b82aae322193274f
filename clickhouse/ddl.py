"""Reads DDL as far as a cluster needs: what it does, to which table, and where its clauses are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from clickhouse.sql import Token, tokens
from ioc.errors import MigrationError

_HEAD = {"CREATE", "OR", "REPLACE", "MATERIALIZED", "DATABASE", "TABLE", "VIEW", "ALTER", "DROP", "TRUNCATE", "INSERT", "INTO"}  # fmt: skip
_OPTIONAL = {"OR", "REPLACE", "INTO", "IF", "NOT", "EXISTS"}
_AFTER_TYPE = ("DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL", "COMMENT", "CODEC", "TTL", "STATISTICS")
_CLAUSES = ("ENGINE", "PARTITION", "PRIMARY", "ORDER", "SAMPLE", "TTL", "SETTINGS", "COMMENT", "AS")


@dataclass(frozen=True)
class Ddl:
    """One statement about one object.

    Attributes:
        text: as written.
        found: its tokens.
        verb: CREATE TABLE, DROP VIEW …, without OR REPLACE and IF EXISTS.
        names: of the database, and of the table or view.
        at: index of the first token behind the name.
    """

    text: str
    found: Sequence[Token]
    verb: str
    names: tuple[str, ...]
    at: int
    database: str
    cluster: str

    @property
    def name(self) -> str:
        """Of the table or view."""
        return self.names[-1]

    @property
    def name_start(self) -> int:
        """Offset of the object's name, behind its database."""
        return self.found[self.at - 1].start

    @property
    def name_end(self) -> int:
        """Offset behind the object's name."""
        return self.found[self.at - 1].end

    @property
    def on_cluster(self) -> str:
        """What follows the name."""
        return f" ON CLUSTER {self.cluster}"

    def with_name(self, name: str, on_cluster: bool = True, rest: str | None = None) -> str:
        """The statement about another object."""
        tail = self.text[self.name_end :] if rest is None else rest
        return f"{self.text[: self.name_start]}{name}{self.on_cluster if on_cluster else ''}{tail}"

    def check(self) -> None:
        """See that it speaks of our database and leaves the cluster to us.

        Raises:
            MigrationError: it does not.
        """
        wanted = 1 if self.verb.endswith("DATABASE") else 2
        if self.names[:1] != (self.database,) or len(self.names) != wanted:
            raise self.refused(f"it must name {self.database}{'.table' if wanted == 2 else ''}")
        if any(a.is_word("ON") and b.is_word("CLUSTER") for a, b in pairwise(self.found)):
            raise self.refused("it names a cluster itself")

    def refused(self, reason: str) -> MigrationError:
        """Why it cannot be had on a cluster."""
        return MigrationError(f"not on a cluster: {' '.join(self.text.split())[:80]}…: {reason}")

    def clause(self, word: str) -> list[Token]:
        """The tokens of a clause behind its first word, outside of brackets."""
        found, inside = [], False
        for token in self.found[self.at :]:
            if token.depth == 0 and token.is_word(*_CLAUSES):
                inside = token.is_word(word)
            elif inside:
                found.append(token)
        return found


def parsed(text: str, database: str, cluster: str) -> Ddl:
    """Read one statement, of whatever kind."""
    found = list(tokens(text))
    at = 0
    while at < len(found) and (found[at].is_word(*_HEAD) or found[at].is_word(*_OPTIONAL)):
        at += 1
    verb = " ".join(token.text.upper() for token in found[:at] if not token.is_word(*_OPTIONAL))
    names, at = name_at(found, at)
    return Ddl(text, found, verb, tuple(names), at, database, cluster)


def name_at(found: Sequence[Token], at: int) -> tuple[list[str], int]:
    """A name with the database before it, and the index behind it."""
    names: list[str] = []
    while at < len(found) and found[at].kind in {"word", "name"}:
        names.append(found[at].text.strip('`"'))
        at += 1
        if at >= len(found) or not found[at].is_mark("."):
            break
        at += 1
    return names, at


def column_types(statement: Ddl) -> dict[str, str]:
    """The words of each column's type."""
    types: dict[str, str] = {}
    name, typed = "", False
    for before, token in pairwise(statement.found[statement.at :]):
        if token.depth == 0:
            break
        if token.depth == 1 and (before.is_mark("(") or before.is_mark(",")) and before.depth <= 1:
            name, typed = token.text.strip("`"), False
            types[name] = ""
        elif token.is_word(*_AFTER_TYPE):
            typed = True
        elif token.kind == "word" and not typed:
            types[name] += token.text
    return types
