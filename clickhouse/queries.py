"""Runs the named queries of ``clickhouse/queries/*.sql`` with typed parameters and answers in Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from clickhouse_connect.driver.client import Client

from clickhouse.client import answering
from ioc.errors import ConfigurationError

_ARROW = {"output_format_arrow_string_as_string": 1}
QUERIES = Path(__file__).parent / "queries"


def query(client: Client, name: str, params: Mapping[str, Any] | None = None) -> pa.Table:
    """The answer to one of our queries.

    Args:
        client: from `clickhouse.client.connect`.
        name: the file's name without ``.sql``.
        params: values for its ``{name:Type}`` parameters; times must be aware.

    Returns:
        A table with the query's columns; without rows it has them too.

    Raises:
        StoreUnavailable: ClickHouse does not answer now.
        QueryFailed: a parameter is missing or of another type.
    """
    bound = {key: bindable(value) for key, value in (params or {}).items()}
    with answering(client.uri):
        return arrow(client, text(name), bound)


def command(client: Client, name: str, params: Mapping[str, Any]) -> None:
    """Run one of our statements that answers nothing; parameters and errors as for `query`."""
    bound = {key: bindable(value) for key, value in params.items()}
    with answering(client.uri):
        client.command(text(name), parameters=bound)


def arrow(client: Client, sql: str, params: Mapping[str, Any]) -> pa.Table:
    """The answer to any query; as a stream of batches, which no server has to hold whole.

    Raises:
        clickhouse_connect's errors, to be met with `clickhouse.client.answering`.
    """
    answer = client.raw_query(sql, parameters=dict(params), settings=_ARROW, fmt="ArrowStream")
    with pa.ipc.open_stream(answer) as reader:
        return reader.read_all()


@cache
def text(name: str) -> str:
    """The SQL of a query.

    Raises:
        ConfigurationError: there is no such file.
    """
    try:
        return (QUERIES / f"{name}.sql").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ConfigurationError(f"no query {name!r} in {QUERIES}") from None


def bindable(value: Any) -> Any:
    """The driver drops the milliseconds of times, so they travel as text in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return value
