"""Takes a connection down to what a person may do, before anything of theirs is looked at.

Roles, columns, rows and limits are then the engine's to enforce. What the engine would let them do about that, such as
SET ROLE, is refused here, by what its own parser says of the statement: one statement, that reads.
"""

from __future__ import annotations

from clickhouse.embedded.config import query_bytes
from clickhouse.embedded.engine import Connection
from clickhouse.embedded.errors import Refused
from clickhouse.embedded.kill import MARK
from clickhouse.embedded.people import limit_settings
from clickhouse.embedded.users import User
from clickhouse.grants import quoted

_READONLY, _BAD_ARGUMENTS = 164, 36


def check_reads(connection: Connection, sql: bytes, user: User) -> None:
    """Let a person's statement pass if it only reads.

    Args:
        connection: any; nothing runs.
        sql: exactly what the engine will be given.
        user: not the administrator.

    Raises:
        Refused: it does anything else, or is several statements, or none.
    """
    found = connection.classify_query(sql)
    if found["query_class"].name != "READ_ONLY" or found["statement_count"] != 1:
        raise Refused(
            _READONLY,
            f"{user.name}: Cannot execute query in readonly mode: users read, with one SELECT, SHOW, DESCRIBE, EXISTS or"
            " EXPLAIN a request. (READONLY)",
        )


def check_settings(names: set[str], user: User) -> None:
    """Settings that come beside the SQL must not be those that narrow.

    Raises:
        Refused: naming the setting.
    """
    if taken := sorted(names & {"profile", "readonly", MARK}):
        raise Refused(_BAD_ARGUMENTS, f"{user.name}: {taken[0]} is not yours to set. (BAD_ARGUMENTS)")


def narrowing(user: User, query_id: str) -> list[str]:
    """The statements that narrow a new connection, in order; only `readonly` is left, which ends all setting.

    Args:
        user: not the administrator.
        query_id: by which the query can be ended.
    """
    profile, limits = user.limits
    held = ", ".join(map(quoted, user.engine_roles))
    values = limit_settings(limits, query_bytes()) | {
        "use_query_condition_cache": 0,  # it would remember for one department what another was not shown
    }
    settings = ", ".join(f"{name} = {value}" for name, value in values.items())
    mark = query_id.replace("\\", "\\\\").replace("'", "\\'")
    return [f"SET ROLE {held}", f"SET {settings}, {MARK} = '{mark}'", f"SET profile = '{profile}'"]
