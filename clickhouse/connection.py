"""One client kept for long: made when first needed, and made again after ClickHouse was away."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from clickhouse_connect.driver.client import Client

from clickhouse.client import answering, connect
from clickhouse.queries import query
from ioc.errors import StoreUnavailable
from ioc.settings import Settings


class Connection:
    """Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._client: Client | None = None

    @contextmanager
    def answering(self) -> Iterator[Client]:
        """The client, for one use; its failures become the centre's.

        Raises:
            StoreUnavailable: not now; the next use connects again.
            QueryFailed: ClickHouse refuses what was asked.
        """
        client = self._connected()
        try:
            with answering(self._settings.clickhouse_url):
                yield client
        except StoreUnavailable:
            self._forget(client)
            raise

    def query(self, name: str, params: Mapping[str, Any] | None = None) -> pa.Table:
        """See `clickhouse.queries.query`."""
        with self.answering() as client:
            return query(client, name, params)

    def close(self) -> None:
        """Forget the client."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self) -> Client:
        with self._lock:
            if self._client is None:
                self._client = connect(self._settings)
            return self._client

    def _forget(self, client: Client) -> None:
        with self._lock:
            if self._client is client:
                self._client = None
