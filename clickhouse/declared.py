"""The tables and columns that the migrations make, read from their text, so that no server is needed to know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from clickhouse.ddl import Ddl, column_types, parsed
from clickhouse.sql import split_statements
from ioc.records import KINDS

MIGRATIONS = Path(__file__).parent / "migrations"

_DATABASE = "declared"
_NO_COLUMNS = {"INDEX", "PROJECTION", "CONSTRAINT"}


@cache
def declared_tables() -> Mapping[str, tuple[str, ...]]:
    """Every table that holds data, with its columns."""
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(MIGRATIONS.glob("*.sql")))
    return tables_of(split_statements(text.replace("{database}", _DATABASE)))


def tables_of(statements: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The tables that stand after these statements, about the database `declared`.

    Raises:
        MigrationError: a statement about another database.
    """
    tables: dict[str, tuple[str, ...]] = {}
    for statement in statements:
        ddl = parsed(statement, _DATABASE, "")
        if ddl.verb == "CREATE TABLE" and ddl.found[ddl.at].is_mark("("):
            tables[ddl.name] = tuple(name for name in column_types(ddl) if name.upper() not in _NO_COLUMNS)
        elif ddl.verb == "ALTER TABLE" and ddl.name in tables:
            tables[ddl.name] = _with_added(tables[ddl.name], ddl)
        elif ddl.verb == "DROP TABLE":
            tables.pop(ddl.name, None)
    return tables


def kind_of(table: str) -> str | None:
    """The kind of records that a table holds or is made of: readings, readings_hourly, readings_history."""
    kinds = [kind for kind in KINDS if table == kind or table.startswith(f"{kind}_")]
    return max(kinds, key=len, default=None)


def _with_added(columns: Sequence[str], ddl: Ddl) -> tuple[str, ...]:
    """The columns after an ALTER: what it adds, however much, stands at the end, at the front or behind another."""
    found = [token for token in ddl.found if not token.is_word("IF", "NOT", "EXISTS")]
    now, added = list(columns), ""
    for verb, before, token in zip(found, found[1:], found[2:], strict=False):
        if before.is_word("COLUMN"):
            added = token.text.strip("`") if verb.is_word("ADD") else ""
            now += [added] if added else []
        elif added and token.depth == 0 and token.is_word("FIRST"):
            now = [added, *now[:-1]]
        elif added and before.depth == 0 and before.is_word("AFTER"):
            now.insert(now.index(token.text.strip("`")) + 1, now.pop())
    return tuple(now)
