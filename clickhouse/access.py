"""Grants, row policies, limits and users of `clickhouse.roles` as SQL for a ClickHouse server.

Every statement may run again: what is there is replaced, and what a role is no more granted is taken from it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from clickhouse_connect.driver.client import Client

from clickhouse.client import answering, connect
from clickhouse.grants import OWN_ROWS, grants, guarded_tables, names_of, quoted
from clickhouse.roles import DEPARTMENT, ROLES, Role, agency_role
from ioc.errors import ConfigurationError, QueryFailed
from ioc.settings import Settings

# Users and the roles of each.
_USERS = "SELECT user_name, groupArray(granted_role_name) FROM system.role_grants WHERE user_name != '' GROUP BY user_name ORDER BY user_name"

_NO_STORAGE, _DENIED = 514, 497


def statements(database: str, agencies: Iterable[str], cluster: str = "") -> list[str]:
    """Everything that a server must be told, in order.

    Args:
        database: of the centre.
        agencies: ids in the catalogue; each gets a role that says whose rows are shown.
        cluster: name of the cluster, empty for one server.
    """
    on = f" ON CLUSTER {cluster}" if cluster else ""
    made = [f"CREATE ROLE IF NOT EXISTS {quoted(name)}{on}" for name in (*ROLES, *map(agency_role, sorted(agencies)))]
    tables = ", ".join(f"{database}.{name}" for table in guarded_tables() for name in names_of(table, bool(cluster)))
    for policy, condition, to in (("own", OWN_ROWS, DEPARTMENT), ("others", "1", f"ALL EXCEPT {DEPARTMENT}")):
        made.append(
            f"CREATE ROW POLICY OR REPLACE {database}_{policy}{on} ON {tables} FOR SELECT USING {condition} TO {to}"
        )
    for name, role in ROLES.items():
        made += _limits(f"{database}_{name}", name, role, on)
    for name in ROLES:  # last, when the rows are guarded and the limits stand
        made.append(f"GRANT{on} {', '.join(grants(database, name, bool(cluster)))} TO {name} WITH REPLACE OPTION")
    return made


def apply(settings: Settings, agencies: Iterable[str]) -> int:
    """Tell the server.

    Args:
        settings: where it is; the user there must be allowed to manage access.
        agencies: see `statements`.

    Returns:
        How many statements ran.

    Raises:
        ConfigurationError: it is the embedded one, which needs no telling, or our user may not.
        StoreUnavailable: ClickHouse does not answer.
    """
    made = statements(settings.database, agencies, settings.clickhouse_cluster)
    run(settings, made)
    return len(made)


def user_statements(
    name: str, password: str, roles: Sequence[str], agencies: Sequence[str], cluster: str = ""
) -> list[str]:
    """Make a user, or make one anew; the password leaves this machine only as a salted hash."""
    on = f" ON CLUSTER {cluster}" if cluster else ""
    salt = secrets.token_hex(16)
    digest = sha256((password + salt).encode()).hexdigest().upper()
    held = ", ".join(map(quoted, (*roles, *map(agency_role, agencies))))
    return [
        f"CREATE USER OR REPLACE {quoted(name)}{on} IDENTIFIED WITH sha256_hash BY '{digest}' SALT '{salt}' DEFAULT ROLE ALL",
        f"GRANT{on} {held} TO {quoted(name)}",
    ]


def users(settings: Settings) -> dict[str, tuple[list[str], list[str]]]:
    """The server's users who hold a role of ours: roles and agencies of each.

    Raises:
        ConfigurationError: see `apply`.
        StoreUnavailable: ClickHouse does not answer.
    """
    with _managing(settings) as client:
        return users_of(client.query(_USERS).result_rows)


def users_of(rows: Iterable[Sequence[Any]]) -> dict[str, tuple[list[str], list[str]]]:
    """See `users`.

    Args:
        rows: a name and a list of roles each.
    """
    found = {}
    for name, held in rows:
        roles = [role for role in ROLES if role in held]
        agencies = sorted(role.removeprefix(agency_role("")) for role in held if role.startswith(agency_role("")))
        if roles:
            found[name] = (roles, agencies)
    return found


def drop_user_statement(name: str, cluster: str = "") -> str:
    """Remove a user, who may be gone already."""
    return f"DROP USER IF EXISTS {quoted(name)}" + (f" ON CLUSTER {cluster}" if cluster else "")


def run(settings: Settings, made: Iterable[str]) -> None:
    """Run statements about access.

    Raises:
        ConfigurationError: see `apply`.
        StoreUnavailable: ClickHouse does not answer.
    """
    with _managing(settings) as client:
        for statement in made:
            client.command(statement)


@contextmanager
def _managing(settings: Settings) -> Iterator[Client]:
    client = connect(settings, database=False)
    try:
        with answering(client.uri):
            yield client
    except QueryFailed as error:
        if error.code not in {_NO_STORAGE, _DENIED}:
            raise
        raise ConfigurationError(
            f"ClickHouse at {settings.clickhouse_url} does not let {settings.clickhouse_user} manage users and roles; give"
            " it access_management=1 in the server's users configuration. The embedded ClickHouse enforces roles by"
            f" itself and keeps users in the data directory: leave IOC_CLICKHOUSE empty for it. ({error})"
        ) from error
    finally:
        client.close()


def _limits(name: str, to: str, role: Role, on: str) -> list[str]:
    limits = role.limits
    bounds = {
        "max_execution_time": limits.seconds,
        "max_memory_usage": limits.memory_bytes,
        "max_result_rows": limits.result_rows,
    }
    changeable = ", ".join(f"{setting} = {most} MIN 1 MAX {most}" for setting, most in bounds.items())
    return [
        f"CREATE SETTINGS PROFILE OR REPLACE {name}{on} SETTINGS {changeable},"
        f" max_concurrent_queries_for_user = {limits.at_once} CONST, readonly = 2 CONST TO {to}",
        f"CREATE QUOTA OR REPLACE {name}{on} KEYED BY user_name FOR INTERVAL 1 hour MAX queries ="
        f" {limits.queries_per_hour}, read_rows = {limits.rows_per_hour}, execution_time = {limits.seconds_per_hour} TO {to}",
    ]
