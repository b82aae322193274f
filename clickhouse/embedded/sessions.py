"""Named sessions of the HTTP interface: a connection that several requests go on with, one after another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from clickhouse.embedded.engine import Connection
from clickhouse.embedded.errors import Refused
from clickhouse.embedded.request import Question

MOST = 500
_SESSION_NOT_FOUND, _SESSION_IS_LOCKED, _TOO_MANY = 372, 373, 202


@dataclass
class _Session:
    connection: Connection
    until: float
    busy: bool = True


class Sessions:
    """The connections of all requests: kept by name, or made for one request.

    Args:
        connect: makes a connection.
        clock: seconds, monotonic.
    """

    def __init__(self, connect: Callable[[], Connection], clock: Callable[[], float] = time.monotonic) -> None:
        self._connect, self._clock = connect, clock
        self._kept: dict[str, _Session] = {}
        self._lock = threading.Lock()

    @contextmanager
    def connection(self, question: Question) -> Iterator[Connection]:
        """The connection of a request.

        Raises:
            Refused: the session is in use, is not there, or there are too many.
        """
        if not question.session:
            connection = self._connect()
            try:
                yield connection
            finally:
                connection.close()
            return
        session = self._enter(question)
        try:
            yield session.connection
        finally:
            with self._lock:
                session.busy, session.until = False, self._clock() + question.session_s

    def _enter(self, question: Question) -> _Session:
        with self._lock:
            self._expire()
            session = self._kept.get(question.session)
            if session is None:
                if question.session_must_exist:
                    raise Refused(_SESSION_NOT_FOUND, f"Session {question.session} not found. (SESSION_NOT_FOUND)")
                if len(self._kept) >= MOST:
                    raise Refused(_TOO_MANY, "Too many sessions. (TOO_MANY_SIMULTANEOUS_QUERIES)")
                session = self._kept[question.session] = _Session(self._connect(), 0)
            elif session.busy:
                raise Refused(
                    _SESSION_IS_LOCKED,
                    f"Session {question.session} is locked by a concurrent client. (SESSION_IS_LOCKED)",
                )
            session.busy = True
            return session

    def _expire(self) -> None:
        now = self._clock()
        for name in [n for n, s in self._kept.items() if not s.busy and s.until <= now]:
            self._kept.pop(name).connection.close()

    def close(self) -> None:
        """Close every kept connection."""
        with self._lock:
            while self._kept:
                self._kept.popitem()[1].connection.close()
