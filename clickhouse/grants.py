"""What each role may read, and of which tables it may only read rows of its own agencies."""

from __future__ import annotations

from collections.abc import Sequence

from clickhouse.cluster import local
from clickhouse.declared import declared_tables, kind_of
from clickhouse.roles import DEPARTMENT, ROLES, Role, agency_role, personal_columns
from clickhouse.views import VIEWS
from ioc.records import KINDS

OWN_ROWS = f"has(enabledRoles(), concat('{agency_role('')}', agency))"


def grants(database: str, role: str, cluster: bool = False) -> list[str]:
    """What a role may read: ``SELECT ON ioc.readings``, ``SELECT(sensor, …) ON ioc.cyber_events``.

    Views run with the rights of who asks them, so all are granted: they show what their tables are granted for.

    Args:
        database: of the centre.
        role: one of `ROLES`.
        cluster: whether tables have a local part, which is granted as well.
    """
    found = [f"SELECT ON {database}.v_*", f"SELECT ON {database}.dim_*"]
    found += [f"SELECT ON {database}.{view.stem}_at" for view in sorted((VIEWS / "at").glob("*.sql"))]
    for table, columns in declared_tables().items():
        if not _reads(role, table, columns):
            continue
        kept = _granted_columns(ROLES[role], table, columns)
        named = "" if len(kept) == len(columns) else f"({', '.join(kept)})"
        found += [f"SELECT{named} ON {database}.{name}" for name in names_of(table, cluster)]
    return found


def guarded_tables() -> list[str]:
    """Tables whose rows belong to agencies: a department is shown its own."""
    return [table for table, columns in declared_tables().items() if "agency" in columns and kind_of(table)]


def quoted(name: str) -> str:
    """A name that may hold hyphens, as SQL; names are checked where they are made."""
    return f"`{name}`"


def _reads(role: str, table: str, columns: Sequence[str]) -> bool:
    kind = kind_of(table)
    if kind not in ROLES[role].reads:
        return False
    return role != DEPARTMENT or "agency" in columns or "agency" not in KINDS[kind].__struct_fields__


def _granted_columns(role: Role, table: str, columns: Sequence[str]) -> list[str]:
    kind = kind_of(table)
    kept_back = () if kind is None or kind in role.personal else personal_columns(kind)
    return [name for name in columns if name not in kept_back]


def names_of(table: str, cluster: bool) -> list[str]:
    """A table, and on a cluster the table that holds a server's part of it."""
    return list(dict.fromkeys((table, local(table)))) if cluster else [table]
