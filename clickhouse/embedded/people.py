"""What the engine must know of people: the roles of `clickhouse.roles` with grants, limits and row filters, as its XML.

The engine has one user, who holds every role. A request of a person goes on with that person's roles alone
(`clickhouse.embedded.narrowing`), and then the engine itself refuses columns, hides rows and holds to the limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from clickhouse.embedded.kill import MARK
from clickhouse.embedded.system import HIDDEN
from clickhouse.grants import OWN_ROWS, grants, guarded_tables, quoted
from clickhouse.roles import DEPARTMENT, ROLES, Limits, Role, agency_role

ADMIN = "admin"

_IS_ADMIN = f"has(enabledRoles(), '{ADMIN}')"
_ROWS = f"{_IS_ADMIN} OR NOT has(enabledRoles(), '{DEPARTMENT}') OR {OWN_ROWS}"


def role_names(agencies: Iterable[str]) -> list[str]:
    """Every role but the administrator's."""
    return [*ROLES, *map(agency_role, sorted(agencies))]


def roles_xml(database: str, agencies: Iterable[str], admin: Iterable[str]) -> str:
    """The roles and what they are granted.

    Args:
        database: of the centre.
        agencies: ids in the catalogue.
        admin: what the administrator is granted, as SQL.
    """
    granted = {name: [f"GRANT {g}" for g in grants(database, name)] for name in ROLES}
    granted |= {agency_role(agency): [] for agency in sorted(agencies)}
    return "".join(
        f"<{name}><grants>{_queries(queries)}</grants></{name}>"
        for name, queries in ({ADMIN: list(admin)} | granted).items()
    )


def held_xml(agencies: Iterable[str]) -> str:
    """What the engine's user is granted: every role, and nothing besides."""
    return _queries([f"GRANT {', '.join(map(quoted, [ADMIN, *role_names(agencies)]))}"])


def rows_xml(database: str) -> str:
    """Which rows are shown of agencies' tables, and of the engine's own."""
    own = "".join(_filter(table, _ROWS) for table in guarded_tables())
    hidden = "".join(_filter(table, _IS_ADMIN) for table in sorted(HIDDEN))
    return f"<database name={quoteattr(database)}>{own}</database><database name='system'>{hidden}</database>"


def profiles_xml(most_bytes: int) -> str:
    """A settings profile a role, with what nobody who holds it can go beyond.

    Args:
        most_bytes: of memory that a query may use on this machine.
    """
    return "".join(
        f"<{name}><constraints>{_bounds(role, most_bytes)}</constraints></{name}>" for name, role in ROLES.items()
    )


def limit_settings(limits: Limits, most_bytes: int) -> dict[str, int]:
    """The settings that limit a query."""
    return {
        "max_execution_time": limits.seconds,
        "max_memory_usage": min(limits.memory_bytes, most_bytes),
        "max_result_rows": limits.result_rows,
    }


def _bounds(role: Role, most_bytes: int) -> str:
    """At least 1, because 0 means without end; the mark by which a query is ended stays as it is."""
    bounds = "".join(
        f"<{setting}><min>1</min><max>{most}</max></{setting}>"
        for setting, most in limit_settings(role.limits, most_bytes).items()
    )
    return f"{bounds}<{MARK}><const/></{MARK}>"


def _queries(queries: Iterable[str]) -> str:
    return "".join(f"<query>{escape(query)}</query>" for query in queries)


def _filter(table: str, condition: str) -> str:
    return f"<table name={quoteattr(table)}><filter>{escape(condition)}</filter></table>"
