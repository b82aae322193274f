"""Counts what each person asks: so many queries at once, and so much in an hour, as ClickHouse's quotas do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from clickhouse.embedded.errors import Refused
from clickhouse.embedded.users import User

HOUR_S = 3600.0
_QUOTA_EXCEEDED, _TOO_MANY = 201, 202


@dataclass
class Spent:
    """Of one person in one hour."""

    since: float
    queries: int = 0
    rows: int = 0
    seconds: float = 0.0
    running: int = 0


class Quotas:
    """What has been spent, in memory: a restart of the server begins anew.

    Args:
        clock: seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[str, Spent] = {}
        self._lock = threading.Lock()

    @contextmanager
    def query(self, user: User, rows: Callable[[], int]) -> Iterator[None]:
        """Around one query of a person; the administrator's are not counted.

        Args:
            user: who asks.
            rows: tells at the end how many rows were read.

        Raises:
            Refused: too much was asked already.
        """
        if user.is_admin:
            yield
            return
        began = self._clock()
        spent = self._admit(user, began)
        try:
            yield
        finally:
            with self._lock:
                spent.running -= 1
                spent.rows += rows()
                spent.seconds += self._clock() - began

    def _admit(self, user: User, now: float) -> Spent:
        _, limits = user.limits
        with self._lock:
            spent = self._spent.setdefault(user.name, Spent(now))
            if now - spent.since >= HOUR_S:
                spent.since, spent.queries, spent.rows, spent.seconds = now, 0, 0, 0.0
            for what, have, most in (
                ("queries", spent.queries, limits.queries_per_hour),
                ("read_rows", spent.rows, limits.rows_per_hour),
                ("execution_time", spent.seconds, limits.seconds_per_hour),
            ):
                if have >= most:
                    left = int(HOUR_S - (now - spent.since)) // 60 + 1
                    raise Refused(
                        _QUOTA_EXCEEDED,
                        f"Quota for user `{user.name}` for 3600s has been exceeded: {what} = {have:.0f}/{most}; it"
                        f" begins anew in {left} min. (QUOTA_EXCEEDED)",
                    )
            if spent.running >= limits.at_once:
                raise Refused(
                    _TOO_MANY,
                    f"Too many simultaneous queries for user {user.name}: {limits.at_once}."
                    " (TOO_MANY_SIMULTANEOUS_QUERIES)",
                )
            spent.queries += 1
            spent.running += 1
            return spent
