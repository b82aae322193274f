"""What a client asks, read from the address, the headers and the form fields of its request."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from clickhouse.embedded.errors import Refused
from clickhouse.embedded.narrowing import check_settings
from clickhouse.embedded.users import ADMINISTRATOR, User

# Parameters of the HTTP interface itself; every other one is a setting or a query parameter.
_OWN = frozenset(
    [
        "query",
        "database",
        "default_format",
        "user",
        "password",
        "query_id",
        "session_id",
        "session_timeout",
        "session_check",
        "compress",
        "decompress",
        "quota_key",
        "role",
        "stacktrace",
        "buffer_size",
        "wait_end_of_query",
        "client_protocol_version",
    ]
)
# Settings about the connection: `delivery` reads those that change something here.
_OF_THE_CONNECTION = frozenset(
    [
        "enable_http_compression",
        "http_zlib_compression_level",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "cancel_http_readonly_queries_on_client_close",
        "http_wait_end_of_query",
        "http_response_buffer_size",
        "http_native_compression_disable_checksumming_on_decompress",
        "add_http_cors_header",
    ]
)
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_BAD_ARGUMENTS, _UNKNOWN_SETTING = 36, 115

SESSION_S, LONGEST_SESSION_S = 60.0, 3600.0


@dataclass(frozen=True)
class Question:
    """One request without its body.

    Attributes:
        query: the SQL in the address, possibly continued by the body.
        database: the current database of the request; empty: `default`, or the session's.
        default_format: of an answer whose SQL names no format.
        settings: by name; `readonly` is apart.
        params: values of ``{name:Type}``, escaped as ClickHouse's interface expects them.
        readonly: 0 all, 1 read, 2 read and change settings.
        query_id: the client's, or one that we make; returned to the client, and what KILL QUERY knows it by.
        session: name of the session to go on with, empty for none.
        session_s: seconds it is kept after this request.
        session_must_exist: whether the session must be there already.
        user: who asks.
    """

    query: str = ""
    database: str = ""
    default_format: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    readonly: int = 0
    query_id: str = ""
    session: str = ""
    session_s: float = SESSION_S
    session_must_exist: bool = False
    user: User = ADMINISTRATOR


def question_of(
    method: str, fields: Mapping[str, str], headers: Mapping[str, str], user: User = ADMINISTRATOR
) -> Question:
    """Read a request.

    Args:
        method: GET only reads, as in ClickHouse.
        fields: parameters of the address and form fields.
        headers: names in any case.
        user: who asks; persons only read, and keep no sessions: there is nothing that they could keep in one.

    Raises:
        Refused: a parameter is malformed, not this user's to set, or asks for what the embedded server lacks.
    """
    settings = {k: v for k, v in fields.items() if _is_setting(k)}
    readonly = _number(settings.pop("readonly", ""), "readonly")
    if not user.is_admin:
        check_settings(set(settings), user)
        readonly = readonly or 2
    return Question(
        query=fields.get("query", ""),
        database=fields.get("database") or headers.get("X-ClickHouse-Database", ""),
        default_format=fields.get("default_format") or headers.get("X-ClickHouse-Format", ""),
        settings=settings,
        params={k.removeprefix("param_"): v for k, v in fields.items() if k.startswith("param_")},
        readonly=readonly or (0 if method == "POST" else 2),
        query_id=fields.get("query_id") or str(uuid.uuid4()),
        session=fields.get("session_id", "") if user.is_admin else "",
        session_s=min(_number(fields.get("session_timeout", ""), "session_timeout") or SESSION_S, LONGEST_SESSION_S),
        session_must_exist=fields.get("session_check", "0") == "1",
        user=user,
    )


def _is_setting(name: str) -> bool:
    if name in _OWN or name in _OF_THE_CONNECTION or name.startswith("param_"):
        return False
    if not _NAME.match(name):
        raise Refused(_UNKNOWN_SETTING, f"Unknown setting '{name}'. (UNKNOWN_SETTING)")
    return True


def _number(text: str, name: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise Refused(_BAD_ARGUMENTS, f"{name} must be a number, not '{text}'. (BAD_ARGUMENTS)")
    return int(text or 0)


def check_origin(headers: Mapping[str, str], loopback: bool) -> None:
    """Keep web pages of others away from a server that trusts everyone on this machine.

    A page open in a browser here could otherwise send SQL to this port (cross-site request), or rename itself to
    this address (DNS rebinding). Clients that are no browsers send no Origin.

    Args:
        headers: of the request.
        loopback: whether we listen on this machine only.

    Raises:
        Refused: the request comes from a page of another site.
    """
    host = headers.get("Host", "")
    origin = headers.get("Origin", "").partition("://")[2]
    name = host.rpartition(":")[0] or host
    foreign_name = loopback and name not in {"127.0.0.1", "localhost", "[::1]", ""}
    if (headers.get("Origin") and origin != host) or foreign_name:
        raise Refused(497, "requests from web pages of other sites are refused. (ACCESS_DENIED)")
