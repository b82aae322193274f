"""Writes the data dictionary from what the database says of itself: tables, views, their columns and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clickhouse.client import answering, connect
from clickhouse.views import Views
from ioc.records import KINDS
from ioc.settings import Settings

# Tables that hold what each system of the plan brings, and what the centre makes of it.
SYSTEMS: Mapping[str, tuple[str, ...]] = {
    "2.1, 2.2 Chỉ tiêu kinh tế - xã hội, nhiệm vụ được giao · indicators and tasks": (
        *("indicator_values", "indicator_targets", "forecasts", "outlooks", "tasks"),
    ),
    "2.3 Hồ sơ một cửa · one-stop dossiers": ("dossiers",),
    "2.4, 2.14 Phản ánh hiện trường · reports from the field": ("field_reports",),
    "2.5 Camera giao thông · traffic cameras": ("camera_events",),
    "2.6 Y tế · health": ("health_cases",),
    "2.9 Báo chí, mạng xã hội · press and public posts": ("posts", "stances"),
    "2.10 An ninh mạng · cyber security": ("cyber_events",),
    "2.11, 2.12 Phương tiện, tàu cá · vehicles and vessels": ("positions",),
    "2.12 Điểm cháy rừng · forest fires": ("hotspots",),
    "2.13 Trạm quan trắc, và mọi bộ đếm khác · stations, and counters of every system": ("readings",),
    "Điều hành chung · what all systems share": (
        *("anomalies", "verdicts", "alerts", "incidents", "dead_letters", "freshness"),
    ),
}
GROUPS = {
    "Số tổng hợp · sums": r".*_(minutely|hourly|daily)",
    "Trạng thái mới nhất · latest states": r".*_current",
    "Lịch sử · every version that was known": r".*_history",
    "Danh mục · catalogue": r"dim_.*",
    "Của chính hệ thống · the centre's own notes": r".*",
}
_HEAD = """# Data dictionary

Written from the database by `python -m tests.clickhouse.test_dictionary`; a test keeps the two equal. The same comments stand in `system.tables` and `system.columns`, where DBeaver, Superset and others show them.
How tables are made: [schema.md](schema.md). Questions and their SQL: [cookbook.md](cookbook.md). Words: [glossary.md](glossary.md). Who may read what: [access.md](access.md).

**People ask the [views](#views)**; the tables below them are for the few questions that no view answers. All times are UTC; days, weeks and months of views are the province's (Asia/Ho_Chi_Minh).
A column marked **personal** is about a person or a person's machine: it is granted to few, and emptied after `IOC_KEEP_PERSONAL_DAYS`. Times to live are those of the default settings. An empty codec is the server's own, LZ4 by default.
"""


@dataclass(frozen=True)
class Table:
    """A table or view as the database describes it; `columns` are name, type, codec, comment."""

    name: str
    engine: str
    engine_full: str
    comment: str
    sorting_key: str
    partition_key: str
    columns: list[tuple[str, str, str, str]] = field(default_factory=list)


def dictionary(settings: Settings) -> str:
    """The page, in Markdown.

    Args:
        settings: a prepared database (`clickhouse.migrate.prepare`) on one server.

    Raises:
        StoreUnavailable: ClickHouse does not answer.
    """
    tables = _read(settings)
    return "\n".join([_HEAD, *_tables(tables), *_views(tables)])


def _read(settings: Settings) -> dict[str, Table]:
    client, database = connect(settings), {"db": settings.database}
    tables = (
        "SELECT name, engine, engine_full, comment, sorting_key, partition_key FROM system.tables"
        " WHERE database = {db:String} AND empty(parameterized_view_parameters) ORDER BY name"
    )
    columns = (
        "SELECT table, name, type, compression_codec, comment FROM system.columns"
        " WHERE database = {db:String} ORDER BY table, position"
    )
    with answering(client.uri):
        found = {row[0]: Table(*row) for row in client.query(tables, parameters=database).result_rows}
        for table, *column in client.query(columns, parameters=database).result_rows:
            if table in found:
                found[table].columns.append(tuple(column))
    return found


def _tables(tables: Mapping[str, Table]) -> Iterator[str]:
    yield "## Tables\n\nOne table a record. Where a row may come twice or be corrected, ask with `FINAL`, or ask the views.\n"
    for system, names in SYSTEMS.items():
        yield f"### {system}\n"
        for name in names:
            yield from _table(tables[name], tables)
    left = [t for t in tables.values() if not t.engine.endswith("View") and t.name not in KINDS]
    for title, pattern in GROUPS.items():
        yield f"### {title}\n"
        for table in [t for t in left if re.fullmatch(pattern, t.name)]:
            yield from _table(table, tables)
            left.remove(table)


def _table(table: Table, tables: Mapping[str, Table]) -> Iterator[str]:
    kind = _kind(table.name)
    personal = _personal(table.name)
    known = {name for name, *_ in tables[kind].columns} if kind in tables and kind != table.name else set()
    shared = [column for column in table.columns if column[0] in known]
    whole = known == {name for name, *_ in shared}  # then its own columns are enough
    yield f"#### `{table.name}`\n\n{_said(table.comment)}\n"
    yield _made(table)
    if whole and known:
        yield f"All columns of [`{kind}`](#{kind}), and:\n"
    own = [column for column in table.columns if not (whole and column in shared)]
    yield "| column | type | codec | meaning |\n|---|---|---|---|"
    for name, kind_of, codec, comment in own:
        shown = codec.removeprefix("CODEC(").removesuffix(")")
        yield f"| `{name}` | {kind_of} | {shown} | {_said(comment)}{_mark(name in personal)} |"
    yield ""


def _made(table: Table) -> str:
    engine = table.engine_full.split(" ORDER BY ")[0].split(" PARTITION BY ")[0]
    expires = re.search(r" TTL (.+?)(?: SETTINGS |$)", table.engine_full)
    parts = [f"`{engine}`", f"sorted by `{table.sorting_key}`"]
    parts += [f"a part a `{table.partition_key}`"] if table.partition_key else ["not partitioned"]
    parts += [f"kept until `{expires[1]}`" if expires else "kept for ever"]
    return "; ".join(parts) + ".\n"


def _views(tables: Mapping[str, Table]) -> Iterator[str]:
    views = Views()
    yield "## Views\n\n`v_x_at(as_of = '2026-11-24 03:00:00')` says what `v_x` said at that time (UTC); it has the same columns. See [schema.md](schema.md#as-it-was-known).\n"
    for table in [t for t in tables.values() if t.engine == "View"]:
        yield f"#### `{table.name}`\n\n{_said(table.comment)}\n"
        reads = ", ".join(f"`{name}`" for name in sorted(views[table.name].reads))
        then = f"as of a time: `{table.name}_at`" if views.timed(table.name) else "does not change with time"
        yield f"Reads {reads}; {then}.\n\n| column | type | meaning |\n|---|---|---|"
        personal = {column for read in views[table.name].reads for column in _personal(read)}
        for name, kind, _, comment in table.columns:
            yield f"| `{name}` | {kind} | {_said(comment)}{_mark(name in personal)} |"
        yield ""


def _said(comment: str) -> str:
    return " · ".join(part.strip() for part in comment.split("|"))


def _kind(table: str) -> str:
    """Whose records it holds, or their latest states or versions."""
    return re.sub(r"_(current|history)$", "", table)


def _personal(table: str) -> tuple[str, ...]:
    return KINDS[_kind(table)].personal if _kind(table) in KINDS else ()


def _mark(personal: bool) -> str:
    return " **personal**" if personal else ""
