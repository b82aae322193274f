"""Who may see what, once, as data: the roles, the kinds of records each reads, and how much it may ask at a time.

What a role reads of a kind holds for all that is made of it: its history, its sums, its latest states and its views.
`clickhouse.access` makes grants and row policies of this, for a server as SQL, for the embedded one as its configuration.
"""

from __future__ import annotations

from dataclasses import dataclass

from ioc.records import KINDS

DEPARTMENT = "department"  # the one role that is shown only the rows of its own agencies
_GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """How much a role may ask.

    Attributes:
        seconds: of one query.
        memory_bytes: of one query.
        result_rows: of one answer.
        at_once: queries of one user that run at the same time.
        queries_per_hour: of one user.
        rows_per_hour: that the queries of one user read.
        seconds_per_hour: that the queries of one user take.
    """

    seconds: int = 30
    memory_bytes: int = 2 * _GIB
    result_rows: int = 200_000
    at_once: int = 16
    queries_per_hour: int = 20_000  # a dashboard of 20 panels that renews itself every 5 s asks 14,400
    rows_per_hour: int = 200_000_000_000
    seconds_per_hour: int = 3600


@dataclass(frozen=True)
class Role:
    """A kind of people.

    Attributes:
        title: Vietnamese | English.
        reads: kinds of records.
        personal: those of them whose personal columns it reads, too.
        limits: how much it may ask.
        judges: whether its people may say which anomalies are true: of those that they are shown.
    """

    title: str
    reads: frozenset[str]
    personal: frozenset[str] = frozenset()
    limits: Limits = Limits()
    judges: bool = False


_ALL = frozenset(KINDS)
_OF_AGENCIES = frozenset(kind for kind, record in KINDS.items() if "agency" in record.__struct_fields__)
_PLANNED = frozenset({"indicator_values", "indicator_targets", "forecasts", "outlooks"})

ROLES: dict[str, Role] = {
    "leader": Role("Lãnh đạo | leaders", _ALL - {"dead_letters"}),
    "operator": Role("Trực điều hành | operators on duty", _ALL - {"dead_letters"}, judges=True),
    "press": Role("Báo chí | press office", frozenset({"posts", "stances", "incidents", "freshness"})),
    "security": Role(
        "An ninh mạng | cyber security team",
        frozenset({"cyber_events", "anomalies", "verdicts", "alerts", "incidents", "freshness", "dead_letters"}),
        personal=frozenset({"cyber_events"}),
        judges=True,
    ),
    "analyst": Role(
        "Phân tích dữ liệu | analysts",
        _ALL,
        limits=Limits(
            seconds=120, memory_bytes=4 * _GIB, result_rows=2_000_000, at_once=4,
            queries_per_hour=1000, rows_per_hour=50_000_000_000, seconds_per_hour=1800,
        ),
        judges=True,
    ),
    DEPARTMENT: Role(
        "Sở, ngành, địa phương: chỉ dữ liệu của mình | departments: their own rows",
        _OF_AGENCIES | _PLANNED | {"posts", "freshness"},
        judges=True,
    ),
    "citizen_desk": Role(
        "Bộ phận tiếp dân | citizens' desk",
        frozenset({"field_reports", "dossiers", "incidents", "freshness"}),
        personal=frozenset({"field_reports"}),
    ),
}  # fmt: skip


def agency_role(agency: str) -> str:
    """The role that, beside `DEPARTMENT`, says whose rows are shown."""
    return f"{DEPARTMENT}_{agency}"


def limits_of(roles: tuple[str, ...]) -> tuple[str, Limits]:
    """Of several roles, the one with the widest limits, and these."""
    widest = max(roles, key=lambda name: ROLES[name].limits.seconds)
    return widest, ROLES[widest].limits


def personal_columns(kind: str) -> tuple[str, ...]:
    """Columns about a person, or about a machine of one."""
    return KINDS[kind].personal


def roles_table() -> str:
    """Every role as a Markdown table, for docs/access.md."""
    rows = [
        "| role | who | reads | personal columns of | judges anomalies | seconds | rows of an answer | at once | queries, rows read, seconds an hour |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|---|")
    for name, role in ROLES.items():
        reads = "everything" if role.reads == _ALL else _listed(role.reads)
        if len(_ALL - role.reads) == 1:
            reads = f"everything but {_listed(_ALL - role.reads)}"
        some = role.limits
        hourly = f"{some.queries_per_hour:,}, {some.rows_per_hour:,}, {some.seconds_per_hour:,}"
        judges = "yes" if role.judges else "–"
        numbers = f"{judges} | {some.seconds} | {some.result_rows:,} | {some.at_once} | {hourly}"
        rows.append(
            f"| `{name}` | {role.title.replace('|', '/')} | {reads} | {_listed(role.personal) or '–'} | {numbers} |"
        )
    return "\n".join(rows) + "\n"


def _listed(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kinds))
